/** A server that takes its time to say what it speaks. */

import assert from 'node:assert/strict';

import { ClientHarness } from '../../support/clientHarness';

/** How long the probe is waited for. */
export const PROBE_MS = 5_000;

/** What the client has sent, in order. */
export function methods(harness: ClientHarness): string[] {
  return harness.frames.map((frame) => ('method' in frame ? frame.method : 'response'));
}

/** The answer of a modern server to the probe. */
export const MODERN_RESULT = { supportedVersions: ['2026-07-28'], capabilities: { tools: {} } };

/** A server that answers neither of the two until the test does. */
export async function silent(
  probeFailed = false,
): Promise<{ harness: ClientHarness; connecting: ReturnType<ClientHarness['connect']> }> {
  const harness = new ClientHarness(
    new Map([
      ['server/discover', () => undefined],
      ['initialize', () => undefined],
    ]),
  );
  const connecting = harness.connect();
  connecting.catch(() => undefined);
  await harness.settle();
  assert.deepEqual(methods(harness), ['server/discover']);
  if (!probeFailed) {
    await harness.pass(PROBE_MS - 1);
    assert.deepEqual(methods(harness), ['server/discover']);
    await harness.pass(1);
    assert.deepEqual(methods(harness), ['server/discover', 'initialize']);
  }
  return { harness, connecting };
}
