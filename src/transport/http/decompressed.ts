/** Undoes the compression of an HTTP answer. It bounds nothing: whoever reads counts what comes out. */

import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/**
 * The body as it was before it was compressed. Only gzip is asked for, but some send another compression to everybody.
 * @returns undefined for one that is not known; the body of a refusal, whose status says more, is given out as it came.
 */
export function decompressed(message: IncomingMessage): Readable | undefined {
  const encoding = message.headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return message;
  const plain = DECOMPRESSORS.get(encoding)?.();
  if (!plain) return (message.statusCode ?? 0) >= 400 ? message : undefined;
  message.on('error', (error) => plain.destroy(error));
  message.on('close', () => {
    if (!message.complete) plain.destroy(Object.assign(new Error('cut'), { code: 'ECONNRESET' }));
  });
  plain.on('close', () => message.destroy());
  return message.pipe(plain);
}

/** What is there is given out at once: events must not wait for a full block. */
const AT_ONCE = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
const BROTLI_AT_ONCE = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  finishFlush: constants.BROTLI_OPERATION_FLUSH,
};

/** By the names of RFC 9110 §8.4.1 and RFC 7932. */
const DECOMPRESSORS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip(AT_ONCE)],
  ['x-gzip', () => createGunzip(AT_ONCE)],
  ['deflate', () => createInflate(AT_ONCE)],
  ['br', () => createBrotliDecompress(BROTLI_AT_ONCE)],
]);
