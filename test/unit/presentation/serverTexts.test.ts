import assert from 'node:assert/strict';
import { test } from 'node:test';

import { stateLabel } from '../../../src/presentation/serverTexts';
import type { Failure } from '../../../src/protocol/failure';

function labelOf(failure: Failure): string {
  return stateLabel({ kind: 'failed', cause: { kind: 'failure', failure, stderr: [] } });
}

test('the row of a remote server that failed tells what kind of failure it was', () => {
  const host = 'example.com';
  const cases: readonly (readonly [Failure, string])[] = [
    [{ code: 'network', problem: 'refused', host }, 'failed: nothing answers'],
    [{ code: 'network', problem: 'unknown-host', host }, 'failed: host not known'],
    [{ code: 'network', problem: 'certificate', host }, 'failed: certificate not accepted'],
    [{ code: 'network', problem: 'refused', host, forSignIn: true }, 'failed: no way to sign in now'],
    [{ code: 'http-error', status: 403, isPage: false }, 'failed: HTTP 403'],
    [{ code: 'server-error', rpcCode: -32_603, message: 'no', httpStatus: 500 }, 'failed: HTTP 500'],
    [{ code: 'server-error', rpcCode: -32_603, message: 'no' }, 'failed: answered with an error'],
    [{ code: 'redirected', reason: 'other-origin' }, 'failed: has moved'],
    [{ code: 'timeout', ms: 1_000, limit: 'connect' }, 'failed: no answer in time'],
  ];
  for (const [failure, label] of cases) assert.equal(labelOf(failure), label);
});
