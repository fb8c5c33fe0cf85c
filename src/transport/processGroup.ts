/**
 * Ends a server's whole process group, however it behaves: stdin is closed, then SIGTERM, then SIGKILL. On Windows, which has no
 * groups, the process tree is ended instead. It knows pids only, nothing of streams or messages.
 */

import { execFile } from 'node:child_process';

import type { Clock } from '../base/clock';
import { groupMembers, windowsProgram } from './processTable';
import { waitUntil } from './waitUntil';

/** Milliseconds that each step of the ladder may take. */
export interface LadderTimes {
  /** After stdin was closed, before SIGTERM. */
  readonly afterEnd: number;
  /** After SIGTERM, before SIGKILL. */
  readonly afterTerminate: number;
  /** After SIGKILL, before giving up (a process in uninterruptible sleep cannot be ended). */
  readonly afterKill: number;
}

/** All steps together stay under 3 s (T031). */
export const DEFAULT_LADDER: LadderTimes = { afterEnd: 1_000, afterTerminate: 1_000, afterKill: 500 };

/** Between two looks at the table of processes, which costs more than a probe. */
const TABLE_LOOK_MS = 100;

/** A group whose leader was started by this process, detached. */
export class ProcessGroup {
  private gone = false;
  private leaderGone = false;
  private lastTableLook: number;

  constructor(
    /** Pid of the leader, which is also the id of the group. */
    readonly pid: number,
    private readonly clock: Clock,
  ) {
    this.lastTableLook = clock.monotonic();
  }

  /** Tells that the leader was reaped: from now on its pid alone means nothing. */
  noteLeaderExit(): void {
    this.leaderGone = true;
    if (process.platform === 'win32') this.gone = true;
  }

  /**
   * Climbs the ladder until nothing is left. Also right when the leader is already gone and others of its group are not.
   * @returns false when something is left after the last step.
   */
  async end(closeStdin: () => void, times: LadderTimes = DEFAULT_LADDER): Promise<boolean> {
    closeStdin();
    if (await this.goneWithin(times.afterEnd)) return true;
    if (process.platform !== 'win32') {
      this.signal('SIGTERM');
      if (await this.goneWithin(times.afterTerminate)) return true;
    }
    return this.kill(times.afterKill);
  }

  /** SIGKILL to all of it, at once. */
  async kill(waitMs: number = DEFAULT_LADDER.afterKill): Promise<boolean> {
    if (this.gone) return true;
    if (process.platform === 'win32') await endTree(this.pid);
    else this.signal('SIGKILL');
    return this.goneWithin(waitMs);
  }

  private goneWithin(ms: number): Promise<boolean> {
    return waitUntil(() => this.look(), ms, this.clock);
  }

  private async look(): Promise<boolean> {
    if (this.gone) return true;
    if (process.platform === 'win32') return this.gone;
    // While the leader lives there is nothing to find out; a leader that was not reaped yet answers probes too.
    if (!this.leaderGone) return false;
    if (!this.signal(0)) return true;
    const now = this.clock.monotonic();
    if (now - this.lastTableLook < TABLE_LOOK_MS) return false;
    this.lastTableLook = now;
    // Ended processes that nobody reaps (a container without an init) still answer probes.
    const members = await groupMembers(this.pid);
    if (members?.length === 0) this.gone = true;
    return this.gone;
  }

  /** @returns false when nothing of the group is left, which is remembered: its id may be reused from then on. */
  private signal(signal: NodeJS.Signals | 0): boolean {
    if (this.gone) return false;
    try {
      process.kill(-this.pid, signal);
      return true;
    } catch {
      // ESRCH: gone. EPERM: only zombies (macOS) or processes of another user are left, which cannot be ended.
      this.gone = true;
      return false;
    }
  }
}

/** Ends a process and its descendants on Windows. */
export function endTree(pid: number): Promise<void> {
  return new Promise((resolve) => {
    execFile(windowsProgram('taskkill.exe'), ['/T', '/F', '/PID', String(pid)], { windowsHide: true }, () =>
      resolve(),
    );
  });
}
