/**
 * The stream of the stateful era on which a server speaks without being asked (HTTPL6). Opened again when it ends, with measure; a server
 * that does not offer it is asked once.
 */

import type { Clock } from '../../base/clock';
import { EVENT_STREAM, readEvents, type StreamPosition } from './eventStream';
import type { HttpReply } from './httpClient';
import { discard, readRetryAfter } from './replies';
import { ReconnectPolicy } from './reconnectPolicy';

export interface ServerStreamOptions {
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Sends the GET. */
  readonly open: (extra: readonly (readonly [string, string])[], signal: AbortSignal) => Promise<HttpReply>;
  /** Takes the data of one event. */
  readonly take: (data: Buffer) => Promise<void>;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onOdd: (message: string) => void;
}

/** How one connection went: its length, or that there is no use in another. */
type Visit =
  | { readonly kind: 'ended'; readonly openMs: number; readonly retryAfterMs?: number }
  | { readonly kind: 'not-offered' };

/** Keeps the stream open until `signal` aborts, or until it is clear that it is not to be had. Never rejects. */
export async function keepServerStream(options: ServerStreamOptions, signal: AbortSignal): Promise<void> {
  const policy = new ReconnectPolicy();
  const position: StreamPosition = { sawMessage: false };
  while (!signal.aborted) {
    position.sawMessage = false;
    const visit = await visitOnce(options, position, signal);
    if (visit.kind === 'not-offered') return;
    const wait = policy.next({ ...position, ...visit });
    if (wait === undefined) {
      options.onOdd(
        'The server ends its stream again and again; its notifications are not listened to any more.',
      );
      return;
    }
    await options.pause(wait, signal);
  }
}

async function visitOnce(
  options: ServerStreamOptions,
  position: StreamPosition,
  signal: AbortSignal,
): Promise<Visit> {
  const { clock } = options;
  let openedAt: number | undefined;
  try {
    const { lastEventId } = position;
    const reply = await options.open(
      lastEventId === undefined ? [] : [['last-event-id', lastEventId]],
      signal,
    );
    if (reply.status !== 200 || reply.contentType !== EVENT_STREAM) {
      discard(reply);
      // Busy or broken for now; everything else means that there is no such stream (T063).
      if (reply.status !== 429 && reply.status < 500) return { kind: 'not-offered' };
      const retryAfterMs = readRetryAfter(reply.headers['retry-after'], clock.wall());
      return { kind: 'ended', openMs: 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    }
    openedAt = clock.monotonic();
    await readEvents(reply, options.maxBytes, position, async ({ type, data }) => {
      if (type === 'message') await options.take(data);
    });
  } catch {
    // However it ended, what counts is how long it lasted.
  }
  return { kind: 'ended', openMs: openedAt === undefined ? 0 : clock.monotonic() - openedAt };
}
