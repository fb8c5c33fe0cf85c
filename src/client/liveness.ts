/**
 * Notices that a remote server of the stateful era is not there any more although no connection says so (T066): asks `ping` when it has
 * been silent for a while and a resource of it is followed. A request that waits has deadlines of its own, and a server that is busy with
 * one may answer no ping meanwhile. The stateless era has no ping; there, every request finds out for itself (PING3).
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { toFailure, type Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { RpcConnection } from '../rpc/rpcConnection';
import type { ServerSession } from './serverSession';
import type { Subscriptions } from './subscriptions';

/** Silence is looked for this often, and lasts this many looks before the server is asked: a minute, and at most a third more. */
const LOOK_MS = 20_000;
const QUIET_LOOKS = 3;

/** Milliseconds for an answer, and how many in a row may stay away: one may be lost when a network changes. */
const PING_MS = 15_000;
const MAX_MISSED = 2;

interface Watched {
  /** Changes with everything that the server says. */
  readonly heard: () => number;
  /** True while only a ping would tell that the server is gone: a resource is followed, and no request waits. */
  readonly isNeeded: () => boolean;
  /** @throws FailureError */
  readonly ping: (ms: number) => Promise<void>;
  /** Called once: the server does not answer. */
  readonly onSilent: () => void;
}

/** What is watched. */
interface RemoteSession {
  readonly session: ServerSession;
  readonly rpc: Pick<RpcConnection, 'heard' | 'waiting'>;
  readonly subscriptions: Pick<Subscriptions, 'isWatching'>;
  readonly clock: Clock;
}

class Liveness implements Disposable {
  private timer: Disposable | undefined;
  private heard: number;
  private quiet = 0;
  private over = false;

  constructor(
    private readonly clock: Clock,
    private readonly watched: Watched,
  ) {
    this.heard = watched.heard();
    this.arm();
  }

  dispose(): void {
    this.over = true;
    this.timer?.dispose();
  }

  private arm(): void {
    if (!this.over) this.timer = this.clock.schedule(LOOK_MS, () => void this.look());
  }

  private async look(): Promise<void> {
    const heard = this.watched.heard();
    this.quiet = heard === this.heard ? this.quiet + 1 : 0;
    this.heard = heard;
    if (this.quiet >= QUIET_LOOKS && this.watched.isNeeded()) {
      const answers = await this.answers();
      if (this.over) return;
      // A request that has come meanwhile may be what keeps it busy.
      if (!answers && this.watched.isNeeded()) {
        this.dispose();
        this.watched.onSilent();
        return;
      }
      this.quiet = 0;
      this.heard = this.watched.heard();
    }
    this.arm();
  }

  /** Any answer is one, an error too. */
  private async answers(): Promise<boolean> {
    for (let missed = 0; missed < MAX_MISSED; missed++) {
      const failure = await this.ask();
      if (this.over || !failure || !meansNothingCame(failure)) return true;
    }
    return false;
  }

  private async ask(): Promise<Failure | undefined> {
    try {
      await this.watched.ping(PING_MS);
      return undefined;
    } catch (error) {
      return toFailure(error);
    }
  }
}

function meansNothingCame(failure: Failure): boolean {
  return failure.code === 'timeout' || failure.code === 'network' || failure.code === 'answer-lost';
}

/** Watches over a session. @param onSilent is called once, when it is lost. */
export function watchRemote(
  { session, rpc, subscriptions, clock }: RemoteSession,
  onSilent: () => void,
): Liveness {
  const { signal } = new AbortController();
  return new Liveness(clock, {
    heard: () => rpc.heard,
    isNeeded: () => rpc.waiting === 0 && subscriptions.isWatching,
    ping: async (ms) => {
      const more = { deadlines: { idle: ms, total: ms }, hints: { isUnattended: true } };
      await session.ask(ClientMethods.ping, {}, signal, more);
    },
    onSilent,
  });
}
