/**
 * Entry of the reaper, a small process beside the host. It does nothing until the host's pipe ends, however that comes about;
 * then it ends every server process that the host left behind, and exits.
 */

import type { Clock } from '../base/clock';
import { toDisposable } from '../base/disposable';
import { readReaperCommand, type ReaperCommand } from './reaperProtocol';
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
  private rest = '';

  read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const command = readReaperCommand(line);
      if (command) this.obey(command);
    }
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.watched.values()].map((launch) => launch.end()));
  }

  private obey({ op, pid, token }: ReaperCommand): void {
    const key = `${pid} ${token}`;
    if (op === 'watch') {
      if (!this.watched.has(key)) this.watched.set(key, new WatchedLaunch(pid, token, clock));
      return;
    }
    const launch = this.watched.get(key) ?? new WatchedLaunch(pid, token, clock);
    // It stays listed until it is over, so that the host's death meanwhile does not cut it short.
    this.watched.set(key, launch);
    void launch.end().finally(() => this.watched.delete(key));
  }
}

function main(): void {
  const reaper = new Reaper();
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), LAST_MOMENT_MS);
    void reaper.endAll().finally(() => process.exit(0));
  };
  // Only the end of the pipe ends it: signals meant for the host's terminal or group reach it too when they are sent by name.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.stdin.setEncoding('utf8');
  process.stdin.on('data', (text: string) => reaper.read(text));
  process.stdin.on('end', end);
  process.stdin.on('error', end);
}

main();
