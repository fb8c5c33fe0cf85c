import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { ProgressTokens, type Progress } from '../../../src/rpc/progressTokens';

function listening(): {
  tokens: ProgressTokens;
  heard: Progress[];
  alive: () => number;
  token: JsonValue;
  dispose: () => void;
} {
  const tokens = new ProgressTokens();
  const heard: Progress[] = [];
  let alive = 0;
  const open = tokens.open(
    (progress) => heard.push(progress),
    () => (alive += 1),
  );
  const meta = open.addTo({})['_meta'] as { progressToken: JsonValue };
  return { tokens, heard, alive: () => alive, token: meta.progressToken, dispose: () => open.dispose() };
}

test('a token is added to a copy, beside what is there', () => {
  const tokens = new ProgressTokens();
  const params: JsonObject = { a: 1, _meta: { b: 2 } };
  const first = tokens
    .open(
      () => undefined,
      () => undefined,
    )
    .addTo(params);
  const second = tokens
    .open(
      () => undefined,
      () => undefined,
    )
    .addTo({ _meta: 'not an object' });
  assert.deepEqual(params, { a: 1, _meta: { b: 2 } });
  assert.deepEqual(first, { a: 1, _meta: { b: 2, progressToken: 1 } });
  assert.deepEqual(second, { _meta: { progressToken: 2 } });
});

test('reports rise, may be fractions, and may lack a total', () => {
  const { tokens, heard, alive, token } = listening();
  for (const progress of [0, 0.5, 0.5, 0.4, 7]) tokens.report({ progressToken: token, progress });
  tokens.report({ progressToken: token, progress: 8, total: 10, message: 'm' });
  assert.deepEqual(heard, [
    { progress: 0 },
    { progress: 0.5 },
    { progress: 7 },
    { progress: 8, total: 10, message: 'm' },
  ]);
  assert.equal(alive(), 4);
});

test('unknown tokens, other types and values that are no numbers are ignored', () => {
  const { tokens, heard, alive, token } = listening();
  for (const progressToken of [99, JSON.stringify(token), null, {}, [], '__proto__'] as JsonValue[])
    tokens.report({ progressToken, progress: 1 });
  for (const progress of ['1', null, Number.NaN, Infinity, -Infinity, {}] as JsonValue[])
    tokens.report({ progressToken: token, progress });
  tokens.report({});
  assert.deepEqual(heard, []);
  assert.equal(alive(), 0);
});

test('totals that make no sense are left out, and long messages cut', () => {
  const { tokens, heard, token } = listening();
  for (const [index, total] of ([0, -1, '5', Infinity] as JsonValue[]).entries())
    tokens.report({ progressToken: token, progress: index, total });
  tokens.report({ progressToken: token, progress: 9, message: 'm'.repeat(10_000) });
  assert.ok(heard.slice(0, 4).every((report) => !('total' in report)));
  assert.equal(heard[4]?.message?.length, 500);
});

test('nothing is heard behind the end, and tokens are not used again', () => {
  const { tokens, heard, token, dispose } = listening();
  dispose();
  tokens.report({ progressToken: token, progress: 1 });
  assert.deepEqual(heard, []);
  const next = tokens
    .open(
      () => undefined,
      () => undefined,
    )
    .addTo({})['_meta'];
  assert.notDeepEqual(next, { progressToken: token });
});
