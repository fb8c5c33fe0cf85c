/**
 * Reads the system's table of processes: who leads, who belongs to a group, who carries a mark, and when it started. It ends
 * nothing. A pid alone names no process, since pids are reused; a pid with its start time does.
 */

import { execFile } from 'node:child_process';

import { readdir, readFile } from './files';

/** One process. Two with equal `pid` and `started` are the same process. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque token of the system for the time it started. */
  readonly started: string;
}

interface StatLine {
  readonly group: number;
  readonly zombie: boolean;
  readonly started: string;
}

const QUERY_MS = 5_000;

/** When the process `pid` started; undefined when there is none (a zombie is none). */
export async function startTime(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const stat = await readStat(pid);
    return stat === undefined || stat.zombie ? undefined : stat.started;
  }
  if (process.platform === 'win32') {
    const script = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
    return query(windowsProgram('WindowsPowerShell\\v1.0\\powershell.exe'), [
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      script,
    ]);
  }
  return query('/bin/ps', ['-o', 'lstart=', '-p', String(pid)]);
}

/** The living members of a process group (Linux; elsewhere undefined: the system offers no cheap way to know). */
export async function groupMembers(group: number): Promise<readonly ProcessIdentity[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const members: ProcessIdentity[] = [];
  await eachProcess(async (pid) => {
    const stat = await readStat(pid);
    if (stat?.group === group && !stat.zombie) members.push({ pid, started: stat.started });
  });
  return members;
}

/**
 * Living processes of this user that were started with the variable `name` set to exactly `value` (Linux; elsewhere none,
 * since other systems do not show the environment of a process without elevated rights or a parser of `ps` output).
 */
export async function processesWithVariable(
  name: string,
  value: string,
): Promise<readonly ProcessIdentity[]> {
  if (process.platform !== 'linux') return [];
  const found: ProcessIdentity[] = [];
  await eachProcess(async (pid) => {
    // The start time is read first: if the pid changes hands in between, it no longer matches when it is used.
    const stat = await readStat(pid);
    if (stat === undefined || stat.zombie || pid === process.pid) return;
    if (await hasVariable(pid, name, value)) found.push({ pid, started: stat.started });
  });
  return found;
}

/** True when the environment `pid` was started with has `name=value`; false when it cannot be read (other user, gone). */
export async function hasVariable(pid: number, name: string, value: string): Promise<boolean> {
  const environment = await read(`/proc/${pid}/environ`);
  if (environment === undefined) return false;
  const entry = `${name}=${value}\0`;
  return environment.startsWith(entry) || environment.includes(`\0${entry}`);
}

/** The absolute path of a program that comes with Windows. */
export function windowsProgram(name: string): string {
  return `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\${name}`;
}

async function eachProcess(visit: (pid: number) => Promise<void>): Promise<void> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^[0-9]+$/.test(name)).map(Number);
  // A few at a time: thousands of open files at once would fail.
  for (let at = 0; at < pids.length; at += 32) await Promise.all(pids.slice(at, at + 32).map(visit));
}

/** Fields of `/proc/<pid>/stat` (proc(5)); the command, which may hold anything, ends at the last parenthesis. */
async function readStat(pid: number): Promise<StatLine | undefined> {
  const text = await read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , group] = fields;
  const started = fields[19];
  if (state === undefined || group === undefined || started === undefined) return undefined;
  return { group: Number(group), zombie: state === 'Z' || state === 'X', started };
}

async function read(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    // The process is gone or belongs to another user.
    return undefined;
  }
}

function query(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: QUERY_MS, windowsHide: true, env: {} }, (error, stdout) => {
      const answer = stdout.trim();
      resolve(error || answer === '' ? undefined : answer);
    });
  });
}
