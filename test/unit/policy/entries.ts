/** Entries for tests, made by the real reader so that they are what the settings would give. */

import assert from 'node:assert/strict';
import { readServerEntry } from '../../../src/policy/readServerEntry';
import type { ServerEntry } from '../../../src/policy/serverEntry';

/** Reads an entry that is expected to be fine. */
export function entryOf(raw: unknown): ServerEntry {
  const { entry, problems } = readServerEntry(raw);
  assert.deepEqual(problems, []);
  assert.ok(entry);
  return entry;
}
