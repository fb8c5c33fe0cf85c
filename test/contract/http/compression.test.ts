import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import type { NetworkError } from '../../../src/transport/http/networkFailure';
import { discard, readBody } from '../../../src/transport/http/bodies';
import { problem, withServer } from './clientAlone';

test('a gzip answer is read as what it holds, and a bomb is cut at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  await withServer(
    ({ path, response }) => {
      response.writeHead(200, {
        'content-encoding': 'gzip',
        'content-type': 'application/json; charset=utf-8',
      });
      response.end(path === '/x' ? gzipSync('{"a":1}') : bomb);
    },
    async (send, http) => {
      const small = await send();
      assert.equal(small.contentType, 'application/json');
      assert.equal((await readBody(small, 1_000))?.toString(), '{"a":1}');
      const large = await send({ url: new URL(`${http.origin}/bomb`) });
      assert.equal(await readBody(large, 1_000_000), undefined);
    },
  );
});

for (const [encoding, compress] of [
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['identity', (text: string) => Buffer.from(text)],
] as const)
  test(`an answer in ${encoding}, for which nobody asked, is read as what it holds, and cut at the limit`, async () => {
    const large = compress('x'.repeat(5_000_000));
    await withServer(
      ({ path, response }) => {
        response.writeHead(200, { 'content-encoding': encoding });
        response.end(path === '/x' ? compress('{"a":1}') : large);
      },
      async (send, http) => {
        assert.equal((await readBody(await send(), 1_000))?.toString(), '{"a":1}');
        const reply = await send({ url: new URL(`${http.origin}/large`) });
        assert.equal(await readBody(reply, 1_000_000), undefined);
      },
    );
  });

test('an answer in a compression that is not known fails by its name, and a refusal keeps its status', async () => {
  await withServer(
    ({ path, response }) => {
      response.writeHead(path === '/x' ? 200 : 401, { 'content-encoding': `zstd${'y'.repeat(100)}` });
      response.end('?');
    },
    async (send, http) => {
      await assert.rejects(
        send(),
        (error) => problem('encoding')(error) && (error as NetworkError).detail?.length === 40,
      );
      const refusal = await send({ url: new URL(`${http.origin}/refused`) });
      assert.equal(refusal.status, 401);
      discard(refusal);
    },
  );
});

test('no other compression is asked for, whatever the entry says', async () => {
  await withServer(
    ({ response }) => void response.end('ok'),
    async (send, http) => {
      await readBody(await send({ headers: { 'accept-encoding': 'br, zstd' } }), 100);
      assert.equal(http.exchanges[0]?.headers['accept-encoding'], 'gzip');
    },
  );
});
