import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LogRate } from '../../../src/base/logRate';
import { redact } from '../../../src/policy/redact';
import { MAX_STDERR_LINE, StderrLines } from '../../../src/transport/stderrLines';
import { ManualClock } from './manualClock';

function recording(): {
  clock: ManualClock;
  stderr: StderrLines;
  reports: (readonly [readonly string[], number])[];
} {
  const clock = new ManualClock();
  const reports: (readonly [readonly string[], number])[] = [];
  const stderr = new StderrLines(clock, new LogRate(clock), (lines, dropped) => {
    reports.push([lines, dropped]);
  });
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

test('a line is cut at its bound, and says so', () => {
  const { stderr, reports } = recording();
  for (let count = 0; count < 10; count += 1) stderr.push(Buffer.alloc(5_000, 'x'));
  stderr.push(Buffer.from(`\nnext\n${'y'.repeat(MAX_STDERR_LINE)}\n`));
  assert.deepEqual(reports, [[[`${'x'.repeat(MAX_STDERR_LINE)}…`, 'next', 'y'.repeat(MAX_STDERR_LINE)], 0]]);
});

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
const written = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

test('more than 200 lines a second are counted, the count is told in time, and the last of them with it', () => {
  const { clock, stderr, reports } = recording();
  stderr.push(written(numbered(0, 500)));
  stderr.push(written(numbered(500, 550)));
  assert.deepEqual(reports.splice(0), [[numbered(0, 200), 0]]);
  clock.advance(999);
  assert.deepEqual(reports, []);
  clock.advance(1);
  assert.deepEqual(reports.splice(0), [
    [[], 330],
    [numbered(530, 550), 0],
  ]);
  stderr.push(Buffer.from('again\n'));
  assert.deepEqual(reports, [[['again'], 0]]);
});

test('what was left out is told in its place, and counts like all else', () => {
  const { clock, stderr, reports } = recording();
  clock.advance(500);
  stderr.push(written(numbered(0, 205)));
  clock.advance(500);
  stderr.push(written(numbered(205, 500)));
  assert.deepEqual(reports.splice(0), [
    [numbered(0, 200), 0],
    [numbered(200, 205), 0],
    [numbered(205, 400), 0],
  ]);
  clock.advance(1_000);
  assert.deepEqual(reports, [
    [[], 80],
    [numbered(480, 500), 0],
  ]);
});

test('long lines are fewer, and nothing finds room behind what was left out', () => {
  const { clock, stderr, reports } = recording();
  stderr.push(Buffer.from(`${`${'x'.repeat(7_000)}\n`.repeat(50)}and why\n`));
  assert.deepEqual(reports.splice(0), [[Array.from({ length: 5 }, () => 'x'.repeat(7_000)), 0]]);
  stderr.end();
  assert.deepEqual(reports.splice(0), [
    [[], 26],
    [[...Array.from({ length: 19 }, () => `${'x'.repeat(500)}…`), 'and why'], 0],
  ]);
  clock.advance(1_000);
  stderr.push(Buffer.from(`${'\u0001'.repeat(7_000)}\n`.repeat(50)));
  assert.equal(reports[0]?.[0].length, 1);
});

const UNSEEN = '\u0001'.repeat(8_192);

test('what is told of a gap is part of the share', () => {
  const { clock, stderr, reports } = recording();
  const flood = Buffer.from(`${UNSEEN}\n`.repeat(50));
  stderr.push(flood);
  for (let second = 0; second < 5; second++) {
    reports.length = 0;
    clock.advance(1_000);
    stderr.push(flood);
    // Each counts eight times, and the last one of a second may be longer than what is left.
    const told = reports.flatMap(([lines]) => lines).length;
    assert.ok(told === Math.ceil(32_768 / (500 * 8)), `${told} lines`);
  }
});

test('what is told of a gap waits while others have used up the share', () => {
  const clock = new ManualClock();
  const rate = new LogRate(clock);
  const told: string[] = [];
  const stderr = new StderrLines(clock, rate, (lines) => void told.push(...lines));
  clock.advance(500);
  rate.take(UNSEEN);
  stderr.push(Buffer.from('why\n'));
  clock.advance(600);
  rate.take(UNSEEN);
  clock.advance(400);
  assert.deepEqual(told, []);
  clock.advance(1_000);
  assert.deepEqual(told, ['why']);
});

test('a cut leaves no half of a character, behind which the beginning of a secret would not be seen', () => {
  const secret = 'пароль-очень-секретный-длинный';
  for (const before of [460, 461]) {
    const { clock, stderr, reports } = recording();
    stderr.push(Buffer.from(`${'x\n'.repeat(200)}${'x'.repeat(before)}${secret}\n`));
    clock.advance(1_000);
    const line = reports.flatMap(([lines]) => lines).at(-1) ?? '';
    assert.match(line, /^x+пароль-очень-[а-я-]*…$/);
    assert.equal(redact(line, [secret]), `${'x'.repeat(before)}***…`);
  }
});

test('the last line of a server that wrote too much is told at its end, whole or not', () => {
  const { stderr, reports } = recording();
  stderr.push(Buffer.from(`${'x\n'.repeat(300)}FATAL: no\r`));
  stderr.end();
  assert.deepEqual(reports.slice(1), [
    [[], 81],
    [[...Array.from({ length: 19 }, () => 'x'), 'FATAL: no'], 0],
  ]);
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
