/** Short hashes for addresses of documents: they name what is shown without a word of a server. */

import { createHash, randomBytes } from 'node:crypto';

/** 16 hexadecimal digits that depend on every part. */
export function hashOfParts(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** 16 hexadecimal digits that nobody can guess. */
export function freshHash(): string {
  return randomBytes(8).toString('hex');
}
