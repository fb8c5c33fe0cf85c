import assert from 'node:assert/strict';
import { test } from 'node:test';

import { estimateTokens } from '../../../src/policy/tokenEstimate';

const CASES: readonly (readonly [text: string, tokens: number])[] = [
  ['', 0],
  ['a', 1],
  ['abc', 1],
  ['abcd', 2],
  ['x'.repeat(3_000), 1_000],
  ['привет', 4],
  ['漢字', 2],
  ['한국어 abcd', 5],
];

for (const [text, tokens] of CASES)
  test(`${JSON.stringify(text.slice(0, 12))} is about ${tokens} tokens`, () => {
    assert.equal(estimateTokens(text), tokens);
  });
