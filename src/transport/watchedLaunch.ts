/** Everything of one launch as the reaper sees it: the process groups it was told of, and whatever else carries the launch's token. */

import type { Clock } from '../base/clock';
import { sweepMarked } from './launchMarker';
import { startTime } from './processTable';
import type { GroupLeader } from './reaperProtocol';
import { delay } from './waitUntil';
import { WatchedGroup } from './watchedGroup';

/**
 * Milliseconds before the last look. A process that was being started when its client was ended carries no token yet: for a moment
 * it still has the environment of the client.
 */
const LAST_LOOK_MS = 300;

/** A launch of which nothing must outlive its host. */
export class WatchedLaunch {
  private readonly groups = new Map<number, WatchedGroup>();

  constructor(
    private readonly token: string,
    private readonly clock: Clock,
  ) {}

  /**
   * Adds the process group of a leader; one that is known already stays what it is.
   * @returns when the leader started; undefined when it is gone or known.
   */
  async add({ pid, started }: GroupLeader): Promise<string | undefined> {
    if (this.groups.has(pid)) return undefined;
    const known = started === undefined ? startTime(pid) : Promise.resolve(started);
    this.groups.set(pid, new WatchedGroup(pid, this.token, this.clock, known));
    return await known;
  }

  /** Ends the groups and all that carries the token; resolves when that was done or cannot be done. */
  async end(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.end()));
    await sweepMarked(this.token, this.clock);
    await delay(LAST_LOOK_MS, this.clock);
    await sweepMarked(this.token, this.clock);
  }
}
