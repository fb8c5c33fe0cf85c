/**
 * The stream of the stateful era on which a server speaks without being asked (HTTPL6). Opened again when it ends, with measure; a server
 * that does not offer it, or not to whoever asks, is asked once.
 */

import type { StreamPosition } from './eventStream';
import type { HttpReply } from './httpClient';
import { discard } from './bodies';
import { ReconnectPolicy } from './reconnectPolicy';
import { RedirectError } from './redirects';
import type { OwnStream } from './ownStream';
import { EventTooLarge } from './sseParser';
import { resumeHeaders, visitStream, type StreamReading } from './streamVisit';

interface ServerStreamOptions extends Pick<StreamReading, 'clock' | 'maxBytes' | 'take'> {
  /** Sends the GET. */
  readonly open: (extra: readonly (readonly [string, string])[], signal: AbortSignal) => Promise<HttpReply>;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when requests go on under other credentials than now; undefined where there are none. */
  readonly changed: () => Promise<void> | undefined;
  readonly onOdd: (message: string) => void;
  readonly ownStream: Pick<OwnStream, 'begin' | 'giveUp'>;
  /** Finds out what a server means that refuses the stream although it gave it before. Reads the body, and never rejects. */
  readonly onTaken: (reply: HttpReply) => Promise<void>;
}

/**
 * Keeps the stream open until `signal` aborts, or until it is clear that it is not to be had. One that ends again and again is left alone
 * until it is wanted anew. Never rejects.
 */
export async function keepServerStream(options: ServerStreamOptions, signal: AbortSignal): Promise<void> {
  const { clock, maxBytes, take, open, pause, changed, onOdd, ownStream, onTaken } = options;
  let policy = new ReconnectPolicy();
  ownStream.begin();
  const position: StreamPosition = { sawMessage: false };
  while (!signal.aborted) {
    const otherwise = changed();
    const visit = await visitStream(() => open(resumeHeaders(position), signal), {
      clock,
      maxBytes,
      position,
      take,
    });
    if (visit.kind === 'refused')
      return position.wasOpen === true ? await onTaken(visit.reply) : discard(visit.reply);
    if (visit.kind === 'failed') {
      if (!otherwise || visit.error instanceof RedirectError) return;
      // Who is not known here is asked for by the requests that somebody waits for (T070).
      await otherwise;
      continue;
    }
    if (visit.error instanceof EventTooLarge)
      onOdd('The server said more on its stream than can be taken. Some of it is lost.');
    const wait = policy.next({ ...position, ...visit });
    if (wait === undefined) {
      onOdd('The server ends its stream again and again; its notifications are not listened to any more.');
      await ownStream.giveUp();
      policy = new ReconnectPolicy();
    } else await pause(wait, signal);
  }
}
