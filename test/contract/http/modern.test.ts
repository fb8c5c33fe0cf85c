import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { failsSaying } from '../../support/failures';
import { event, idOf, paramsOf, result, rpcError, stream } from '../../support/scriptedHttp';
import { modern, Remote } from './remote';

const DONE = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };

function tools(...list: readonly JsonObject[]): JsonObject {
  return { resultType: 'complete', ttlMs: 0, cacheScope: 'private', tools: list };
}

function tool(name: string, properties: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: 'object', properties } };
}

test('every message carries its revision, its method and what it is about, and there is no session', async () => {
  const remote = await Remote.connected(
    modern({
      'tools/list': (exchange) => result(exchange, tools(tool('t')), { 'mcp-session-id': 'not wanted' }),
      'tools/call': (exchange) => result(exchange, DONE),
      'resources/read': (exchange) => result(exchange, { resultType: 'complete', contents: [] }),
    }),
  );
  await remote.request('list', { kind: 'tools' });
  await remote.call('ein Name');
  await remote.request('readResource', { callId: 9, uri: 'file:///a%20b/ü' });
  for (const exchange of remote.http.got('POST')) {
    const meta = paramsOf(exchange)['_meta'] as JsonObject;
    const method = (exchange.body as { readonly method: string }).method;
    assert.equal(exchange.headers['mcp-protocol-version'], '2026-07-28', method);
    assert.equal(meta['io.modelcontextprotocol/protocolVersion'], '2026-07-28', method);
    assert.equal(exchange.headers['mcp-method'], method);
    assert.equal(exchange.headers['mcp-session-id'], undefined);
  }
  assert.equal(remote.http.got('POST', 'tools/call')[0]?.headers['mcp-name'], 'ein Name');
  assert.equal(
    remote.http.got('POST', 'resources/read')[0]?.headers['mcp-name'],
    `=?base64?${Buffer.from('file:///a%20b/ü').toString('base64')}?=`,
  );
  await remote.end();
  assert.equal(remote.http.got('GET').length + remote.http.got('DELETE').length, 0);
});

test('closing the stream takes a call back, and no message says so', async () => {
  const remote = await Remote.connected(modern({ 'tools/call': (exchange) => stream(exchange) }));
  const abort = new AbortController();
  const call = remote.call('t', {}, abort.signal);
  await remote.http.until(() => remote.http.got('POST', 'tools/call').length === 1, 'the call');
  abort.abort();
  await failsSaying(call, /Cancelled/);
  await remote.http.until(() => remote.http.got('POST', 'tools/call')[0]?.aborted === true, 'it is closed');
  await remote.end();
  assert.deepEqual(remote.http.got('POST', 'notifications/cancelled'), []);
});

test('a stream that breaks loses its call: nothing is taken up again or repeated', async () => {
  const remote = await Remote.connected(
    modern({
      'tools/call': (exchange) => {
        stream(exchange);
        exchange.response.write('id: 1\nretry: 1\ndata:\n\n', () => exchange.response.destroy());
      },
    }),
  );
  await failsSaying(remote.call('t'), /may still have acted/);
  await remote.end();
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  assert.equal(remote.http.got('GET').length, 0);
});

test('progress on the stream of a call is reported, and comments are ignored', async () => {
  const remote = await Remote.connected(
    modern({
      'tools/call': (exchange) => {
        stream(exchange);
        const { progressToken } = paramsOf(exchange)['_meta'] as JsonObject;
        exchange.response.write(': keep alive\n\n');
        event(exchange, {
          jsonrpc: '2.0',
          method: 'notifications/progress',
          params: { progressToken: progressToken ?? '', progress: 1, total: 2 },
        });
        event(exchange, { jsonrpc: '2.0', id: idOf(exchange), result: DONE });
        exchange.response.end();
      },
    }),
  );
  await remote.call('t');
  assert.deepEqual(
    remote.events.filter(({ name }) => name === 'progress').map(({ payload }) => payload),
    [{ callId: 1, progress: 1, total: 2 }],
  );
  await remote.end();
});

const CUSTOM = {
  text: { type: 'string', 'x-mcp-header': 'Text' },
  count: { type: 'integer', 'x-mcp-header': 'Count' },
  flag: { type: 'boolean', 'x-mcp-header': 'Flag' },
  deep: { type: 'object', properties: { inner: { type: 'string', 'x-mcp-header': 'Inner' } } },
  plain: { type: 'string' },
};

test('arguments that a tool wants as headers are sent as such too, and what is absent or null is not', async () => {
  const remote = await Remote.connected(
    modern({
      'tools/list': (exchange) => result(exchange, tools(tool('t', CUSTOM))),
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  await remote.request('list', { kind: 'tools' });
  await remote.call('t', { text: 'grün', count: 7, flag: false, deep: { inner: 'x' }, plain: 'y' });
  await remote.call('t', { text: '', count: null });
  const [first, second] = remote.http
    .got('POST', 'tools/call')
    .map(({ headers }) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('mcp-param-'))),
    );
  assert.deepEqual(first, {
    'mcp-param-text': `=?base64?${Buffer.from('grün').toString('base64')}?=`,
    'mcp-param-count': '7',
    'mcp-param-flag': 'false',
    'mcp-param-inner': 'x',
  });
  assert.deepEqual(second, { 'mcp-param-text': '' });
  await remote.end();
});

test('a tool whose list breaks off while it is read again still gets its arguments as headers (HDR6, T102)', async () => {
  let isBroken = false;
  const remote = await Remote.connected(
    modern({
      'tools/list': (exchange) => {
        const isFirst = paramsOf(exchange)['cursor'] === undefined;
        if (isFirst) result(exchange, { ...tools(tool('other', {})), nextCursor: '2' });
        else if (isBroken) rpcError(exchange, 200, -32603);
        else result(exchange, tools(tool('t', CUSTOM)));
      },
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  await remote.request('list', { kind: 'tools' });
  isBroken = true;
  const again = await remote.request('relist', { kind: 'tools', known: undefined });
  assert.ok(again?.cut?.failure);
  await remote.call('t', { count: 7 });
  assert.equal(remote.http.got('POST', 'tools/call')[0]?.headers['mcp-param-count'], '7');
  await remote.end();
});

test('arguments that are too long for headers together are not sent at all, and the person is told (T072)', async () => {
  const remote = await Remote.connected(
    modern({
      'tools/list': (exchange) => result(exchange, tools(tool('t', CUSTOM))),
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  await remote.request('list', { kind: 'tools' });
  const names = 'Mcp-Param-Text'.length + 'Mcp-Param-Inner'.length;
  const given = (chars: number): JsonObject => ({
    text: 'x'.repeat(8_000),
    deep: { inner: 'y'.repeat(chars - 8_000 - names) },
    plain: 'z'.repeat(100_000),
  });
  await remote.call('t', given(16_384));
  await failsSaying(remote.call('t', given(16_385)), /longer than 16 KB/);
  await failsSaying(remote.call('t', { text: 'ü'.repeat(6_200) }), /longer than 16 KB/);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  await remote.end();
});

test('a tool whose header wishes are wrong is left out with the reason, and the others stay', async () => {
  const wrong = { region: { type: 'string', 'x-mcp-header': 'a b' } };
  const remote = await Remote.connected(
    modern({ 'tools/list': (exchange) => result(exchange, tools(tool('bad', wrong), tool('good'))) }),
  );
  const listing = await remote.request('list', { kind: 'tools' });
  assert.deepEqual(
    listing.items.map((item) => 'name' in item && item.name),
    ['good'],
  );
  assert.deepEqual(
    listing.rejected.map(({ name }) => name),
    ['bad'],
  );
  assert.match(listing.rejected[0]?.reason ?? '', /x-mcp-header/);
  await remote.end();
});

test('when the server says that the headers do not match, the tools are listed anew and the call is sent once more', async () => {
  let lists = 0;
  const remote = await Remote.connected(
    modern({
      'tools/list': (exchange) => result(exchange, tools(lists++ === 0 ? tool('t') : tool('t', CUSTOM))),
      'tools/call': (exchange) => {
        if (exchange.headers['mcp-param-count'] === '7') result(exchange, DONE);
        else rpcError(exchange, 400, -32020);
      },
    }),
  );
  await remote.request('list', { kind: 'tools' });
  await remote.call('t', { count: 7 });
  assert.equal(remote.http.got('POST', 'tools/call').length, 2);
  await failsSaying(remote.call('t', { count: 8 }), /-32020/);
  assert.equal(remote.http.got('POST', 'tools/call').length, 4);
  await remote.end();
});

test('what was answered to one account is not used for another, be it public or private (CACHE6, T078)', async () => {
  for (const cacheScope of ['public', 'private']) {
    const asked: unknown[] = [];
    const remote = await Remote.serving(
      modern({
        'resources/read': (exchange) => {
          asked.push(exchange.headers.authorization);
          const contents = [{ uri: 'a:b', text: `for ${String(asked.at(-1))}` }];
          result(exchange, { resultType: 'complete', ttlMs: 60_000, cacheScope, contents });
        },
      }),
    );
    remote.account = 'Bearer one';
    await remote.connect({ hasAccount: true });
    const read = (): Promise<unknown> => remote.request('readResource', { callId: 1, uri: 'a:b' });
    await read();
    await read();
    assert.deepEqual(asked, ['Bearer one']);
    remote.account = 'Bearer two';
    await remote.request('followCredentials', undefined);
    await read();
    assert.deepEqual(asked, ['Bearer one', 'Bearer two']);
    await remote.end();
  }
});
