import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { test } from 'node:test';

import { AuthorizedHttp } from '../../../src/transport/http/authorizedHttp';
import { readBody } from '../../../src/transport/http/bodies';
import { describeFailure } from '../../../src/presentation/failureTexts';
import { claimsOf, headerOf, jktOf } from '../../support/evilAs';
import { json, type HttpExchange } from '../../support/scriptedHttp';
import { AuthWorld } from './world';

function proofOf({ headers }: HttpExchange): string {
  const { dpop } = headers;
  assert.ok(typeof dpop === 'string', 'there is one proof');
  return dpop;
}

/** Checks a proof as RFC 9449 §4.3 tells servers to. */
function assertProof(proof: string, method: string, url: string, token?: string): void {
  const header = headerOf(proof);
  assert.deepEqual([header['typ'], header['alg']], ['dpop+jwt', 'ES256']);
  const jwk = header['jwk'] as JsonWebKey;
  assert.equal(jwk['d'], undefined, 'the private key stays here');
  const [head, payload, signature = ''] = proof.split('.');
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  assert.ok(verify('sha256', Buffer.from(`${head}.${payload}`), key, Buffer.from(signature, 'base64url')));
  const claims = claimsOf(proof);
  assert.deepEqual([claims['htm'], claims['htu']], [method, url]);
  const hash = token === undefined ? undefined : createHash('sha256').update(token).digest('base64url');
  assert.equal(claims['ath'], hash);
}

test('tokens are bound to a key at the token endpoint, and each request has a fresh proof of it (RFC 9449)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.path = '/mcp?tenant=1';
    world.modes.metadataPath = '/.well-known/oauth-protected-resource/mcp';
    world.modes.metadata = (fields) => void (fields['resource'] = `${world.resource.origin}/mcp`);
    const window = world.window({ dpop: true });
    await world.call(window);
    await world.call(window);
    const token = world.as.http.exchanges.find(({ path }) => path === '/token') ?? assert.fail();
    assertProof(proofOf(token), 'POST', `${world.as.http.origin}/token`);
    const asked = window.browser.opened[0]?.url.searchParams;
    assert.equal(asked?.get('dpop_jkt'), jktOf(proofOf(token)));
    const calls = world.resource.got('POST').filter(({ headers }) => headers.authorization !== undefined);
    const [access = ''] = world.as.granted.keys();
    for (const call of calls) {
      assert.equal(call.headers.authorization, `DPoP ${access}`);
      assertProof(proofOf(call), 'POST', `${world.resource.origin}/mcp`, access);
    }
    assert.equal(new Set(calls.map((call) => claimsOf(proofOf(call))['jti'])).size, 2);
  });
});

test('the key is kept for the next start, and a refresh is proven with it', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window({ dpop: true }));
    const [first] = world.as.granted.values();
    world.as.granted.clear();
    const later = world.window();
    assert.equal(await world.call(later), 'done');
    const [second] = world.as.granted.values();
    assert.ok(second?.jkt !== undefined && second.jkt === first?.jkt);
    assert.equal(later.browser.asked.length, 0);
  });
});

test('a stored key that cannot be read is replaced, and the tokens with it', async () => {
  await AuthWorld.with(async (world) => {
    await world.call(world.window({ dpop: true }));
    const stored = JSON.parse(world.store.record ?? '') as { dpopKey: object };
    world.store.record = JSON.stringify({ ...stored, dpopKey: { ...stored.dpopKey, d: '?' } });
    const later = world.window({ dpop: true });
    assert.equal(await world.call(later), 'done');
    const [first, second] = [...world.as.granted.values()].map(({ jkt }) => jkt);
    assert.ok(first !== undefined && second !== undefined && first !== second);
  });
});

test('behind a redirect within the origin, each address gets a proof of its own (RFC 9449 §4.2)', async () => {
  await AuthWorld.with(async (world) => {
    world.modes.first = ({ path, response }) => {
      if (path !== '/old') return false;
      response.writeHead(307, { location: '/mcp' }).end();
      return true;
    };
    const { authorizer } = world.window({ dpop: true });
    const http = new AuthorizedHttp(world.client, authorizer, world.clock);
    const url = new URL(`${world.resource.origin}/old`);
    const { signal } = world;
    const reply = await http.send({ method: 'POST', url, headers: { 'x-key': 'k' }, body: '{}', signal });
    await readBody(reply, 100_000);
    assert.equal(reply.status, 200);
    const [access = ''] = world.as.granted.keys();
    const [from, to] = world.resource.got('POST').slice(-2);
    assert.ok(from && to);
    assertProof(proofOf(from), 'POST', url.href, access);
    assertProof(proofOf(to), 'POST', world.url.href, access);
    assert.equal(to.headers['x-key'], 'k');
  });
});

test('a nonce that a redirect brings is used behind it, also by a server that takes each only once', async () => {
  await AuthWorld.with(async (world) => {
    let next = 0;
    world.modes.first = ({ path, response }) => {
      if (path !== '/old') return false;
      world.modes.dpopNonce = `nonce-${++next}`;
      response.writeHead(307, { location: '/mcp', 'dpop-nonce': world.modes.dpopNonce }).end();
      return true;
    };
    const { authorizer } = world.window({ dpop: true });
    const http = new AuthorizedHttp(world.client, authorizer, world.clock);
    const url = new URL(`${world.resource.origin}/old`);
    for (const _ of ['a sign-in', 'a call']) {
      const reply = await http.send({ method: 'POST', url, headers: {}, body: '{}', signal: world.signal });
      await readBody(reply, 100_000);
      assert.equal(reply.status, 200);
    }
    const calls = world.resource.got('POST').filter(({ path }) => path === '/mcp');
    assert.deepEqual(
      calls.map(({ response }) => response.statusCode),
      [401, 200, 200],
    );
  });
});

test('DPoP is used when the challenge or the metadata of the server ask for it, and not otherwise', async () => {
  const cases = [
    ['DPoP', 'error="invalid_token"', false, true],
    ['Bearer', 'error="invalid_token", DPoP algs="ES256"', false, false],
    ['Bearer', '', true, true],
    ['Bearer', '', false, false],
  ] as const;
  for (const [scheme, challenge, required, isUsed] of cases)
    await AuthWorld.with(async (world) => {
      Object.assign(world.modes, { scheme, challenge });
      world.modes.metadata = (fields) => void (fields['dpop_bound_access_tokens_required'] = required);
      assert.equal(await world.call(world.window()), 'done');
      const [granted] = world.as.granted.values();
      assert.equal(granted?.jkt !== undefined, isUsed, `${scheme} ${challenge} ${required}`);
      assert.equal(await world.call(world.window({ dpop: false })), 'done');
    });
});

test('both servers may want their nonces, and change them at any time', async () => {
  await AuthWorld.with(
    async (world) => {
      world.modes.dpopNonce = 'rs-1';
      const window = world.window({ dpop: true });
      assert.equal(await world.call(window), 'done');
      assert.deepEqual(world.calls, [401, 401, 200]);
      assert.equal(await world.call(window), 'done');
      assert.deepEqual(world.calls, [401, 401, 200, 200]);
      world.modes.dpopNonce = 'rs-2';
      assert.equal(await world.call(window), 'done');
      assert.equal(world.as.tokenRequests().length, 2, 'one was refused for its nonce');
      assert.equal(window.browser.asked.length, 1);
    },
    { dpopNonce: 'as-1' },
  );
});

test('a server that is never content with a nonce ends the call, and so does a token endpoint', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window({ dpop: true });
    await world.call(window);
    let next = 0;
    world.modes.refuse = ({ response }) => {
      const nonce = `n${next++}`;
      response
        .writeHead(401, { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': nonce })
        .end();
      return true;
    };
    assert.equal((await world.refused(window)).problem, 'token-not-accepted');
    assert.equal(next, 3);
  });
  await AuthWorld.with(async (world) => {
    let next = 0;
    world.as.modes.tokenRequest = () => void (world.as.modes.dpopNonce = `n${next++}`);
    assert.equal((await world.refused(world.window({ dpop: true }))).problem, 'token-refused');
    assert.equal(next, 2);
  });
});

test('a nonce that could break a header is not taken', async () => {
  await AuthWorld.with(async (world) => {
    const window = world.window({ dpop: true });
    await world.call(window);
    for (const nonce of ['a b', 'é', 'a"b', 'x'.repeat(2_000), ''])
      window.authorizer.noted({ 'dpop-nonce': nonce });
    const fields = await window.authorizer.headersFor({ method: 'GET', url: world.url }, world.signal);
    assert.equal(claimsOf(fields[1]?.[1] ?? '')['nonce'], undefined);
  });
});

test('a token that is not bound though it had to be is not taken', async () => {
  await AuthWorld.with(
    async (world) =>
      assert.equal((await world.refused(world.window({ dpop: true }))).problem, 'token-invalid'),
    { tokenAnswer: (fields) => void (fields['token_type'] = 'Bearer') },
  );
});

test('a proof that is refused again and again is told as one of a clock that may be wrong', async () => {
  const cases = [
    ['error="invalid_dpop_proof"', true],
    ['error="invalid_token", error_description="DPoP proof: iat is too far in the past"', true],
    ['error="invalid_token", error_description="the token\'s iat is in the future"', false],
    ['error="invalid_token"', false],
  ] as const;
  for (const [challenge, isOfClock] of cases)
    await AuthWorld.with(async (world) => {
      world.modes.refuse = ({ response }) => {
        response.writeHead(401, { 'www-authenticate': `DPoP ${challenge}` }).end();
        return true;
      };
      const failure = await world.refused(world.window({ dpop: true }));
      assert.equal(failure.problem, isOfClock ? 'proof-not-accepted' : 'token-not-accepted', challenge);
      assert.equal(/clock of this computer/.test(describeFailure(failure)), isOfClock);
    });
});

test('a token endpoint that refuses the proof leads to the same question', async () => {
  for (const error of ['invalid_dpop_proof', 'invalid_request'])
    await AuthWorld.with(
      async (world) => {
        const failure = await world.refused(world.window({ dpop: true }));
        assert.equal(failure.problem, 'token-refused');
        assert.equal(/clock of this computer/.test(describeFailure(failure)), error === 'invalid_dpop_proof');
      },
      { tokenRequest: (_form, exchange) => (json(exchange, 400, { error }), 'done') },
    );
});
