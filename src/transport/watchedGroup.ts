/** One process group of a server as the reaper sees it: recognised again by the start time of its leader, and ended gently, then not. */

import type { Clock } from '../base/clock';
import { LAUNCH_MARKER } from './launchMarker';
import { endTree } from './processGroup';
import { groupMembers, hasVariable, startTime } from './processTable';
import { waitUntil } from './waitUntil';

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 700;

/** A process group that must not outlive its host. On Windows, which has no groups: a process with its descendants. */
export class WatchedGroup {
  /** @param started when the leader started: what makes it this process and not a later one of the same pid. */
  constructor(
    private readonly pid: number,
    private readonly token: string,
    private readonly clock: Clock,
    private readonly started: Promise<string | undefined> = startTime(pid),
  ) {}

  /** Ends the group; resolves when the last signal that it takes was sent, or cannot be. */
  async end(): Promise<void> {
    if (process.platform === 'win32') {
      if (await this.leaderLives()) await endTree(this.pid);
      return;
    }
    if (!(await this.isOurs())) return;
    this.signal('SIGTERM');
    await waitUntil(async () => !(await this.isOurs()), GRACE_MS, this.clock);
    if (await this.isOurs()) this.signal('SIGKILL');
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
