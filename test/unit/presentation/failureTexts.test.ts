import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeFailure, failureText } from '../../../src/presentation/failureTexts';

test('a server that is not ready in time names the setting that gives it longer, and no cancelling', () => {
  const text = describeFailure({ code: 'timeout', ms: 5_000, limit: 'connect' });
  assert.match(text, /^The server was not ready after 5 s\. .*"timeouts": \{ "connect": … \}/);
  assert.doesNotMatch(text, /cancel/);
});

test('the size of a message that is refused is told in what makes it more than nothing', () => {
  const told = (bytes: number): string =>
    describeFailure({ code: 'message-refused', bytes, detail: 'it nests too deep' });
  assert.match(told(21_735), /a message of 22 KB that was refused: it nests too deep\.$/);
  assert.match(told(134_217_728), /a message of 128\.0 MB that/);
});

test('an address that the server does not know is said to be that, also when it sends a page for it', () => {
  for (const isPage of [true, false])
    assert.equal(
      describeFailure({ code: 'http-error', status: 404, isPage }),
      'The server answered with HTTP 404 (there is nothing at this address).',
    );
});

test('any other web page in the place of an answer points to what may stand in between', () => {
  assert.equal(
    describeFailure({ code: 'http-error', status: 200, isPage: true }),
    'The server answered with HTTP 200 and a web page instead of MCP (a proxy or a sign-in portal?).',
  );
  assert.equal(
    describeFailure({ code: 'http-error', status: 429, isPage: false, retryAfterMs: 30_000 }),
    'The server answered with HTTP 429 (too many requests). It wants to be asked again in 30 s.',
  );
});

test('an answer of another kind with a status of success is said to be none of MCP', () => {
  assert.equal(
    describeFailure({ code: 'http-error', status: 200, isPage: false }),
    'The server answered with HTTP 200, but not with MCP. Is the URL right?',
  );
});

test('that the server may have acted is said once, whatever went wrong (T127)', () => {
  const mayHaveActed = true;
  const cases = [
    { code: 'answer-lost', mayHaveActed },
    { code: 'session-lost', mayHaveActed },
    { code: 'network', problem: 'cut', host: 'a.example', mayHaveActed },
    { code: 'http-error', status: 405, isPage: false, excerpt: 'no', mayHaveActed },
    { code: 'server-error', rpcCode: 1, message: 'no', mayHaveActed },
  ] as const;
  for (const failure of cases)
    assert.equal(failureText(failure).split('The server may still have acted.').length, 2, failure.code);
  assert.equal(
    failureText({ code: 'server-error', rpcCode: 1, message: 'no', mayHaveActed }),
    'The server answered with error 1: "no" The server may still have acted.',
  );
});

test('an address in a private network that only signing in leads to is told with what lets it pass (T080)', () => {
  const failure = { code: 'network', problem: 'forbidden-address', host: 'as.example' } as const;
  assert.match(
    describeFailure({ ...failure, forSignIn: true }),
    /name it as "issuer" of "oauth" in your own settings\.$/,
  );
  assert.doesNotMatch(describeFailure(failure), /issuer/);
});

test('how long a server wants to be left alone is told in what a person counts in, and never as less', () => {
  for (const [ms, text] of [
    [500, '1 s'],
    [119_000, '119 s'],
    [119_001, '2 min'],
    [3_591_900, '60 min'],
    [7_140_001, '2 h'],
  ] as const)
    assert.ok(
      describeFailure({ code: 'http-error', status: 503, isPage: false, retryAfterMs: ms }).endsWith(
        ` in ${text}.`,
      ),
      `${ms}`,
    );
});

test('a refusal that a person can do something about is told in words', () => {
  for (const [status, words] of [
    [406, 'it has no answer of a type that this host takes'],
    [409, 'it is in conflict with what the server does'],
    [415, 'it takes no requests of this type'],
    [501, 'the server does not do this'],
  ] as const)
    assert.equal(
      describeFailure({ code: 'http-error', status, isPage: false }),
      `The server answered with HTTP ${status} (${words}).`,
    );
});

test('a proxy that wants to know who asks is told with the setting that says it, also where it shows a page', () => {
  for (const isPage of [true, false])
    assert.match(
      describeFailure({ code: 'http-error', status: 407, isPage }),
      /HTTP 407 \(the proxy .*"http\.proxyAuthorization" in the settings says\)\.$/,
    );
});

test('a certificate that no trust makes good is told from one that is not trusted', () => {
  const text = (detail: string): string =>
    describeFailure({ code: 'network', problem: 'certificate', host: 'a$&b', detail });
  assert.equal(text('CERT_HAS_EXPIRED'), 'The certificate of a$&b has expired (CERT_HAS_EXPIRED).');
  assert.match(text('CERT_NOT_YET_VALID'), /is not valid yet/);
  assert.match(text('ERR_TLS_CERT_ALTNAME_INVALID'), /is for another host/);
  assert.match(text('DEPTH_ZERO_SELF_SIGNED_CERT'), /is not trusted/);
});

test('of a certificate that is not trusted it is told what helps, and of no other', () => {
  const text = (detail?: string): string =>
    describeFailure({
      code: 'network',
      problem: 'certificate',
      host: 'h',
      ...(detail === undefined ? {} : { detail }),
    });
  const helps =
    /install the certificate.*"http\.systemCertificates".*"http\.proxyStrictSSL": false would trust/;
  for (const detail of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', undefined])
    assert.match(text(detail), helps);
  for (const detail of [
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_REVOKED',
  ])
    assert.doesNotMatch(text(detail), /install|proxyStrictSSL/);
  assert.doesNotMatch(describeFailure({ code: 'network', problem: 'tls', host: 'h' }), /install/);
});
