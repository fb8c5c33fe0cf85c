/** Reads the bodies of HTTP answers to their end, to a limit, or not at all. It knows nothing of what they mean. */

import type { Readable } from 'node:stream';

import type { Clock } from '../../base/clock';
import { ByteCollector } from '../byteCollector';

/** An answer, or whatever else has a body. */
interface WithBody {
  readonly body: Readable;
}

/** What is read of a body that nobody needs, in bytes and milliseconds (T064, T066). */
const DRAIN_BYTES = 65_536;
const DRAIN_MS = 2_000;

/**
 * The whole body.
 * @returns undefined when it is larger than `maxBytes`; the connection is cut then.
 * @throws what the stream fails with
 */
export async function readBody({ body }: WithBody, maxBytes: number): Promise<Buffer | undefined> {
  const collected = new ByteCollector();
  for await (const chunk of body as AsyncIterable<Buffer>) {
    collected.add(chunk);
    // Leaving the loop destroys the stream.
    if (collected.length > maxBytes) return undefined;
  }
  return collected.take();
}

/** The beginning of the body, at most `maxBytes`, and only what comes within `ms`; the rest is cut. Never rejects. */
export async function readStart(
  reply: WithBody,
  maxBytes: number,
  ms: number,
  clock: Clock,
): Promise<Buffer> {
  const collected = new ByteCollector();
  const timer = clock.schedule(ms, () => discard(reply));
  try {
    for await (const chunk of reply.body as AsyncIterable<Buffer>) {
      collected.add(chunk);
      if (collected.length > maxBytes) break;
    }
  } catch {
    // What came before the connection broke, or was cut, has to do.
  } finally {
    timer.dispose();
  }
  return collected.take().subarray(0, maxBytes);
}

/** Reads away the body of an answer that says nothing more, so that its connection can be used again; a large or slow one is cut. */
export function drain(reply: WithBody, clock: Clock): void {
  void readStart(reply, DRAIN_BYTES, DRAIN_MS, clock);
}

/** Lets go of an answer whose body nobody needs, and of its connection. */
export function discard({ body }: WithBody): void {
  body.on('error', () => undefined);
  body.destroy();
}
