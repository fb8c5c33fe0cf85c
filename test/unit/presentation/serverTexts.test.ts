import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failureText } from '../../../src/presentation/failureTexts';
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
    [{ code: 'http-error', status: 200, isPage: false }, 'failed: its answer is not MCP'],
    [{ code: 'server-error', rpcCode: -32_603, message: 'no', httpStatus: 500 }, 'failed: HTTP 500'],
    [{ code: 'server-error', rpcCode: -32_603, message: 'no' }, 'failed: answered with an error'],
    [{ code: 'redirected', reason: 'other-origin' }, 'failed: has moved'],
    [{ code: 'authorization', problem: 'pkce-missing' }, 'failed: could not sign in'],
    [{ code: 'authorization', problem: 'header-refused' }, 'failed: Authorization header refused'],
    [{ code: 'refused', detail: 'The server wrote too much.' }, 'failed: not accepted'],
    [{ code: 'invalid-result', detail: 'no' }, 'failed: its answer is not MCP'],
    [{ code: 'timeout', ms: 1_000, limit: 'connect' }, 'failed: no answer in time'],
  ];
  for (const [failure, label] of cases) assert.equal(labelOf(failure), label);
});

test('what a server says of a failure is quoted behind what the failure means, as plain text', () => {
  const cases: readonly (readonly [Failure, string])[] = [
    [
      { code: 'http-error', status: 403, isPage: false, excerpt: 'Ask [us](command:x)\n  for a plan.' },
      'The server answered with HTTP 403 (not allowed). It says: "Ask [us]\u200a(command:x) for a plan."',
    ],
    [
      { code: 'authorization', problem: 'token-refused', serverSays: 'unauthorized_client: no' },
      'The authorization server gave no access. It says: "unauthorized_client: no"',
    ],
    [
      { code: 'server-error', rpcCode: -32_000, message: 'Quota exceeded' },
      'The server answered with error -32000: "Quota exceeded"',
    ],
    [{ code: 'server-error', rpcCode: -32_000, message: ' ' }, 'The server answered with error -32000.'],
    [
      {
        code: 'server-error',
        rpcCode: -32_601,
        message: 'No',
        data: '{"try":\n ["[a](command:x)"]}',
        retryAfterMs: 5_000,
      },
      'The server answered with error -32601 (it does not know this request): "No" ' +
        '(data: {"try": ["[a]\u200a(command:x)"]}). It wants to be asked again in 5 s.',
    ],
    [
      { code: 'http-error', status: 500, isPage: false },
      'The server answered with HTTP 500 (an error of the server).',
    ],
  ];
  for (const [failure, text] of cases) assert.equal(failureText(failure), text);
});
