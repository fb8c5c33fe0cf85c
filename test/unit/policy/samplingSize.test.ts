/** What a request for a model answer is taken to cost, and what it holds beside text. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { estimateMost, estimateSent, extrasOf } from '../../../src/policy/samplingSize';
import type { SamplingContent } from '../../../src/protocol/sampling';
import { samplingRequest as request } from '../../support/samplingRequests';

const text = (value: string): SamplingContent => ({ type: 'text', text: value });
const IMAGE: SamplingContent = { type: 'image', mimeType: 'image/png', data: new Uint8Array(9) };
const SOUND: SamplingContent = { type: 'audio', mimeType: 'audio/wav', data: new Uint8Array(9) };

test('all that goes to the model counts, with the most that may come back', () => {
  assert.equal(estimateMost(request([text('a'.repeat(300))])), 100 + 4 + 100);
  assert.equal(
    estimateMost(request([text('a'.repeat(300))], { systemPrompt: 'b'.repeat(30) })),
    100 + 10 + 4 + 100,
  );
  assert.equal(estimateMost(request([text('水'.repeat(100))])), 100 + 4 + 100, 'one for a sign of Chinese');
  assert.equal(estimateMost(request([text(''), IMAGE, SOUND])), 2 * 2_000 + 4 + 100);
});

test('what goes to the model counts without what may come back', () => {
  assert.equal(
    estimateSent(request([text('a'.repeat(300)), IMAGE], { systemPrompt: 'b'.repeat(30) })),
    2_114,
  );
});

test('of the answer no more counts than is asked of a model', () => {
  assert.equal(estimateMost(request([], { maxTokens: 1_000_000 })), 4 + 4_096);
});

test('images, sounds and wishes for context are told from text', () => {
  assert.deepEqual(extrasOf(request([text('x')])), []);
  assert.deepEqual(extrasOf(request([text('x'), IMAGE])), ['media']);
  assert.deepEqual(extrasOf(request([SOUND])), ['media']);
  assert.deepEqual(extrasOf(request([], { includeContext: 'none' })), []);
  for (const includeContext of ['thisServer', 'allServers', 'x', ''])
    assert.deepEqual(extrasOf(request([IMAGE], { includeContext })), ['media', 'context']);
});

test('a field that this knows nothing of is unknown, so that no rule covers it', () => {
  const whole = request([], {
    systemPrompt: 's',
    temperature: 1,
    includeContext: 'none',
    stopSequences: ['x'],
    ignored: ['metadata'],
  });
  assert.deepEqual(extrasOf(whole), []);
  assert.deepEqual(extrasOf(Object.assign({ tools: [] }, whole)), ['unknown']);
});
