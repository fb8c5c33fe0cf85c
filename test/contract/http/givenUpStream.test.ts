/** The stream on which a server of the stateful era speaks by itself, when it ends again and again (T062). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { event, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { DONE, elapse, legacy, Remote, settled, TOOLS } from './remote';

const CHANGED = { jsonrpc: '2.0', method: 'notifications/tools/list_changed' };

/** A server whose stream ends at once until the test lets it go on. */
async function fickle(): Promise<{ remote: Remote; streams: HttpExchange[]; goOn(): void; forget(): void }> {
  const streams: HttpExchange[] = [];
  let isEnding = true;
  let sessions = 0;
  let known = '';
  const remote = await Remote.connected(
    legacy({
      GET: (exchange) => {
        streams.push(exchange);
        stream(exchange);
        if (isEnding) exchange.response.end();
      },
      initialize: (exchange) => {
        known = `s${++sessions}`;
        const serverInfo = { name: 'x', version: '1' };
        const capabilities = { tools: { listChanged: true } };
        const answer = { protocolVersion: '2025-11-25', capabilities, serverInfo };
        result(exchange, answer, { 'mcp-session-id': known });
      },
      'tools/list': (exchange) => {
        if (exchange.headers['mcp-session-id'] === known) result(exchange, TOOLS);
        else exchange.response.writeHead(404).end();
      },
      'tools/call': (exchange) => result(exchange, DONE),
    }),
  );
  return { remote, streams, goOn: () => (isEnding = false), forget: () => (known = 'forgotten') };
}

const unheard = (remote: Remote): unknown[] => remote.heard('unheard').map((told) => told.unheard);

test('a stream that ends without a word again and again is let go of, the host hears of it, and calls go on', async () => {
  const { remote } = await fickle();
  await elapse(remote, () => remote.heard('wire').length === 1);
  assert.match(remote.heard('wire')[0]?.message ?? '', /ends its stream again and again/);
  await settled(() => unheard(remote).length === 1);
  assert.deepEqual(unheard(remote), [{}]);
  assert.equal(remote.http.got('GET').length, 10);
  remote.clock.advance(3_600_000);
  assert.equal((await remote.call('t')).isError, false);
  await remote.request('list', { kind: 'tools' });
  assert.equal(remote.http.got('GET').length, 10, 'nor does a list that nobody asked for anew bring it back');
  await remote.end();
});

test('a stream that said something is given ten more chances, and not one for each word of long ago', async () => {
  let opened = 0;
  const remote = await Remote.connected(
    legacy({
      GET: (exchange) => {
        stream(exchange);
        if (++opened === 3) event(exchange, CHANGED);
        exchange.response.end();
      },
      'tools/list': (exchange) => result(exchange, TOOLS),
    }),
  );
  await elapse(remote, () => unheard(remote).length === 1);
  assert.equal(opened, 13);
  await remote.end();
});

test('it is tried anew, with all its pauses, when the person wants to know what there is now', async () => {
  const { remote, streams, goOn } = await fickle();
  await elapse(remote, () => unheard(remote).length === 1);
  await remote.request('list', { kind: 'tools', fresh: true });
  await elapse(remote, () => unheard(remote).length === 3);
  assert.deepEqual(unheard(remote), [{}, undefined, {}]);
  assert.equal(remote.http.got('GET').length, 20);
  goOn();
  await remote.request('list', { kind: 'tools', fresh: true });
  await remote.http.until(() => streams.length === 21, 'it is open again');
  const last = streams.at(-1);
  assert.ok(last);
  event(last, CHANGED);
  await elapse(remote, () => remote.heard('listChanged').length === 1);
  assert.deepEqual(unheard(remote), [{}, undefined, {}, undefined]);
  await remote.end();
});

test('another session has another stream, of which nothing bad is known', async () => {
  const { remote, streams, goOn, forget } = await fickle();
  await elapse(remote, () => unheard(remote).length === 1);
  goOn();
  forget();
  await remote.request('list', { kind: 'tools' });
  await remote.http.until(() => streams.length === 11, 'the stream of the new session');
  await settled(() => unheard(remote).length === 2);
  assert.deepEqual(unheard(remote), [{}, undefined]);
  await remote.request('list', { kind: 'tools', fresh: true });
  const last = streams.at(-1);
  assert.ok(last);
  event(last, CHANGED);
  await elapse(remote, () => remote.heard('listChanged').length > 0);
  assert.equal(streams.length, 11, 'the old one is not tried any more');
  await remote.end();
});
