/** Every case of the abuse catalogue about the wire and about data has a test, by name: none gets lost when tests are moved. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** Cases whose tests carry other names than their id; all others are found by the id in a test's name. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  T044: [
    'noise on stdout is reported line by line and the next message works',
    '200 MB of prose cost little memory',
  ],
  T046: [
    'a message sent byte by byte arrives whole',
    'any chunking of a transcript gives identical messages',
  ],
  T048: ['a line without an end is cut at the cap and its server killed at once'],
  T049: ['more than 200 levels are refused, with and without a look before parsing'],
  T053: ['1 GB of stderr is drained at a bounded rate of reports while the server goes on answering'],
  T057: ['writes to a server that does not read are congested, and its death settles the connection'],
  T061: ['a number that cannot be sent exactly is refused with a reason'],
  T074: ['an address is told by its number, however it is written'],
  T096: ['a pattern that never ends is given up after a second, and this thread does not wait for it'],
  T097: ['schemas beyond the bounds never reach the worker', 'a schema that explodes is given up'],
  T098: ['an identifier never makes one schema stand for another'],
  T099: ['references that lead outside are not followed'],
  T100: [
    'a schema that refers to itself is checked',
    'each dialect is read in its own way, and unknown ones are not checked',
  ],
  T101: [
    'malformed tools are told with place, name and reason, and the others are kept',
    'entries that cannot be used are counted, and told one by one with their reasons',
  ],
  T102: ['a repeated cursor stops the list and keeps what came', 'endless pages stop at one hundred'],
  T103: ['structured content counts when it is there, whatever it is'],
  T104: [
    'no schema makes the planner throw',
    'defaults, examples and texts are kept, and keys such as __proto__ are ordinary',
  ],
};

/** Belong to signing in, and to how connections are made, which have suites of their own. */
const ELSEWHERE = ['T075', 'T076'];

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(full);
    return entry.name.endsWith('.test.ts') && entry.name !== 'threatCases.test.ts'
      ? [readFileSync(full, 'utf8')]
      : [];
  });
}

const TESTS = ['unit', 'contract', 'process']
  .flatMap((layer) => sources(path.resolve('test', layer)))
  .join('\n');

function range(first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `T${String(first + index).padStart(3, '0')}`);
}

test('each case of the wire (T044 to T078) and of data (T096 to T104) has a test', () => {
  for (const id of [...range(44, 78), ...range(96, 104)]) {
    if (ELSEWHERE.includes(id)) continue;
    const named = NAMED[id] ?? [];
    for (const name of named) assert.ok(TESTS.includes(name), `${id}: there is no test "${name}"`);
    // A name may hold an id anywhere, as in "T045, T046 marks and line ends".
    const byId = new RegExp(`['"\`][^'"\`\n]*\\b${id}\\b`).test(TESTS);
    assert.ok(named.length > 0 || byId, `${id} has no test`);
  }
});
