/** Processes that carry the mark of a launch, as a reaper has to find them, and what a test asks about them. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';

import { systemClock } from '../../../src/base/clock';
import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import { processesWithVariable, startTime } from '../../../src/transport/processTable';
import { delay, waitUntil } from '../../../src/transport/waitUntil';
import { evilServer } from './harness';

/** Only there the mark of a process can be read. */
export const onLinux = process.platform === 'linux';

/** How many processes carry the token (Linux). */
export async function carriers(token: string): Promise<number> {
  return (await processesWithVariable(LAUNCH_MARKER, token)).length;
}

/** True as soon as the condition holds, false when it does not within 5 s. */
export function eventually(condition: () => Promise<boolean>): Promise<boolean> {
  return waitUntil(condition, 5_000, systemClock);
}

/** What a promise comes to, which must not take longer than 10 s. */
export async function soon<T>(promise: Promise<T>): Promise<T> {
  const late = delay(10_000, systemClock).then(() => assert.fail('nothing comes of it in 10 s'));
  return await Promise.race([promise, late]);
}

export async function isGone(pid: number): Promise<boolean> {
  return (await startTime(pid)) === undefined;
}

/** A process that leads a group and carries a token, a stubborn one unless `args` says otherwise; it has said something by then. */
export async function startMarked(
  token: string = randomUUID(),
  args: readonly string[] = [evilServer, 'stubborn'],
): Promise<{ child: ChildProcess & { stdout: Readable }; token: string; pid: number }> {
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { [LAUNCH_MARKER]: token },
  });
  abandonable(child);
  assert.ok(child.pid && child.stdout);
  await once(child.stdout, 'data');
  return { child, token, pid: child.pid };
}

/** A group whose leader exited and left a stubborn process. */
export async function leaderlessGroup(token: string, onPid?: (pid: number) => void): Promise<number> {
  const command = `${JSON.stringify(process.execPath)} ${JSON.stringify(evilServer)} stubborn & exit 0`;
  const env = { [LAUNCH_MARKER]: token };
  const leader = spawn('/bin/sh', ['-c', command], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env,
  });
  abandonable(leader);
  assert.ok(leader.pid && leader.stdout);
  onPid?.(leader.pid);
  await Promise.all([exitOf(leader), once(leader.stdout, 'data')]);
  return leader.pid;
}

const started: ChildProcess[] = [];
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** A test that fails before it ends the process neither waits for it nor leaves it behind. */
export function abandonable(child: ChildProcess): void {
  child.unref();
  if (child.stdout instanceof Socket) child.stdout.unref();
  started.push(child);
}

/** How a process ended; resolves when it has. */
export function exitOf(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve([child.exitCode, child.signalCode]);
  return once(child, 'exit');
}
