/** Reads one HTTP answer that is a stream of server-sent events, and remembers where it came to. */

import type { HttpReply } from './httpClient';
import { SseParser, type ServerSentEvent } from './sseParser';

/** Where a stream came to, over all connections that carried it. */
export interface StreamPosition {
  /** For `Last-Event-ID`. */
  lastEventId?: string;
  /** Milliseconds, as the server last said. */
  retryMs?: number;
  sawMessage: boolean;
  /** True once the server gave it. */
  wasOpen?: boolean;
}

/** The content type of these streams. */
export const EVENT_STREAM = 'text/event-stream';

/**
 * Reads to the end of the answer.
 * @param take gets each event that has data; the stream is not read on before it is done.
 * @throws EventTooLarge, or what the connection broke with
 */
export async function readEvents(
  reply: HttpReply,
  maxBytes: number,
  position: StreamPosition,
  take: (event: ServerSentEvent) => Promise<void>,
): Promise<void> {
  const parser = new SseParser(maxBytes);
  const note = (): void => {
    // An empty one says that there is nothing to go on from.
    if (parser.lastEventId === '') delete position.lastEventId;
    else if (parser.lastEventId !== undefined) position.lastEventId = parser.lastEventId;
    if (parser.retryMs !== undefined) position.retryMs = parser.retryMs;
  };
  try {
    for await (const chunk of reply.body as AsyncIterable<Buffer>)
      for (const event of parser.push(chunk)) {
        note();
        // Without data it only gives the stream a position (HTTPL9).
        if (event.data.length === 0) continue;
        position.sawMessage = true;
        await take(event);
      }
  } finally {
    note();
  }
}
