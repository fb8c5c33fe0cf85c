/** One connection of a stream of events: opened, read to its end, and what that says about another one. It does not wait or go on. */

import type { Clock } from '../../base/clock';
import { FailureError } from '../../protocol/failure';
import { EVENT_STREAM, readEvents, type StreamPosition } from './eventStream';
import type { HttpReply } from './httpClient';
import { RedirectError } from './redirects';
import { discard } from './bodies';
import { readRetryAfter } from './replies';

/** How a connection went. */
export type Visit =
  /** There may be another one. `error` is what this one broke with, if it did. */
  | {
      readonly kind: 'ended';
      readonly openMs: number;
      readonly retryAfterMs?: number;
      readonly error?: Error;
      /** It was a stream, and the server has ended it. */
      readonly isByServer?: true;
    }
  /** Something else than a stream came, and will come again. Its body is unread. */
  | { readonly kind: 'refused'; readonly reply: HttpReply }
  /** The server is not content with who asks, or leads elsewhere. */
  | { readonly kind: 'failed'; readonly error: FailureError | RedirectError };

/** How a stream is read. An event of more than `maxBytes` ends it. */
export interface StreamReading {
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Kept up to date. */
  readonly position: StreamPosition;
  /** Takes the data of one message; the stream is not read on before it is done. */
  readonly take: (data: Buffer) => Promise<void>;
}

/** The header that takes a stream up where it came to. */
export function resumeHeaders({ lastEventId }: StreamPosition): readonly (readonly [string, string])[] {
  return lastEventId === undefined ? [] : [['last-event-id', lastEventId]];
}

/** @param open gives the answer that should be the stream. Never rejects. */
export async function visitStream(
  open: () => Promise<HttpReply>,
  { clock, maxBytes, position, take }: StreamReading,
): Promise<Visit> {
  let openedAt: number | undefined;
  const openMs = (): number => (openedAt === undefined ? 0 : clock.monotonic() - openedAt);
  position.sawMessage = false;
  try {
    const reply = await open();
    if (!isStream(reply)) return refusalOf(reply, clock);
    openedAt = clock.monotonic();
    position.wasOpen = true;
    await readEvents(reply, maxBytes, position, async ({ type, data }) => {
      if (type === 'message') await take(data);
    });
    return { kind: 'ended', openMs: openMs(), isByServer: true };
  } catch (error) {
    if (error instanceof FailureError || error instanceof RedirectError) return { kind: 'failed', error };
    return { kind: 'ended', openMs: openMs(), error: error instanceof Error ? error : new Error('unknown') };
  }
}

/** 204 says that there is nothing (RFC 9110 §15.3.5). */
function isStream({ status, contentType }: HttpReply): boolean {
  return status >= 200 && status < 300 && status !== 204 && contentType === EVENT_STREAM;
}

/** Busy or broken for now; everything else means that there is no such stream (T063). */
function refusalOf(reply: HttpReply, clock: Clock): Visit {
  if (reply.status !== 429 && reply.status < 500) return { kind: 'refused', reply };
  discard(reply);
  const retryAfterMs = readRetryAfter(reply.headers['retry-after'], clock.wall());
  return { kind: 'ended', openMs: 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
