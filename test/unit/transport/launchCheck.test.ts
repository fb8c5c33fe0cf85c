import assert from 'node:assert/strict';
import { test } from 'node:test';

import { checkStrings, errnoOf, spawnFailure } from '../../../src/transport/launchCheck';

test('each error of the system is mapped to a reason a person can act on', () => {
  const reasons = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ENOEXEC', 'EBADARCH', 'E2BIG', 'EAGAIN'].map(
    (errno) => spawnFailure(errno, '/x').reason,
  );
  assert.deepEqual(reasons, [
    'not-found',
    'not-found',
    'not-allowed',
    'not-allowed',
    'wrong-format',
    'wrong-format',
    'bad-argument',
    'other',
  ]);
});

test('only the code of an error is taken, never its message', () => {
  assert.equal(errnoOf(Object.assign(new Error('spawn /secret ENOENT'), { code: 'ENOENT' })), 'ENOENT');
  assert.equal(errnoOf('text'), 'UNKNOWN');
});

test('text that would not arrive as written is refused for each system', () => {
  const launch = { command: '/x', args: ['a'], env: { A: 'b' }, cwd: '/' };
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    assert.equal(checkStrings(launch, platform).ok, true);
    for (const bad of ['\0', '\ud800', 'a\udc00b']) {
      assert.equal(checkStrings({ ...launch, args: [bad] }, platform).ok, false);
      assert.equal(checkStrings({ ...launch, env: { A: bad } }, platform).ok, false);
      assert.equal(checkStrings({ ...launch, cwd: bad }, platform).ok, false);
      assert.equal(checkStrings({ ...launch, command: bad }, platform).ok, false);
    }
    assert.equal(checkStrings({ ...launch, args: ['x'.repeat(3_000_000)] }, platform).ok, false);
  }
  assert.equal(checkStrings({ ...launch, args: ['😀', 'e\u0301', 'a\nb'] }, 'linux').ok, true);
});
