/**
 * Entry of the reaper, a small process beside the host. It does nothing until the host's pipe ends, however that comes about;
 * then it ends every server process that the host left behind, and itself.
 */

import type { Clock } from '../base/clock';
import { toDisposable } from '../base/disposable';
import { endOwnProcess } from '../base/endOwnProcess';
import {
  ProtocolLines,
  readReaperCommand,
  type GroupLeader,
  type ReaperCommand,
  type ReaperReport,
} from './reaperProtocol';
import { WatchedLaunch } from './watchedLaunch';

/** The work must be over by then; what cannot be ended is left. */
const LAST_MOMENT_MS = 4_000;

/** Unlike the common clock, this one keeps the process alive: its work must be finished. */
const clock: Clock = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
  schedule: (ms, task) => {
    const timer = setTimeout(task, ms);
    return toDisposable(() => clearTimeout(timer));
  },
};

class Reaper {
  private readonly watched = new Map<string, WatchedLaunch>();
  /** Launches that are being ended: the host's death meanwhile must not cut that short. */
  private readonly ending = new Set<Promise<void>>();
  private readonly lines = new ProtocolLines();

  constructor(private readonly report: (report: ReaperReport) => void) {}

  read(text: string): void {
    for (const line of this.lines.push(text)) {
      const command = readReaperCommand(line);
      if (command) this.obey(command);
    }
  }

  async endAll(): Promise<void> {
    await Promise.all([...[...this.watched.values()].map((launch) => launch.end()), ...this.ending]);
  }

  private obey(command: ReaperCommand): void {
    const { token } = command;
    const launch = this.watched.get(token) ?? new WatchedLaunch(token, clock);
    if (command.op === 'unwatch') {
      this.watched.delete(token);
      return this.end(launch, token);
    }
    this.watched.set(token, launch);
    if (command.leader) void this.add(launch, token, command.leader);
  }

  private async add(launch: WatchedLaunch, token: string, leader: GroupLeader): Promise<void> {
    const started = await launch.add(leader);
    if (started !== undefined) this.report({ op: 'started', token, leader: { pid: leader.pid, started } });
  }

  private end(launch: WatchedLaunch, token: string): void {
    const ending = launch.end().finally(() => {
      this.ending.delete(ending);
      this.report({ op: 'over', token });
    });
    this.ending.add(ending);
  }
}

function main(): void {
  const reaper = new Reaper((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
  // A host that is gone reads nothing any more.
  process.stdout.on('error', () => undefined);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(endOwnProcess, LAST_MOMENT_MS);
    void reaper.endAll().finally(endOwnProcess);
  };
  // Only the end of the pipe ends it: signals meant for the host's terminal or group reach it too when they are sent by name.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text: string) => reaper.read(text));
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}

main();
