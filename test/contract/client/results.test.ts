import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HeldTexts } from '../../../src/client/heldTexts';
import { Throttle } from '../../../src/client/throttle';
import { FailureError } from '../../../src/protocol/failure';
import type { Text } from '../../../src/protocol/content';
import { ClientHarness, failureOf, legacyAnswers, textResult } from '../../support/clientHarness';
import { FakeClock } from '../../support/fakeClock';

const INLINE = 8_388_608;

function handleOf(text: Text | undefined): number {
  assert.ok(text?.kind === 'held');
  return text.handle;
}

function joined(held: HeldTexts, handle: number, step: number): string {
  const slices: Uint8Array[] = [];
  for (let offset = 0; ; offset += step) {
    const slice = held.read(handle, offset, step);
    if (slice.byteLength === 0) return Buffer.concat(slices).toString('utf8');
    slices.push(slice);
  }
}

test('a text up to eight million characters travels whole, a longer one is held', () => {
  const keep = new HeldTexts().keeper();
  assert.equal(keep('x'.repeat(INLINE)).kind, 'inline');
  const held = new HeldTexts().keeper()('x'.repeat(INLINE + 1));
  assert.ok(held.kind === 'held');
  assert.deepEqual([held.bytes, held.head.length], [INLINE + 1, 65_536]);
});

test('the texts of one result share what travels whole', () => {
  const held = new HeldTexts();
  const keep = held.keeper();
  const kinds = [3, 3, 3, 1].map((millions) => keep('x'.repeat(millions * 1_000_000)).kind);
  assert.deepEqual(kinds, ['inline', 'inline', 'held', 'inline']);
  let whole = 0;
  const small = held.keeper();
  for (let block = 0; block < 1_000; block++) {
    const text = small('y'.repeat(100_000));
    whole += text.kind === 'inline' ? text.text.length : text.head.length;
  }
  assert.ok(whole < INLINE + 1_001 * 4_096, `${whole} characters travel`);
  assert.equal(small('short').kind, 'inline', 'what is short is not worth a handle');
});

test('slices of a held text join to the original, also through the middle of characters', () => {
  const text = '\ud83d\ude00é\u2028a'.repeat(1_800_000);
  const held = new HeldTexts();
  const handle = handleOf(held.keeper()(text));
  for (const step of [1_000_003, 777_777]) assert.ok(joined(held, handle, step) === text);
});

test('a slice is bounded and owns its memory', () => {
  const held = new HeldTexts();
  const handle = handleOf(held.keeper()('x'.repeat(INLINE + 1)));
  const slice = held.read(handle, 0, 1e9);
  assert.equal(slice.byteLength, 1_048_576);
  assert.equal(slice.buffer.byteLength, slice.byteLength);
  for (const [offset, length] of [
    [-5, -5],
    [1e12, 10],
    [0, 0],
    [Number.NaN, Number.NaN],
    [0.9, 0.9],
  ] as const)
    assert.equal(held.read(handle, offset, length).byteLength, 0);
});

test('a head is cut between characters', () => {
  const text = new HeldTexts().keeper()('a' + '\ud83d\ude00'.repeat(5_000_000));
  assert.ok(text.kind === 'held');
  assert.equal(text.head.length, 65_535);
  assert.doesNotMatch(text.head, /[\ud800-\udbff]$/);
});

test('beyond the budget the oldest give way, and what was released is gone', () => {
  const held = new HeldTexts();
  const long = 'x'.repeat(100_000_000);
  const handles = [1, 2, 3].map(() => handleOf(held.keeper()(long)));
  const gone = (handle: number | undefined): void =>
    assert.throws(
      () => held.read(handle ?? -1, 0, 1),
      (error) => error instanceof FailureError && error.failure.code === 'refused',
    );
  gone(handles[0]);
  assert.equal(held.read(handles[1] ?? -1, 0, 1).byteLength, 1);
  held.release(handles[1] ?? -1);
  held.release(handles[1] ?? -1);
  gone(handles[1]);
  const next = handleOf(held.keeper()(long));
  assert.equal(held.read(handles[2] ?? -1, 0, 1).byteLength, 1, 'a release makes room');
  assert.equal(held.read(next, 0, 1).byteLength, 1);
});

test('a long result is pulled over the link in slices, and released', async () => {
  const text = 'é'.repeat(INLINE);
  const harness = await ClientHarness.connected(
    legacyAnswers({ 'tools/call': () => textResult(`${text}!`) }),
  );
  const [block] = (await harness.callTool()).content;
  assert.ok(block?.type === 'text' && block.text.kind === 'held');
  const { handle, bytes } = block.text;
  const slices: Uint8Array[] = [];
  for (let offset = 0; offset < bytes;) {
    const slice = await harness.host.request('readHeld', { handle, offset, length: 1_048_576 });
    slices.push(slice);
    offset += slice.byteLength;
  }
  assert.ok(Buffer.concat(slices).toString('utf8') === `${text}!`);
  await harness.host.request('releaseHeld', { handle });
  const read = harness.host.request('readHeld', { handle, offset: 0, length: 1 });
  assert.equal((await failureOf(read)).code, 'refused');
  await harness.end();
});

test('reads and prompts that are malformed are invalid results', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/read': () => ({ contents: [{ uri: 'a:b' }] }),
      'prompts/get': () => ({ messages: [{ role: 'system', content: { type: 'text', text: 'x' } }] }),
    }),
  );
  const read = harness.host.request('readResource', { callId: 1, uri: 'a:b' });
  assert.equal((await failureOf(read)).code, 'invalid-result');
  const prompt = harness.host.request('getPrompt', { callId: 2, name: 'p', arguments: {} });
  assert.equal((await failureOf(prompt)).code, 'invalid-result');
  await harness.end();
});

test('a throttle sends the first at once, then the newest per interval, and nothing once disposed', () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const throttle = new Throttle<string, number>(clock, 100, 2, (key, value) => sent.push(`${key}${value}`));
  for (const value of [1, 2, 3]) throttle.push('a', value);
  throttle.push('b', 1);
  throttle.push('c', 1);
  assert.deepEqual(sent, ['a1', 'b1'], 'a third key at once is dropped');
  clock.advance(100);
  assert.deepEqual(sent, ['a1', 'b1', 'a3']);
  throttle.push('a', 4);
  throttle.flush('a');
  throttle.flush('a');
  assert.deepEqual(sent.slice(3), ['a4']);
  clock.advance(1_000);
  assert.equal(clock.waiting, 0, 'nothing waits for keys that are quiet');
  throttle.push('a', 5);
  throttle.push('a', 6);
  throttle.dispose();
  throttle.push('d', 7);
  clock.advance(1_000);
  assert.deepEqual(sent.slice(4), ['a5']);
  assert.equal(clock.waiting, 0);
});
