import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { IDS, ROWS } from '../requirements';
import type { Requirement } from '../requirements/requirement';
import { testTitles } from '../support/testTitles';

const known = new Map<string, ReadonlySet<string>>();

/** The titles in one file below `test`, or undefined when there is no such file of tests. */
function titlesIn(file: string): ReadonlySet<string> | undefined {
  const place = path.resolve('test', file);
  if (!/^[\w./-]+\.test\.ts$/.test(file) || file.includes('..') || !existsSync(place)) return undefined;
  const titles = known.get(file) ?? testTitles(readFileSync(place, 'utf8'));
  known.set(file, titles);
  return titles;
}

/** What is wrong with one name of a test. */
function problemOf(name: string): string | undefined {
  const [, file = '', title = ''] = /^([^#]*)#([^]*)$/.exec(name) ?? [];
  const titles = titlesIn(file);
  if (!titles) return `there is no file of tests ${file || name}`;
  return titles.has(title) ? undefined : `${file} has no test "${title}"`;
}

/** What is wrong with one row. */
function problemsOf(row: Requirement): readonly string[] {
  if ('notApplicable' in row) return row.notApplicable.trim() === '' ? ['it gives no reason'] : [];
  const found = row.tests.flatMap((name) => problemOf(name) ?? []);
  if (row.summary.trim() === '') found.push('it says nothing');
  if (row.tests.length === 0) found.push('it has no test');
  if (new Set(row.tests).size < row.tests.length) found.push('it names a test twice');
  return found;
}

test('every row of the specification is there exactly once, and no other', () => {
  assert.equal(IDS.length, 269);
  assert.equal(new Set(IDS).size, IDS.length);
  const ids = ROWS.map(([id]) => id);
  assert.deepEqual(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
    'none is there twice',
  );
  assert.deepEqual([...ids].sort(), [...IDS].sort());
});

test('every row names tests that exist, or says why it does not apply', () => {
  const problems = ROWS.flatMap(([id, row]) => problemsOf(row).map((problem) => `${id}: ${problem}`));
  assert.deepEqual(problems, []);
});

test('titles are read as they stand in a source, and only those of tests that run', () => {
  const titles = testTitles(`
    test('plain', () => {});
    describe("quoted", () => { it('it\\'s inside', () => {}); });
    for (const x of []) test(\`with \${x} and \${'y'}\`, () => {});
    await t.test('a part', () => {});
    test.skip('skipped', () => {}); test.todo('to do'); it.only.skip('x');
    const text = "test('in a string', () => {})"; // test('in a comment')
    other('no test', () => {}); /pattern/.test('a text that is matched'); test('without a body');
  `);
  assert.deepEqual([...titles].sort(), ['a part', "it's inside", 'plain', 'quoted', "with ${x} and ${'y'}"]);
});
