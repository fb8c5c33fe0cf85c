import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { OTHERS } from '../../../src/host/usage';
import { csvField, usageCsv } from '../../../src/presentation/usageCsv';
import { counts, series } from '../../support/usage';

/** Reads CSV as RFC 4180 defines it. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  while (field.lastIndex < text.length) {
    const found = field.exec(text);
    assert.ok(found, 'every character is part of a field');
    row.push(found[1] === undefined ? (found[2] ?? '') : found[1].replaceAll('""', '"'));
    if (found[3] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

test('a header stands above a line for each day, server and model, each ended by CR LF', () => {
  const csv = usageCsv([
    {
      day: '2026-11-21',
      series: { ...series('a', 'm'), where: 'app' },
      counts: counts('answered', 1_234, 56, 78),
    },
    { day: '2026-11-22', series: OTHERS, counts: counts('refused-busy') },
  ]);
  assert.ok(csv.endsWith('\r\n'));
  const [header = [], ...lines] = parse(csv);
  const named = lines.map((line): Record<string, string> =>
    Object.fromEntries(
      header.map((name, index) => [name, line[index] ?? ''] as const).filter(([, value]) => value !== '0'),
    ),
  );
  assert.deepEqual(named, [
    {
      day: '2026-11-21',
      server: 'a',
      folder: 'app',
      model: 'm',
      vendor: 'vendor',
      requests: '1',
      answered: '1',
      'tokens-in': '1234',
      'tokens-out': '56',
      'tokens-estimated': '78',
    },
    {
      day: '2026-11-22',
      server: 'Others',
      folder: '',
      model: '',
      vendor: '',
      requests: '1',
      'refused-busy': '1',
    },
  ]);
  assert.ok(lines.every((line) => line.length === header.length));
  assert.equal(parse(usageCsv([])).length, 1);
});

test('every field comes back as it went in, whatever separators and quotes it holds', () => {
  assert.equal(csvField('plain text'), 'plain text');
  assert.equal(csvField('a,b'), '"a,b"');
  assert.equal(csvField('say "x"'), '"say ""x"""');
  assert.equal(csvField('a\r\nb'), '"a\r\nb"');
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\r', '\n', ' ') })), (texts) => {
      const line = ['first', ...texts];
      assert.deepEqual(parse(`${line.map(csvField).join(',')}\r\n`), [line]);
    }),
  );
});

test('no name becomes a formula in a spreadsheet', () => {
  for (const [text, field] of [
    ['=cmd|"/c calc"!A0', '"\'=cmd|""/c calc""!A0"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1+1', "'＝1+1"],
    [' \t=1', "' \t=1"],
    ['x;=1+1', "x;'=1+1"],
    ['a=b', 'a=b'],
    ['a-b', 'a-b'],
  ] as const)
    assert.equal(csvField(text), field);
  const csv = usageCsv([
    {
      day: '2026-11-22',
      series: {
        serverKey: 'k',
        serverName: '=1+1',
        where: '\t=1+1',
        modelName: '@x',
        modelVendor: '\u202E=1',
      },
      counts: counts(),
    },
  ]);
  for (const cell of parse(csv)[1] ?? []) assert.doesNotMatch(cell, /^[\s\p{Cc}\p{Cf}]*[=+\-@]/u);
});
