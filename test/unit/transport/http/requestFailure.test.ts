import assert from 'node:assert/strict';
import { test } from 'node:test';

import { FailureError } from '../../../../src/protocol/failure';
import { NetworkError } from '../../../../src/transport/http/networkFailure';
import { RedirectError } from '../../../../src/transport/http/redirects';
import { requestFailure } from '../../../../src/transport/http/replies';

test('a call may have been carried out when it has left, and nobody has refused it (T127)', () => {
  const host = 'a.example';
  const cut = new NetworkError('cut', host);
  const refusal = (status: number): FailureError =>
    new FailureError({ code: 'http-error', status, isPage: false });
  const cases: readonly (readonly [unknown, boolean, string])[] = [
    [cut, false, 'before there was a connection'],
    [cut.whenSent(), true, 'on its way'],
    [new NetworkError('timeout', host), false, 'nobody answers the connection'],
    [new NetworkError('timeout', host).whenSent(), true, 'nobody answers the request'],
    [
      new NetworkError('tls', host, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED').whenSent(),
      false,
      'no certificate',
    ],
    [new NetworkError('certificate', host).whenSent(), false, 'a certificate that is not taken'],
    [Object.assign(new Error('gone'), { code: 'ECONNRESET' }), true, 'while the answer is read'],
    [new FailureError({ code: 'network', problem: 'cut', host, forSignIn: true }), false, 'while signing in'],
    [new FailureError({ code: 'sign-in-closed' }), false, 'nobody signed in'],
    [new RedirectError('too-many'), false, 'sent elsewhere'],
    [refusal(404), false, 'refused'],
    [refusal(502), true, 'given up by a proxy'],
  ];
  for (const [error, mayHaveActed, what] of cases) {
    const told = (method: string, wasTaken: boolean): boolean =>
      requestFailure(error, host, method, wasTaken).mayHaveActed === true;
    assert.equal(told('tools/call', false), mayHaveActed, what);
    assert.ok(told('tools/call', true), `${what}, of one that the server has begun to answer`);
    assert.ok(!told('tools/list', true), `${what}, of one that carries out nothing`);
  }
});
