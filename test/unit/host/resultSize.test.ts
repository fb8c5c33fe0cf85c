/** What a result weighs that is kept: everything of it that is here, so that bounds on results hold whatever they are made of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { resultChars } from '../../../src/host/resultSize';
import type { ContentBlock, Text, ToolCallResult } from '../../../src/protocol/content';

const inline = (length: number): Text => ({ kind: 'inline', text: 'x'.repeat(length) });
const held: Text = { kind: 'held', handle: 1, bytes: 9_000_000, head: 'x'.repeat(7) };
const uri = 'a:12345678';

const BLOCKS: readonly (readonly [ContentBlock, number])[] = [
  [{ type: 'text', text: inline(10) }, 10],
  [{ type: 'text', text: held }, 7],
  [{ type: 'text', text: inline(10), more: inline(5) }, 15],
  [{ type: 'image', mimeType: 'image/png', data: new Uint8Array(20) }, 20],
  [{ type: 'audio', mimeType: 'audio/wav', data: new Uint8Array(30), more: held }, 37],
  [{ type: 'resource_link', uri, name: 'name', description: 'described' }, 23],
  [{ type: 'resource', contents: { uri, body: { kind: 'text', text: inline(40) } } }, 40],
  [{ type: 'resource', contents: { uri, body: { kind: 'blob', data: new Uint8Array(50) } } }, 50],
  [{ type: 'unknown', reason: 'odd', json: inline(60) }, 60],
];

test('each kind of block weighs what is here of it, and what came beside it', () => {
  for (const [block, weight] of BLOCKS)
    assert.equal(resultChars({ isError: false, content: [block] }), weight, JSON.stringify(block));
});

test('a result weighs what all of it weighs', () => {
  const content = BLOCKS.map(([block]) => block);
  const all: ToolCallResult = { isError: false, content, structured: inline(1_000), meta: inline(2_000) };
  assert.equal(resultChars(all), 3_000 + BLOCKS.reduce((sum, [, weight]) => sum + weight, 0));
});
