/** One session after another: how the next one comes, and that nothing of a lost one goes over into it (SESS2, T069). */

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { failsSaying } from '../../support/failures';
import { event, idOf, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { elapse, legacy, Remote, settled } from './remote';

const QUESTION = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'q' } }], maxTokens: 5 },
};

/** A server that has a stream in each session, and whose calls and answers wait until the test answers them. */
class Restarting {
  sessions = 0;
  /** How often it is not ready for a new session yet. */
  unready = 0;
  revision = '2025-11-25';
  readonly streams: HttpExchange[] = [];
  readonly calls: HttpExchange[] = [];
  private known = '';

  private constructor(readonly remote: Remote) {}

  static async connected(t: TestContext): Promise<Restarting> {
    const remote = await Remote.serving(
      legacy({
        initialize: (exchange) => server.initialize(exchange),
        GET: (exchange) => {
          stream(exchange);
          server.streams.push(exchange);
        },
        answer: (exchange) => {
          if (exchange.headers['mcp-session-id'] !== 's1') exchange.response.writeHead(202).end();
        },
        'tools/call': (exchange) => {
          stream(exchange);
          server.calls.push(exchange);
        },
        'tools/list': (exchange) => {
          const session = exchange.headers['mcp-session-id'];
          if (session === server.known) result(exchange, { tools: [] });
          else exchange.response.writeHead(session === undefined ? 400 : 404).end();
        },
      }),
    );
    const server = new Restarting(remote);
    t.after(() => remote.end());
    await remote.connect();
    await remote.http.until(() => server.streams.length === 1, 'it listens');
    return server;
  }

  forget(): void {
    this.known = 'forgotten';
  }

  list(): Promise<unknown> {
    return this.remote.request('list', { kind: 'tools' });
  }

  /** Says something on the stream of the session that there is now. */
  say(message: JsonObject): void {
    say(this.streams.at(-1), message);
  }

  /** Ids and sessions of the answers that came. */
  answers(): unknown[] {
    return this.remote.http
      .got('POST')
      .filter(({ body }) => isAnswer(body))
      .map((exchange) => [idOf(exchange), exchange.headers['mcp-session-id']]);
  }

  private initialize(exchange: HttpExchange): void {
    if (this.unready-- > 0) return void exchange.response.writeHead(503).end();
    this.known = `s${++this.sessions}`;
    const serverInfo = { name: 'x', version: '1' };
    const headers = { 'mcp-session-id': this.known };
    const { revision: protocolVersion } = this;
    result(exchange, { protocolVersion, capabilities: { tools: {} }, serverInfo }, headers);
  }
}

function say(on: HttpExchange | undefined, message: JsonObject): void {
  assert.ok(on);
  event(on, { jsonrpc: '2.0', ...message });
}

function isAnswer(body: JsonValue | undefined): boolean {
  return typeof body === 'object' && body !== null && !('method' in body);
}

test('a session that could not be opened when the one before was lost is opened for the next request', async (t) => {
  const server = await Restarting.connected(t);
  server.forget();
  server.unready = 2;
  await failsSaying(server.list(), /503/);
  await failsSaying(server.list(), /503/);
  await Promise.all([server.list(), server.list()]);
  assert.equal(server.sessions, 2);
});

test('a tool is called once in the session that could only be opened for it', async (t) => {
  const server = await Restarting.connected(t);
  server.forget();
  server.unready = 1;
  await failsSaying(server.list(), /503/);
  const call = server.remote.call('t');
  await server.remote.http.until(() => server.calls.length === 1, 'it is called');
  say(server.calls[0], { id: idOf(server.calls[0] as HttpExchange), result: { content: [] } });
  await call;
  assert.deepEqual(
    server.calls.map(({ headers }) => headers['mcp-session-id']),
    ['s2'],
  );
});

test('answers that a lost session has not taken are not given to the next one, which has other questions', async (t) => {
  const server = await Restarting.connected(t);
  const { http } = server.remote;
  for (let id = 1; id <= 6; id++) server.say({ id, method: 'ping' });
  await http.until(() => server.answers().length === 4, 'as many are posted as may be at once');
  server.forget();
  await server.list();
  await http.until(() => server.streams.length === 2, 'it listens in the new session');
  for (const { response, body } of http.got('POST')) if (isAnswer(body)) response.destroy();
  server.say({ id: 1, method: 'ping' });
  await http.until(
    () => server.answers().some((one) => String(one) === '1,s2'),
    'the new question is answered',
  );
  await server.list();
  assert.deepEqual(server.answers().slice(4), [[1, 's2']]);
});

test('what comes on a stream of a lost session asks and takes back nothing in the next one', async (t) => {
  const server = await Restarting.connected(t);
  const { remote } = server;
  const call = remote.call('t');
  await remote.http.until(() => server.calls.length === 1, 'it is called');
  server.forget();
  await server.list();
  await remote.http.until(() => server.streams.length === 2, 'it listens in the new session');
  const answered: (() => void)[] = [];
  const { sample } = remote;
  remote.sample = async (signal) => {
    await new Promise<void>((resolve) => answered.push(resolve));
    return await sample(signal);
  };
  server.say({ id: 1, ...QUESTION });
  await settled(() => answered.length === 1);
  const [old] = server.calls;
  say(old, { id: 2, method: 'ping' });
  say(old, { method: 'notifications/cancelled', params: { requestId: 1 } });
  say(old, { id: idOf(old as HttpExchange), result: { content: [] } });
  assert.equal((await call).isError, false, 'its answer is taken all the same');
  answered[0]?.();
  await remote.http.until(() => server.answers().length > 0, 'the new question is answered');
  await server.list();
  assert.deepEqual(server.answers(), [[1, 's2']]);
});

test('a stream of a lost session is not taken up again in the next one, where its position means another', async (t) => {
  const server = await Restarting.connected(t);
  const { http } = server.remote;
  const call = failsSaying(server.remote.call('t'), /not repeated/);
  await http.until(() => server.calls.length === 1, 'it is called');
  server.calls[0]?.response.write('id: 5\ndata:\n\n');
  server.forget();
  await server.list();
  await http.until(() => server.streams.length === 2, 'it listens in the new session');
  server.calls[0]?.response.end();
  let over = false;
  void call.finally(() => (over = true));
  await elapse(server.remote, () => over || server.streams.length > 2);
  assert.deepEqual(
    server.streams.map(({ headers }) => headers['last-event-id']),
    [undefined, undefined],
  );
  assert.equal(server.calls.length, 1);
  await call;
});

test('a server that speaks otherwise after a restart is told as gone, so that starting it anew finds out how (VER7)', async (t) => {
  const server = await Restarting.connected(t);
  server.forget();
  server.revision = '2025-06-18';
  await failsSaying(server.list(), /lost its session/);
  await server.remote.until(() => server.remote.heard('ended').length === 1, 'the host hears of it');
  assert.deepEqual(server.remote.heard('ended'), [{ failure: { code: 'session-lost' } }]);
});
