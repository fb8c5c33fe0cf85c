import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { endOfString, scanStructure } from '../../../src/transport/structuralScan';
import { processorMs } from '../../support/processorTime';

/** Counts the same things on the parsed value. Duplicate names must not occur in it. */
function count(root: unknown): {
  objects: number;
  arrays: number;
  commas: number;
  strings: number;
  depth: number;
} {
  const total = { objects: 0, arrays: 0, commas: 0, strings: 0, depth: 0 };
  const visit = (value: unknown, depth: number): void => {
    if (typeof value === 'string') total.strings += 1;
    if (typeof value !== 'object' || value === null) return;
    const children: unknown[] = Object.values(value);
    if (Array.isArray(value)) total.arrays += 1;
    else {
      total.objects += 1;
      total.strings += children.length;
    }
    total.commas += Math.max(children.length - 1, 0);
    total.depth = Math.max(total.depth, depth);
    for (const child of children) visit(child, depth + 1);
  };
  visit(root, 1);
  return total;
}

const awkward = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '\\',
    '"',
    '\\"',
    '\\\\',
    '{',
    '}',
    '[',
    ',',
    ':',
    '"id":1,',
    'x'.repeat(100),
    '\\"'.repeat(50),
  ),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    awkward,
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(awkward, tie('value'), { maxKeys: 5 }),
  ),
})).value;

test('counts and depth agree with the parsed value, however it is spaced', () => {
  fc.assert(
    fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
      const line = Buffer.from(JSON.stringify(value, undefined, space));
      const { objects, arrays, commas, strings, maxDepth: depth } = scanStructure(line);
      assert.deepEqual({ objects, arrays, commas, strings, depth }, count(JSON.parse(line.toString('utf8'))));
    }),
    { numRuns: 500 },
  );
});

test('the id and method of the top level are found wherever they stand', () => {
  const id = fc.oneof(fc.maxSafeInteger(), awkward, fc.constantFrom<unknown>(null, 1.5, true, {}, []));
  fc.assert(
    fc.property(id, json, json, fc.boolean(), (value, before, after, method) => {
      const line = Buffer.from(
        JSON.stringify({
          jsonrpc: '2.0',
          result: [before],
          id: value,
          ...(method ? { method: 'x' } : {}),
          more: { id: 9, after },
        }),
      );
      const scan = scanStructure(line);
      const parsed = (JSON.parse(line.toString('utf8')) as { id: unknown }).id;
      const valid =
        typeof parsed === 'string' || (typeof parsed === 'number' && Number.isSafeInteger(parsed));
      assert.equal(scan.id, valid && !Object.is(parsed, 1.5) ? parsed : undefined);
      assert.equal(scan.hasMethod, method);
    }),
    { numRuns: 500 },
  );
});

test('an id in a batch, in a nested object or in a string is not that of the line', () => {
  for (const line of [
    '[{"id":1,"method":"x"}]',
    '{"result":{"id":1,"method":"x"}}',
    '{"text":"\\"id\\":1"}',
    '{"a":["id",1]}',
  ]) {
    const scan = scanStructure(Buffer.from(line));
    assert.equal(scan.id, undefined, line);
    assert.equal(scan.hasMethod, false, line);
  }
});

test('the last of several ids counts, as in JSON.parse', () => {
  assert.equal(scanStructure(Buffer.from('{"id":1,"id":"two"}')).id, 'two');
  assert.equal(scanStructure(Buffer.from('{"id":1,"id":null}')).id, undefined);
});

test('members of a shape seen before are told from new ones', () => {
  const shapes = (line: string): readonly number[] => {
    const { newShapes, knownShapes, indexMembers } = scanStructure(Buffer.from(line));
    return [newShapes, knownShapes, indexMembers];
  };
  assert.deepEqual(shapes('[{"a":1,"b":2},{"a":3,"b":4},{"a":5}]'), [2, 3, 0]);
  assert.deepEqual(shapes('[{"a":1,"b":2},{"b":3,"a":4}]'), [4, 0, 0], 'order makes a shape');
  assert.deepEqual(shapes('[{"a":{"a":1}},{"a":{"a":1}}]'), [1, 3, 0], 'a name at any depth');
  assert.deepEqual(shapes('[{"1":0},{"1":0},{"x1":0}]'), [2, 1, 2]);
  assert.deepEqual(shapes('[{"\\u00325":0},{"\\u0030":0},{"\\u003a":0},{"\\n":0},{"\\u0":0}]'), [5, 0, 2]);
});

test('text outside Latin-1 is suspected where it may be', () => {
  assert.equal(scanStructure(Buffer.from('{"a":"b"}')).wide, false);
  assert.equal(scanStructure(Buffer.from('{"a":"\\u4e00"}')).wide, true);
  assert.equal(scanStructure(Buffer.from('{"a":"\u4e00"}')).wide, true);
  assert.deepEqual(
    ['{"a":"b"}', '{"a":"é"}'].map((line) => scanStructure(Buffer.from(line)).encoding),
    ['ascii', 'utf8'],
  );
  assert.equal(scanStructure(Buffer.from('{"a":"\xff"}', 'latin1')).encoding, 'broken');
});

test('malformed lines are scanned to their end without harm', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ai0'.split('')), maxLength: 200 }), (text) => {
      const scan = scanStructure(Buffer.from(text));
      assert.ok(scan.objects + scan.arrays + scan.commas + scan.strings <= text.length);
    }),
    { numRuns: 1_000 },
  );
});

test('strings made of escapes are passed in linear time', () => {
  for (const unit of ['\\"', '\\\\', '\\\\\\"', 'x'.repeat(40) + '\\"']) {
    const line = Buffer.from(`"${unit.repeat(4_000_000 / unit.length)}"`);
    const start = processorMs();
    assert.equal(endOfString(line, 1), line.length - 1);
    assert.ok(processorMs() - start < 1_000);
  }
});
