import assert from 'node:assert/strict';
import { test } from 'node:test';

import { MAX_STDERR_LINE, StderrLines } from '../../../src/transport/stderrLines';
import { ManualClock } from './manualClock';

function recording(): {
  clock: ManualClock;
  stderr: StderrLines;
  reports: (readonly [readonly string[], number])[];
} {
  const clock = new ManualClock();
  const reports: (readonly [readonly string[], number])[] = [];
  const stderr = new StderrLines(clock, (lines, dropped) => reports.push([lines, dropped]));
  return { clock, stderr, reports };
}

test('lines of one chunk are reported together, a split one when it ends', () => {
  const { stderr, reports } = recording();
  stderr.push(Buffer.from('one\r\n\ntwo\nthr'));
  stderr.push(Buffer.from('ee\n'));
  stderr.push(Buffer.from('end'));
  stderr.end();
  assert.deepEqual(reports, [
    [['one', '', 'two'], 0],
    [['three'], 0],
    [['end'], 0],
  ]);
});

test('a line is cut at its bound', () => {
  const { stderr, reports } = recording();
  for (let count = 0; count < 10; count += 1) stderr.push(Buffer.alloc(5_000, 'x'));
  stderr.push(Buffer.from('\nnext\n'));
  assert.deepEqual(reports, [[['x'.repeat(MAX_STDERR_LINE), 'next'], 0]]);
});

test('more than 200 lines a second are counted, and the count is reported in time', () => {
  const { clock, stderr, reports } = recording();
  stderr.push(Buffer.from('x\n'.repeat(500)));
  assert.deepEqual([reports[0]?.[0].length, reports[0]?.[1]], [200, 300]);
  stderr.push(Buffer.from('x\n'.repeat(50)));
  assert.equal(reports.length, 1);
  clock.advance(999);
  assert.equal(reports.length, 1);
  clock.advance(1);
  assert.deepEqual(reports[1], [[], 50]);
  stderr.push(Buffer.from('again\n'));
  assert.deepEqual(reports[2], [['again'], 0]);
});

test('long lines are fewer, and a short one finds room among them', () => {
  const { clock, stderr, reports } = recording();
  stderr.push(Buffer.from(`${'x'.repeat(7_000)}\n`.repeat(50)));
  assert.deepEqual([reports[0]?.[0].length, reports[0]?.[1]], [4, 46]);
  stderr.push(Buffer.from('and why\n'));
  assert.deepEqual(reports[1], [['and why'], 0]);
  clock.advance(1_000);
  stderr.push(Buffer.from(`${'\u0001'.repeat(7_000)}\n`.repeat(50)));
  assert.deepEqual([reports[2]?.[0].length, reports[2]?.[1]], [1, 49]);
});

test('nothing is reported after the end', () => {
  const { clock, stderr, reports } = recording();
  stderr.push(Buffer.from('x\n'.repeat(250)));
  stderr.push(Buffer.from('x\n'.repeat(10)));
  stderr.end();
  const count = reports.length;
  clock.advance(10_000);
  assert.equal(reports.length, count);
});
