import assert from 'node:assert/strict';
import { test } from 'node:test';

import { admit, estimateHeap, lineLimits, type LineLimits } from '../../../src/transport/admission';
import { decodeLine, isDeeperThan } from '../../../src/transport/lineDecoder';
import { scanStructure } from '../../../src/transport/structuralScan';

const MIB = 1_048_576;
/** Bounds small enough for short lines to meet them. */
const tiny: LineLimits = { unchecked: 64, line: 10_000, unasked: 500, heap: 4_000 };
const response = (result: string, id = '5'): Buffer =>
  Buffer.from(`{"jsonrpc":"2.0","result":${result},"id":${id}}`);

test('limits follow the heap: 64 MB of text fit where the old generation has 512 MB', () => {
  const large = lineLimits(512 * MIB);
  assert.deepEqual(large, { unchecked: MIB, line: 128 * MIB, unasked: 8 * MIB, heap: 128 * MIB });
  const text = response(`"${'x'.repeat(64 * MIB)}"`);
  assert.equal(admit(text, large).kind, 'parse');
  assert.equal(lineLimits(4_096 * MIB).line, 128 * MIB);
  assert.equal(lineLimits(64 * MIB).line, 16 * MIB);
});

test('no line that is parsed without a look can fill the budget: 40 heap bytes per byte are more than any takes', () => {
  for (const heap of [64, 128, 256, 512, 4_096]) {
    const { unchecked, heap: budget } = lineLimits(heap * MIB);
    assert.ok(unchecked * 40 <= budget);
  }
});

test('the estimate bounds what the densest lines were measured to take, per byte', () => {
  // Measured on Node 20, 22 and 24, without the collection of anything.
  const measured: readonly (readonly [string, number])[] = [
    ['{"25":0},', 32.1],
    ['{"\\u00325":0},', 15.2],
    ['{"\\u0038":0},', 11.7],
    ['{"25":{"25":{"25":{"25":0}}}},', 28],
    ['{},', 21.4],
    ['[{}],', 24.1],
    ['[[[[[[[[[[]]]]]]]]]],', 26],
    ['[1],', 16.1],
    ['-0,', 8],
    ['-0,{},', 14.7],
    ['"a":1.5,', 5],
  ];
  for (const [unit, perByte] of measured) {
    const line = Buffer.from(`[${unit.repeat(10_000)}0]`);
    const estimate = estimateHeap(scanStructure(line), line.length) / line.length;
    assert.ok(estimate >= perByte, `${unit} is estimated at ${estimate}`);
  }
});

test('distinct shapes are estimated far above repeated ones', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `{"k${index}":0}`).join(',');
  const same = Array.from({ length: 5_000 }, (_, index) => `{"kkkkk":${index}}`).join(',');
  const perByte = (text: string): number =>
    estimateHeap(scanStructure(Buffer.from(`[${text}]`)), text.length) / text.length;
  assert.ok(perByte(names) > 18, 'measured: 17.6');
  assert.ok(perByte(same) < 12);
});

test('what is refused carries the id of the call that it answers, or its own', () => {
  const dense = `[${'{},'.repeat(100)}0]`;
  assert.deepEqual(decodeLine(response(dense), tiny), {
    kind: 'refused',
    subject: { kind: 'answer', id: 5 },
    detail: 'it holds more values than fit in memory',
  });
  const request = Buffer.from(`{"jsonrpc":"2.0","id":5,"method":"x","params":{"a":${dense}}}`);
  assert.deepEqual(decodeLine(request, tiny), {
    kind: 'refused',
    subject: { kind: 'request', id: 5 },
    detail: 'it holds more values than fit in memory',
  });
  const notification = Buffer.from(`{"jsonrpc":"2.0","method":"x","params":{"a":${dense}}}`);
  assert.equal('subject' in decodeLine(notification, tiny), false);
});

test('requests and notifications have a bound of their own, however their method is spelled', () => {
  const long = 'x'.repeat(600);
  for (const name of ['method', 'm\\u0065thod']) {
    const decoded = decodeLine(Buffer.from(`{"jsonrpc":"2.0","${name}":"x","params":{"a":"${long}"}}`), tiny);
    assert.equal(decoded.kind, 'refused', name);
  }
  assert.equal(decodeLine(response(`"${long}"`), tiny).kind, 'value');
  const named = Buffer.from(`{"jsonrpc":"2.0","method": null,"id":5,"result":"${long}"}`);
  assert.equal(decodeLine(named, tiny).kind, 'value', 'a method that is null is none');
});

test('more than 200 levels are refused, with and without a look before parsing', () => {
  const nested = (levels: number): Buffer => response('['.repeat(levels - 1) + ']'.repeat(levels - 1));
  const roomy = { ...tiny, unchecked: 10_000, heap: 1_000_000 };
  for (const limits of [roomy, { ...roomy, unchecked: 64 }]) {
    assert.equal(decodeLine(nested(200), limits).kind, 'value');
    assert.deepEqual(decodeLine(nested(201), limits), {
      kind: 'refused',
      subject: { kind: 'answer', id: 5 },
      detail: 'it is nested more than 200 levels deep',
    });
  }
});

test('depth is measured as far as it matters, whatever lies below', () => {
  const nest = (levels: number): unknown => {
    let value: unknown = {};
    for (let level = 1; level < levels; level += 1) value = level % 2 ? [value] : { value };
    return value;
  };
  assert.equal(isDeeperThan(nest(1_000_000), 200), true);
  assert.equal(isDeeperThan(nest(201), 200), true);
  assert.equal(isDeeperThan(nest(200), 200), false);
  assert.equal(isDeeperThan([1, nest(3), {}], 3), true);
  assert.equal(isDeeperThan('text', 0), false);
});

test('large lines are decoded as small ones are', () => {
  const large: LineLimits = { ...tiny, unchecked: 0, heap: 1_000_000_000 };
  for (const text of ['plain', 'é', '中\u{1f600}\u2028', '\\u4e2d\\n']) {
    const line = response(`"${text}"`);
    assert.deepEqual(decodeLine(line, large), decodeLine(line, { ...large, unchecked: 1_000 }), text);
  }
  const broken = Buffer.from('{"jsonrpc":"2.0","id":1,"result":"\xff\xc0\xaf\xe2\x82"}', 'latin1');
  assert.deepEqual(decodeLine(broken, large), decodeLine(broken, { ...large, unchecked: 1_000 }));
});

test('broken JSON is noise whose reason quotes nothing', () => {
  assert.deepEqual(decodeLine(Buffer.from('{"secret":'), tiny), { kind: 'noise', reason: 'not valid JSON' });
});
