import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { ResultCache } from '../../../src/client/resultCache';
import { ClientMethods } from '../../../src/protocol/methods';
import { FakeClock } from '../../support/fakeClock';

const READ = ClientMethods.resourcesRead;

function keep(cache: ResultCache, uri: string, chars: number): void {
  cache.begin(READ)({ uri }, { ttlMs: 1_000, text: 'x'.repeat(chars) });
}

function isKept(cache: ResultCache, uri: string): boolean {
  return cache.find(READ, { uri }) !== undefined;
}

test('memory is bounded: what was not used for the longest time gives way', () => {
  const cache = new ResultCache(new FakeClock());
  for (const uri of ['a', 'b', 'c', 'd']) keep(cache, uri, 4_100_000);
  assert.ok(isKept(cache, 'a'), 'four fit, and the first is used');
  keep(cache, 'e', 4_100_000);
  assert.deepEqual(
    ['a', 'b', 'c', 'd', 'e'].filter((uri) => isKept(cache, uri)),
    ['a', 'c', 'd', 'e'],
  );
});

test('what a result is kept under counts as well: addresses may be long', () => {
  const cache = new ResultCache(new FakeClock());
  const uris = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => letter.repeat(1_500_000));
  for (const uri of uris) keep(cache, uri, 1);
  assert.deepEqual(
    uris.map((uri) => isKept(cache, uri)),
    [false, true, true, true, true, true],
  );
});

test('no more than 256 results are kept', () => {
  const cache = new ResultCache(new FakeClock());
  for (let index = 0; index < 300; index++) keep(cache, `u:${index}`, 1);
  const kept = Array.from({ length: 300 }, (_, index) => `u:${index}`).filter((uri) => isKept(cache, uri));
  assert.equal(kept.length, 256);
  assert.equal(kept[0], 'u:44');
});

test('a result beyond four megabytes, or of too many parts, is not kept, and no older one stands for it', () => {
  const cache = new ResultCache(new FakeClock());
  keep(cache, 'a', 1);
  keep(cache, 'a', 4_194_304);
  assert.ok(!isKept(cache, 'a'));
  cache.begin(READ)({ uri: 'b' }, { ttlMs: 1_000, parts: Array.from({ length: 100_001 }, () => []) });
  assert.ok(!isKept(cache, 'b'));
});

test('a time beyond a day is a day, and one without end is none', () => {
  const clock = new FakeClock();
  const cache = new ResultCache(clock);
  cache.begin(READ)({ uri: 'a' }, { ttlMs: 1e300 });
  cache.begin(READ)({ uri: 'b' }, { ttlMs: Number.POSITIVE_INFINITY });
  assert.deepEqual([isKept(cache, 'a'), isKept(cache, 'b')], [true, false]);
  clock.advance(86_400_000);
  assert.ok(!isKept(cache, 'a'));
});

test('whoever changes what was found changes a copy', () => {
  const cache = new ResultCache(new FakeClock());
  cache.begin(READ)({ uri: 'a' }, { ttlMs: 1_000, contents: [] });
  const found = cache.find(READ, { uri: 'a' }) as { contents: JsonObject[] };
  found.contents.push({});
  assert.deepEqual(cache.find(READ, { uri: 'a' }), { ttlMs: 1_000, contents: [] });
});

test('names of the prototype are data here as well', () => {
  const cache = new ResultCache(new FakeClock());
  const result = JSON.parse('{"ttlMs":1000,"__proto__":{"polluted":1}}') as JsonObject;
  cache.begin(READ)({ uri: '__proto__' }, result);
  const found = cache.find(READ, { uri: '__proto__' });
  assert.ok(found && Object.hasOwn(found, '__proto__'));
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
});

test('other credentials make everything outdated, what is on its way too (CACHE6, T078)', () => {
  const cache = new ResultCache(new FakeClock());
  keep(cache, 'a', 1);
  const late = cache.begin(READ);
  cache.credentialsChanged();
  late({ uri: 'b' }, { ttlMs: 1_000 });
  assert.deepEqual([isKept(cache, 'a'), isKept(cache, 'b')], [false, false]);
});
