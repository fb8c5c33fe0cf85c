import assert from 'node:assert/strict';
import { test } from 'node:test';

import { TokenRefusedError } from '../../../src/authorization/problem';
import { FailureError, toFailure } from '../../../src/protocol/failure';

test('a failure of a part that is bundled by itself is one of ours, and nothing else is', () => {
  const failure = { code: 'cancelled' } as const;
  const ofAnother = Object.assign(new Error('Cancelled.'), { name: 'FailureError', failure });
  assert.equal(toFailure(ofAnother), failure);
  const refused = new TokenRefusedError('invalid_grant', undefined, []);
  assert.ok(refused instanceof FailureError && refused instanceof TokenRefusedError);
  assert.ok(!(new FailureError(failure) instanceof TokenRefusedError));
  for (const other of [new Error('no'), Object.assign(new Error('no'), { failure }), { failure }, undefined])
    assert.equal(other instanceof FailureError, false);
});
