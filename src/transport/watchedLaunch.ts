/** One server process as the reaper sees it: recognised again by its start time, and ended with everything that descends from it. */

import type { Clock } from '../base/clock';
import { hasVariable, groupMembers, startTime } from './processTable';
import { endTree } from './processGroup';
import { LAUNCH_MARKER, sweepMarked } from './launchMarker';
import { waitUntil } from './waitUntil';

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 700;

/** A process group that must not outlive its host. */
export class WatchedLaunch {
  /** @param started when the leader started: what makes it this process and not a later one of the same pid. */
  constructor(
    private readonly pid: number,
    private readonly token: string,
    private readonly clock: Clock,
    private readonly started: Promise<string | undefined> = startTime(pid),
  ) {}

  /** Ends the group and all that carries its token; resolves when that was done or cannot be done. */
  async end(): Promise<void> {
    if (process.platform === 'win32') {
      if (await this.leaderLives()) await endTree(this.pid);
      return;
    }
    if (await this.isOurs()) {
      this.signal('SIGTERM');
      await waitUntil(async () => !(await this.isOurs()), GRACE_MS, this.clock);
      if (await this.isOurs()) this.signal('SIGKILL');
    }
    await sweepMarked(this.token, { clock: this.clock });
  }

  private async leaderLives(): Promise<boolean> {
    const started = await this.started;
    return started !== undefined && (await startTime(this.pid)) === started;
  }

  /** True while the group with this id is the one that was watched. */
  private async isOurs(): Promise<boolean> {
    const current = await startTime(this.pid);
    // A leader keeps its pid from being reused; another start time means that all of the group had gone before.
    if (current !== undefined) return current === (await this.started);
    const members = await groupMembers(this.pid);
    // Without a table of members: the leader died with its host, moments ago.
    if (members === undefined) return this.signal(0);
    for (const { pid } of members) if (await hasVariable(pid, LAUNCH_MARKER, this.token)) return true;
    return false;
  }

  private signal(signal: NodeJS.Signals | 0): boolean {
    try {
      process.kill(-this.pid, signal);
      return true;
    } catch {
      // Gone, or no longer ours to end.
      return false;
    }
  }
}
