import assert from 'node:assert/strict';
import { test } from 'node:test';

import { AccountAuthorization } from '../../../src/client/accountAuthorization';

const SERVER = new URL('https://mcp.example/mcp');

test("the token of an account goes to its server's origin alone, and is asked for once while it is good", async () => {
  let asked = 0;
  const account = new AccountAuthorization(
    SERVER.href,
    { holds: () => assert.fail('there is no session') },
    () => Promise.resolve(`Bearer ${++asked}`),
    () => undefined,
  );
  assert.deepEqual(await account.headersFor({ method: 'POST', url: new URL('https://other.example/') }), []);
  assert.equal(asked, 0);
  for (const url of [SERVER, new URL('/sse', SERVER)])
    assert.deepEqual(await account.headersFor({ method: 'GET', url }), [['authorization', 'Bearer 1']]);
});

test('many requests that are refused together ask for one other session, and a request is repeated once', async () => {
  let asked = 0;
  let switches = 0;
  const account = new AccountAuthorization(
    SERVER.href,
    { holds: () => assert.fail('there is no session') },
    () => Promise.resolve(`Bearer ${++asked}`),
    () => switches++,
  );
  const used = await account.headersFor({ method: 'POST', url: SERVER });
  const refused = { status: 401, headers: {}, used, sent: {}, attempt: 1 } as const;
  const verdicts: unknown[] = [];
  for (let request = 0; request < 3; request++) verdicts.push(await account.challenged(refused));
  assert.deepEqual([verdicts, asked, switches], [['retry', 'retry', 'retry'], 2, 1]);
  const again = await account.headersFor({ method: 'POST', url: SERVER });
  assert.deepEqual(await account.challenged({ ...refused, used: again, attempt: 2 }), {
    code: 'authorization',
    problem: 'account-refused',
  });
});

test('a server that wants more rights is not given another session of the same ones', async () => {
  const account = new AccountAuthorization(
    SERVER.href,
    { holds: () => assert.fail('there is no session') },
    () => assert.fail('nobody is asked'),
    () => undefined,
  );
  assert.deepEqual(await account.challenged({ status: 403, headers: {}, used: [], sent: {}, attempt: 1 }), {
    code: 'authorization',
    problem: 'insufficient-scope',
  });
});

test('the ids of sessions are told as secrets, each before the server could quote it (SESS4)', async () => {
  const told: unknown[] = [];
  const account = new AccountAuthorization(
    SERVER.href,
    { holds: (...given) => told.push(given) },
    () => Promise.resolve('Bearer token'),
    () => undefined,
  );
  await account.headersFor({ method: 'POST', url: SERVER });
  for (let answer = 0; answer < 2; answer++) account.noted({ 'mcp-session-id': 'of a header' });
  await account.headersFor({ method: 'POST', url: new URL('/messages?id=of-an-address', SERVER) });
  assert.deepEqual(told, [
    ['session', ['of a header']],
    ['session', ['of-an-address']],
  ]);
});
