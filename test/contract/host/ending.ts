/** A connection of the host whose client and reaper are played by the test. */

import assert from 'node:assert/strict';

import { Deferred } from '../../../src/base/deferred';
import type { ClientEvents, ClientRequests, HostRequests } from '../../../src/client/contract';
import { ServerConnection, type ConnectionLoss } from '../../../src/host/serverConnection';
import { Link } from '../../../src/rpc/link';
import type { LinkPort } from '../../../src/rpc/linkPort';
import { FakeClock } from '../../support/fakeClock';
import { MemoryLinkPort } from '../../support/linkPair';
import { QUIET_HANDLERS, QUIET_REQUESTS } from '../../support/quietHost';

export const TOKEN = 'the-token-of-this-launch';
export const ENDED: ClientEvents['ended'] = {
  failure: { code: 'connection-closed' },
  exit: { code: 1, signal: null },
};

/** A connection between a client that is played by the test and a reaper that does nothing by itself. */
export class Ending {
  readonly clock = new FakeClock();
  readonly port: MemoryLinkPort;
  readonly client: Link<HostRequests, ClientRequests, ClientEvents, object>;
  /** Requests to close that arrived at the client. */
  readonly asked: Deferred<undefined>[] = [];
  /** Requests to settle that arrived at it. */
  readonly settling: Deferred<undefined>[] = [];
  releases = 0;
  readonly calls: Deferred<never>[] = [];
  readonly reaped: string[] = [];
  /** Resolved by the test when nothing is left. */
  readonly gone = new Deferred<void>();
  readonly losses: ConnectionLoss[] = [];
  readonly questions: AbortSignal[] = [];
  listenerFails = false;
  readonly connection: ServerConnection;

  constructor(port?: LinkPort, launch: typeof TOKEN | 'none' = TOKEN) {
    const [near, far] = MemoryLinkPort.pair();
    this.port = near;
    const call = (): Promise<never> => {
      const answer = new Deferred<never>();
      this.calls.push(answer);
      return answer.promise;
    };
    this.client = new Link<HostRequests, ClientRequests, ClientEvents, object>(far, {
      requests: new Proxy({} as never, {
        get: (_target, name) => {
          const asked = name === 'close' ? this.asked : name === 'settle' ? this.settling : undefined;
          if (!asked) return call;
          return () => {
            const answer = new Deferred<undefined>();
            asked.push(answer);
            return answer.promise;
          };
        },
      }),
      events: {},
      onClose: () => undefined,
    });
    this.connection = new ServerConnection(
      port ?? near,
      {
        watch: (token, pid) => void this.reaped.push(`watch ${token}${pid === undefined ? '' : ` ${pid}`}`),
        unwatch: (token) => {
          this.reaped.push(`unwatch ${token}`);
          return this.gone.promise;
        },
      },
      launch === 'none' ? undefined : launch,
      this.clock,
      {
        ...QUIET_HANDLERS,
        onReleased: () => {
          this.releases++;
        },
        requests: {
          ...QUIET_REQUESTS,
          sample: (_params, signal) => {
            this.questions.push(signal);
            return new Promise(() => undefined);
          },
        },
        onLost: (loss) => {
          // Told before anything is done about it.
          assert.equal(this.port.isClosed && loss.kind === 'ended', false);
          this.losses.push(loss);
          if (this.listenerFails) throw new Error('the listener failed');
        },
      },
    );
  }

  /** A connection that was just lost. */
  static async lost(): Promise<Ending> {
    const ending = new Ending();
    ending.client.emit('ended', ENDED);
    await turns();
    return ending;
  }

  get isReleased(): boolean {
    return this.port.isClosed && this.reaped.at(-1) === `unwatch ${TOKEN}`;
  }
}

/** Lets what was posted arrive. */
export async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
