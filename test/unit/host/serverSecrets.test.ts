import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ServerSecrets } from '../../../src/host/serverSecrets';
import type { Failure } from '../../../src/protocol/failure';

test('what comes up while a server runs is taken out from then on, beside what it was given', () => {
  const secrets = new ServerSecrets(['given-at-start']);
  assert.equal(secrets.clean('given-at-start came-later-1'), '*** came-later-1');
  secrets.add({ of: 'credentials', values: ['came-later-1'] });
  assert.equal(secrets.clean('given-at-start came-later-1'), '*** ***');
});

test('the newest are kept, and no number of sessions pushes a token out', () => {
  const secrets = new ServerSecrets([]);
  secrets.add({ of: 'credentials', values: ['the-access-token'] });
  for (let index = 100; index < 200; index++) secrets.add({ of: 'session', values: [`session-${index}-id`] });
  assert.equal(secrets.clean('the-access-token session-199-id session-100-id'), '*** *** session-100-id');
});

test('every text of a server in a failure is cleaned, and what tells failures apart is not', () => {
  const secrets = new ServerSecrets(['CANARY-CANARY', 'token-refused', 'other-origin']);
  const text = 'it is CANARY-CANARY';
  const failures: readonly Failure[] = [
    { code: 'server-error', rpcCode: 1, message: text, data: text },
    { code: 'http-error', status: 500, isPage: false, excerpt: text },
    { code: 'network', problem: 'other', host: 'h', detail: 'HTTP 503', excerpt: text },
    { code: 'authorization', problem: 'token-refused', detail: text, serverSays: text },
    { code: 'redirected', reason: 'other-origin', to: text },
    { code: 'unsupported-version', offered: [text] },
    { code: 'invalid-result', detail: text },
    { code: 'message-refused', bytes: 1, detail: text },
    { code: 'refused', detail: text },
    { code: 'internal', detail: text },
  ];
  for (const failure of failures) {
    const expected = JSON.parse(JSON.stringify(failure).replaceAll('CANARY-CANARY', '***')) as Failure;
    assert.deepEqual(secrets.cleanFailure(failure), expected);
  }
  const bare: Failure = { code: 'http-error', status: 500, isPage: false };
  assert.deepEqual(secrets.cleanFailure(bare), bare);
});
