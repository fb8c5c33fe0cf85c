import assert from 'node:assert/strict';
import { test } from 'node:test';

import { problem, quoting } from '../../../src/authorization/problem';
import { AUTHORIZATION_TEXTS } from '../../../src/presentation/authorizationTexts';
import { describeFailure } from '../../../src/presentation/failureTexts';

test('every problem is one sentence of our own, and holds nothing that a server says', () => {
  for (const code of Object.keys(AUTHORIZATION_TEXTS) as (keyof typeof AUTHORIZATION_TEXTS)[]) {
    assert.match(describeFailure(problem(code).failure), /^[A-Z][^.]+\.$/);
    assert.match(describeFailure(problem(code, 'a detail').failure), /^[A-Z][^.]+ \(a detail\)\.$/);
    const said = quoting(code, 'CANARY', 'CANARY', []);
    assert.doesNotMatch(describeFailure(said.failure) + said.message, /CANARY/);
  }
  for (const code of ['sign-in-needed', 'sign-in-closed', 'sign-in-denied'] as const)
    assert.match(describeFailure({ code }), /^(?:The|You) [^.]+\.$/);
});

test('what a server says is cut, and secrets in it are gone before that', () => {
  const secret = 'S'.repeat(400);
  const { failure } = quoting('token-refused', 'bad', `${'x'.repeat(290)}${secret}`, [secret, '']);
  assert.ok(failure.code === 'authorization');
  assert.equal(failure.serverSays?.includes('SSSS'), false);
  assert.ok((failure.serverSays ?? '').length <= 300);
});
