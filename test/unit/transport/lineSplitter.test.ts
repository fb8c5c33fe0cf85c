import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { LineSplitter, type SplitLine } from '../../../src/transport/lineSplitter';

function split(chunks: readonly (string | Buffer)[], maxLine = 1_000_000): readonly string[] {
  const splitter = new LineSplitter(maxLine);
  const found: string[] = [];
  for (const chunk of chunks) {
    splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    for (let line = splitter.next(); line !== undefined; line = splitter.next()) {
      found.push(show(line));
      if (line.kind === 'violation') return found;
    }
  }
  return found;
}

function show(line: SplitLine): string {
  switch (line.kind) {
    case 'line':
      return line.bytes.toString('utf8');
    case 'noise':
      return `noise ${line.length} ${line.head.toString('utf8')}`;
    case 'unasked':
      return `unasked ${line.length}`;
    case 'violation':
      return line.detail;
  }
}

test('lines end at 0x0A only, lose one trailing return, and empty ones are skipped', () => {
  assert.deepEqual(split(['{"a":1}\r\n\n\r\n[2]\n{"b":"\u2028"}\r\r\n']), [
    '{"a":1}',
    '[2]',
    '{"b":"\u2028"}\r',
  ]);
});

test('a byte order mark is left out at the start and before any line', () => {
  assert.deepEqual(split(['\ufeff{}\n\ufeff[]\n\ufeff\n']), ['{}', '[]']);
});

test('a byte order mark makes no noise of a line that is looked at before it is whole', () => {
  const long = `{"a":"${'x'.repeat(2_000)}"}`;
  assert.deepEqual(split(['\ufeff', long.slice(0, 1_000), long.slice(1_000), '\n[]\n']), [long, '[]']);
});

test('what starts like no JSON object or array is noise, with its beginning and size', () => {
  assert.deepEqual(split(['banner\n', ' \t{}\n', '1\n']), ['noise 6 banner', ' \t{}', 'noise 1 1']);
  const long = 'x'.repeat(5_000);
  assert.deepEqual(split([long, long, '\n{}\n']), [`noise 10000 ${'x'.repeat(800)}`, '{}']);
});

test('an unfinished line over the cap is a violation, and nothing follows', () => {
  const splitter = new LineSplitter(10);
  splitter.push(Buffer.from('{"a":12345'));
  assert.equal(splitter.next(), undefined);
  splitter.push(Buffer.from('6}\n{}\n'));
  assert.equal(splitter.next()?.kind, 'violation');
  splitter.push(Buffer.from('{}\n'));
  assert.equal(splitter.next()?.kind, 'violation');
  assert.equal(splitter.hasBacklog, false);
});

test('a complete line of exactly the cap passes', () => {
  assert.deepEqual(split(['{"a":1234}\n'], 10), ['{"a":1234}']);
});

for (const [name, bytes] of [
  ['little-endian with a mark', Buffer.from('\ufeff{}\n', 'utf16le')],
  ['big-endian with a mark', Buffer.from('\ufeff{}\n', 'utf16le').swap16()],
  ['little-endian without', Buffer.from('{"\n', 'utf16le')],
  ['big-endian without', Buffer.from('{"\n', 'utf16le').swap16()],
] as const)
  test(`UTF-16 ${name} is recognised in the first four bytes, even one by one`, () => {
    assert.match(split([bytes])[0] ?? '', /^writes UTF-16/);
    assert.match(split([...bytes].map((byte) => Buffer.of(byte)))[0] ?? '', /^writes UTF-16/);
  });

test('what stands behind the last end of a line is given once, when asked for', () => {
  const splitter = new LineSplitter(100);
  splitter.push(Buffer.from('{}\n{"é'));
  assert.notEqual(splitter.next(), undefined);
  assert.equal(splitter.finish(), undefined, 'a line that was not looked at may have an end');
  assert.equal(splitter.next(), undefined);
  assert.deepEqual(splitter.finish(), { kind: 'line', bytes: Buffer.from('{"é') });
  assert.equal(splitter.finish(), undefined);
});

test('any chunking of a transcript gives the same lines', () => {
  const line = fc.oneof(
    fc.json().map((text) => text),
    fc.string({ unit: 'binary', maxLength: 50 }).map((text) => text.replaceAll('\n', '')),
    fc.nat(40_000).map((length) => `{"text":"${'é'.repeat(length)}"}`),
    fc.nat(3_000).map((length) => 'noise'.repeat(length)),
  );
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 70_000 })),
      (lines, sizes) => {
        const bytes = Buffer.from(lines.map((one) => `${one}\n`).join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of [...sizes, bytes.length]) {
          if (at < bytes.length) chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        assert.deepEqual(split(chunks), split([bytes]));
      },
    ),
    { numRuns: 150 },
  );
});

test('a line sent byte by byte costs memory like its size', () => {
  const splitter = new LineSplitter(10_000_000);
  const before = process.memoryUsage().heapUsed;
  splitter.push(Buffer.from('{"text":"'));
  for (let count = 0; count < 300_000; count += 1) {
    splitter.push(Buffer.of(0x61));
    splitter.next();
  }
  // An object per byte would be 30 MB and more, collected or not.
  assert.ok(pieceCount(splitter) < 20);
  splitter.push(Buffer.from('"}\n'));
  const line = splitter.next();
  assert.ok(line?.kind === 'line' && line.bytes.length === 300_011 && before > 0);
});

function pieceCount(splitter: LineSplitter): number {
  return (splitter as unknown as { readonly begun: { readonly pieces: readonly Buffer[] } }).begun.pieces
    .length;
}

test('64 MB in chunks of 64 KB take time linear in their size', () => {
  const time = (chunks: number): number => {
    const splitter = new LineSplitter(128 * 1_048_576);
    const chunk = Buffer.alloc(65_536, 0x61);
    const start = performance.now();
    splitter.push(Buffer.from('{"'));
    for (let count = 0; count < chunks; count += 1) {
      splitter.push(chunk);
      splitter.next();
    }
    return performance.now() - start;
  };
  time(64);
  // Quadratic work would make it 16 times as long per chunk, in seconds.
  assert.ok(time(1_024) < 1_000);
});
