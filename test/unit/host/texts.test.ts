import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseEnvFile } from '../../../src/host/envFile';
import { StderrTail } from '../../../src/host/stderrTail';
import { untilAborted } from '../../../src/host/untilAborted';
import { Deferred } from '../../../src/base/deferred';

test('an environment file is read as it usually is, and nothing in it is expanded', () => {
  const text = [
    '\uFEFFFIRST=1',
    '# a comment',
    'export EXPORTED = spaced out  ',
    'QUOTED="a # b\\nc \\"d\\""',
    'FOLDER="C:\\dir\\"',
    "SINGLE='$HOME \\n'",
    'COMMENT=value # not this',
    'HASH=a#b',
    'EMPTY=',
    'EQUALS=a=b',
    'VARIABLE=${HOME}',
    'FIRST=2\r',
    'no assignment',
    '1BAD=x',
    '__proto__=p',
  ].join('\n');
  assert.deepEqual(Object.fromEntries([...parseEnvFile(text)].filter(([name]) => name !== '__proto__')), {
    FIRST: '2',
    EXPORTED: 'spaced out',
    QUOTED: 'a # b\nc "d"',
    FOLDER: 'C:\\dir\\',
    SINGLE: '$HOME \\n',
    COMMENT: 'value',
    HASH: 'a#b',
    EMPTY: '',
    EQUALS: 'a=b',
    VARIABLE: '${HOME}',
  });
  assert.equal(parseEnvFile(text).get('__proto__'), 'p');
});

test('of stderr the last lines stay, bounded in number and length, and secrets go when they are read', () => {
  const tail = new StderrTail((line) => line.replaceAll('secret', '***'));
  tail.add(
    Array.from({ length: 100 }, (_, index) => `line ${index}`),
    0,
  );
  tail.add(['x'.repeat(5_000), 'the secret'], 7);
  const lines = tail.lines();
  assert.equal(lines.length, 20);
  assert.equal(lines[0], 'line 83');
  assert.deepEqual(lines.slice(-2), ['the ***', '(7 more lines were left out)']);
  assert.equal(lines.at(-3)?.length, 2_000);
  tail.clear();
  assert.deepEqual(tail.lines(), []);
});

test('waiting ends when the signal aborts, and what comes later is ignored, errors too', async () => {
  const abort = new AbortController();
  const work = new Deferred<string>();
  const waiting = untilAborted(work.promise, abort.signal);
  abort.abort();
  assert.equal(await waiting, undefined);
  work.reject(new Error('late'));
  assert.equal(await untilAborted(Promise.reject(new Error('at once')), abort.signal), undefined);
  const { signal } = new AbortController();
  assert.equal(await untilAborted(Promise.resolve('done'), signal), 'done');
  await assert.rejects(untilAborted(Promise.reject(new Error('failed')), signal), /failed/);
});
