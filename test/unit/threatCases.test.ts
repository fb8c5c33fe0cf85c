/** Every case of the abuse catalogue about processes, the wire, signing in, data and consent has a test, by name: none gets lost when tests are moved. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

/** Cases whose tests carry other names than their id; all others are found by the id in a test's name. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  T033: ['of a host that is killed nothing is left within 5 s: no server, no client, no reaper'],
  T034: ['the host closes all its servers at once, within 3 s'],
  T035: ['a process that took over the pid of a watched one is left alone'],
  T037: [
    'whatever happens to a server of the ${scope.kind}, it comes to rest with at most one process, as its state says',
  ],
  T038: [
    'silence for the probe time leads to the handshake, and the probe is then cancelled',
    'a server that dies every time is started twice at most, and tells how it ended',
  ],
  T039: [
    'a server that answers nothing is given up at the connect deadline; initialize is never cancelled',
    'a list that takes longer than thirty seconds is cut between pages',
  ],
  T040: [
    'silence ends a call and cancels it at the server in the ${era} era',
    'unrelated calls share one connection and one process, each answered under its own id',
  ],
  T043: ['a hundred starts and stops leave no process, handle or listener behind'],
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
  T102: [
    'a repeated cursor stops the list and keeps what came',
    'endless pages stop at one hundred',
    'a read that breaks off behind its first page keeps a whole list, and takes the place of one that was not whole (T102)',
  ],
  T103: ['structured content counts when it is there, whatever it is'],
  T104: [
    'no schema makes the planner throw',
    'defaults, examples and texts are kept, and keys such as __proto__ are ordinary',
  ],
};

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

test('each case of processes, the wire, signing in and data (T031 to T104) has a test', () => {
  for (const id of range(31, 104)) {
    const named = NAMED[id] ?? [];
    for (const name of named) assert.ok(TESTS.includes(name), `${id}: there is no test "${name}"`);
    // A name may hold an id anywhere, as in "T045, T046 marks and line ends".
    const byId = new RegExp(`['"\`][^\n]*\\b${id}\\b`).test(TESTS);
    assert.ok(named.length > 0 || byId, `${id} has no test`);
  }
});

test('each case of consent, sampling, input and folders (T132 to T148) has a test whose name holds its id', () => {
  for (const id of range(132, 148))
    assert.match(TESTS, new RegExp(`\\btest\\(\\s*['"\`][^\n]*\\b${id}\\b`), `${id} has no test`);
});
