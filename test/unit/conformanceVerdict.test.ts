/** What `npm run test:conformance` takes for a failure, beyond what the official suite does. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

interface Said {
  readonly code: number;
  readonly output: string;
  readonly hung: boolean;
  readonly checks: readonly { readonly id: string; readonly status: string }[];
}

type VerdictOn = (said: Said, expected: number) => { readonly trouble?: string; readonly succeeded: number };

async function verdictOn(...given: Parameters<VerdictOn>): Promise<ReturnType<VerdictOn>> {
  const file = pathToFileURL(path.resolve('scripts', 'lib', 'conformanceVerdict.mjs')).href;
  return ((await import(file)) as { readonly verdictOn: VerdictOn }).verdictOn(...given);
}

const check = (id: string, status = 'SUCCESS') => ({ id, status });
const GOOD: Said = {
  code: 0,
  output: 'all is well',
  hung: false,
  checks: [check('a'), check('b'), check('c', 'INFO'), check('d', 'SKIPPED')],
};

test('a run passes when as many checks succeed as are recorded, and nothing is wrong with it', async () => {
  assert.deepEqual(await verdictOn(GOOD, 2), { succeeded: 2 });
  assert.deepEqual(await verdictOn(GOOD, 1), { succeeded: 2 });
});

const BAD: readonly (readonly [what: string, change: Partial<Said>, expected: number, trouble: string])[] = [
  [
    'a check that failed',
    { checks: [...GOOD.checks, check('x', 'FAILURE'), check('x', 'FAILURE')] },
    2,
    'x (FAILURE)',
  ],
  ['a warning', { checks: [...GOOD.checks, check('x', 'WARNING')] }, 2, 'x (WARNING)'],
  ['fewer checks than are recorded', {}, 3, '2 of 3 checks succeeded'],
  ['no check at all', { checks: [] }, 0, '0 of 0 checks succeeded'],
  ['checks that were skipped only', { checks: [check('d', 'SKIPPED')] }, 1, '0 of 1 checks succeeded'],
  [
    "an exit code of the client's, whatever the checks say",
    { output: '\nCLIENT EXITED WITH ERROR (code 1) - Test may be incomplete' },
    2,
    "the client's exit code is 1",
  ],
  ['a client that took too long', { output: '\nCLIENT TIMED OUT' }, 2, 'the client took too long'],
  ['a client that had to be ended', { hung: true }, 2, 'the client did not end'],
  ['an exit code of the suite', { code: 1 }, 2, "the suite's exit code is 1"],
];

for (const [what, change, expected, trouble] of BAD)
  test(`a run with ${what} fails`, async () => {
    assert.equal((await verdictOn({ ...GOOD, ...change }, expected)).trouble, trouble);
  });

test('the suite still says in these words that a client took too long, or ended with an exit code', () => {
  const suite = readFileSync(
    path.resolve('node_modules', '@modelcontextprotocol', 'conformance', 'dist', 'index.js'),
    'utf8',
  );
  assert.ok(suite.includes('CLIENT TIMED OUT'));
  assert.ok(suite.includes('CLIENT EXITED WITH ERROR (code '));
});
