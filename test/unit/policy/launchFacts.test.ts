import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changedFacts, launchFacts, readFacts, storedFacts } from '../../../src/policy/launchFacts';
import { review } from './reviews';

const WHOLE = {
  command: 'node',
  args: ['a.js', ''],
  cwd: '/w',
  env: { MODE: 'fast', API_TOKEN: 'abcdefghijkl', OLD: null, HOME_OF: '${env:HOME}', ASKED: '${input:key}' },
  envFile: '/w/.env',
  roots: 'workspace',
};
const factsOf = (raw: object): ReturnType<typeof launchFacts> =>
  launchFacts(review(raw, { resolvedCommand: '/usr/bin/node' }));

test('every field that is changed, added or taken away is told, and no other', () => {
  const before = factsOf(WHOLE);
  const { cwd: _, ...withoutFolder } = WHOLE;
  for (const [name, raw, expected] of [
    ['nothing', WHOLE, []],
    ['command', { ...WHOLE, command: 'deno' }, ['command']],
    ['an argument', { ...WHOLE, args: ['b.js', ''] }, ['args']],
    ['an empty argument', { ...WHOLE, args: ['a.js'] }, ['args']],
    ['the order of arguments', { ...WHOLE, args: ['', 'a.js'] }, ['args']],
    ['no folder', withoutFolder, ['cwd']],
    ['a variable', { ...WHOLE, env: { ...WHOLE.env, MODE: 'slow' } }, ['env']],
    ['a reference', { ...WHOLE, env: { ...WHOLE.env, HOME_OF: '${env:AWS}' } }, ['env', 'readsEnvironment']],
    ['a file', { ...WHOLE, envFile: '/w/other.env' }, ['envFile']],
    ['a log level', { ...WHOLE, logLevel: 'debug' }, ['logLevel']],
    ['what it may ask for', { ...WHOLE, roots: 'none' }, ['mayAsk']],
  ] as const)
    assert.deepEqual([...changedFacts(before, factsOf(raw))], expected, name);
});

test('facts survive being stored, and hold no secret', () => {
  const facts = factsOf(WHOLE);
  const stored = JSON.stringify(storedFacts(facts));
  assert.doesNotMatch(stored, /abcdefghijkl/);
  const read = readFacts(JSON.parse(stored));
  assert.ok(read);
  assert.deepEqual([...changedFacts(facts, read)], []);
});

test('what is not facts is not read as facts', () => {
  for (const stored of [undefined, null, 'a', [], { args: 'a' }, { args: [1] }, { command: [null] }])
    assert.equal(readFacts(stored), undefined);
  assert.deepEqual(readFacts({ unknown: ['a'], args: ['b'] }), new Map([['args', ['b']]]));
});
