/** Sessions that are lost and opened again, and what was on its way in them (SESS2, T069). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failsSaying } from '../../support/failures';
import { event, result, stream, type HttpExchange } from '../../support/scriptedHttp';
import { DONE, elapse, legacy, Remote, TOOLS } from './remote';

/** A server whose prompts and calls wait until the test answers them. */
class Forgetful {
  readonly held: HttpExchange[] = [];
  sessions = 0;
  holdsAll = false;
  /** Takes no session any more. */
  isFull = false;
  private known = '';

  private constructor(readonly remote: Remote) {}

  static async connected(): Promise<Forgetful> {
    const hold = (exchange: HttpExchange): void => {
      const isFirst = forgetful.held.push(exchange) === 1;
      if (!isFirst && !forgetful.holdsAll) forgetful.guard(exchange, { prompts: [] });
    };
    const remote = await Remote.serving(
      legacy({
        initialize: (exchange) => {
          if (forgetful.isFull) return void exchange.response.writeHead(503).end();
          forgetful.known = `s${++forgetful.sessions}`;
          result(
            exchange,
            {
              protocolVersion: '2025-11-25',
              capabilities: { tools: {}, prompts: {} },
              serverInfo: { name: 'x', version: '1' },
            },
            { 'mcp-session-id': forgetful.known },
          );
        },
        'tools/list': (exchange) => forgetful.guard(exchange, TOOLS),
        'prompts/list': hold,
        'tools/call': hold,
      }),
    );
    const forgetful = new Forgetful(remote);
    await remote.connect();
    return forgetful;
  }

  /** The session is lost, and somebody else finds out. */
  async lose(): Promise<void> {
    await this.remote.http.until(() => this.held.length === 1, 'it is asked');
    this.known = 'forgotten';
    await this.remote.request('list', { kind: 'tools' });
    assert.equal(this.sessions, 2);
  }

  /** Says of what was held last that its session is not known. */
  refuse(): void {
    this.held.at(-1)?.response.writeHead(404).end();
  }

  private guard(exchange: HttpExchange, value: Parameters<typeof result>[1]): void {
    if (exchange.headers['mcp-session-id'] === this.known) result(exchange, value);
    else exchange.response.writeHead(404).end();
  }
}

test('a lost session is opened again once: lists are asked again, a tool call is not, and all is told as changed', async () => {
  let session = 0;
  let known = '';
  const guarded = (exchange: HttpExchange, then: () => void): void => {
    if (exchange.headers['mcp-session-id'] === known) then();
    else exchange.response.writeHead(404).end();
  };
  const remote = await Remote.connected(
    legacy({
      initialize: (exchange) => {
        assert.equal(exchange.headers['mcp-session-id'], undefined);
        known = `s${++session}`;
        result(
          exchange,
          {
            protocolVersion: '2025-11-25',
            capabilities: { tools: {}, resources: { subscribe: true } },
            serverInfo: { name: 'x', version: '1' },
          },
          { 'mcp-session-id': known },
        );
      },
      'tools/list': (exchange) => guarded(exchange, () => result(exchange, TOOLS)),
      'tools/call': (exchange) => guarded(exchange, () => result(exchange, DONE)),
      'resources/subscribe': (exchange) => guarded(exchange, () => result(exchange, {})),
    }),
  );
  await remote.request('subscribe', { uri: 'test://one' });
  known = 'forgotten';
  const listings = await Promise.all([
    remote.request('list', { kind: 'tools' }),
    remote.request('list', { kind: 'tools' }),
  ]);
  assert.deepEqual(
    listings.map(({ items }) => items.length),
    [1, 1],
  );
  assert.equal(session, 2);
  await remote.http.until(
    () => remote.http.got('POST', 'resources/subscribe').length === 2,
    'it is watched again',
  );
  await elapse(remote, () => remote.events.some(({ name }) => name === 'resourceUpdated'));

  known = 'forgotten again';
  remote.clock.advance(10_000);
  await failsSaying(remote.call('t'), /not repeated/);
  assert.equal(remote.http.got('POST', 'tools/call').length, 1);
  assert.equal((await remote.call('t')).isError, false);

  known = 'and again within ten seconds';
  remote.clock.advance(9_999);
  await failsSaying(remote.request('list', { kind: 'tools' }), /lost its session/);
  assert.equal(session, 3);
  await remote.end();
});

test('a session without an id in the place of a lost one is spoken to without the id of that (SESS2)', async () => {
  const server = {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'x', version: '1' },
  };
  let sessions = 0;
  const remote = await Remote.connected(
    legacy({
      initialize: (exchange) =>
        result(exchange, server, ++sessions === 1 ? { 'mcp-session-id': 'lost' } : {}),
      'tools/list': (exchange) => {
        if (exchange.headers['mcp-session-id'] === undefined) result(exchange, TOOLS);
        else exchange.response.writeHead(404).end();
      },
    }),
  );
  assert.equal((await remote.request('list', { kind: 'tools' })).items.length, 1);
  assert.equal(sessions, 2);
  await remote.end();
  assert.deepEqual(remote.http.got('DELETE'), [], 'nor is it ended by that');
});

test('the session that takes the place of a lost one is told the log level too (LOG1)', async () => {
  let known = '';
  let sessions = 0;
  const remote = await Remote.serving(
    legacy({
      initialize: (exchange) => {
        known = `s${++sessions}`;
        const capabilities = { tools: {}, logging: {} };
        const serverInfo = { name: 'x', version: '1' };
        result(
          exchange,
          { protocolVersion: '2025-11-25', capabilities, serverInfo },
          { 'mcp-session-id': known },
        );
      },
      'logging/setLevel': (exchange) => result(exchange, {}),
      'tools/list': (exchange) => {
        if (exchange.headers['mcp-session-id'] === known) result(exchange, TOOLS);
        else exchange.response.writeHead(404).end();
      },
    }),
  );
  await remote.connect({}, { logLevel: 'warning' });
  known = 'forgotten';
  await remote.request('list', { kind: 'tools' });
  const told = (): unknown[] =>
    remote.http
      .got('POST', 'logging/setLevel')
      .map(({ headers, body }) => [headers['mcp-session-id'], (body as { params?: unknown }).params]);
  await remote.http.until(() => told().length === 2, 'it is told again');
  assert.deepEqual(told(), [
    ['s1', { level: 'warning' }],
    ['s2', { level: 'warning' }],
  ]);
  await remote.end();
});

for (const ms of [0, 20_000])
  test(`what was asked in a session that another has replaced for ${ms} ms is asked in that one`, async () => {
    const forgetful = await Forgetful.connected();
    const prompts = forgetful.remote.request('list', { kind: 'prompts' });
    await forgetful.lose();
    forgetful.remote.clock.advance(ms);
    forgetful.refuse();
    assert.deepEqual((await prompts).items, []);
    assert.equal(forgetful.sessions, 2, 'the new session is kept');
    assert.deepEqual(
      forgetful.held.map(({ headers }) => headers['mcp-session-id']),
      ['s1', 's2'],
    );
    await forgetful.remote.end();
  });

test('a tool that was called in a session that another has replaced is not called again', async () => {
  const forgetful = await Forgetful.connected();
  const call = forgetful.remote.call('t');
  await forgetful.lose();
  forgetful.refuse();
  await failsSaying(call, /not repeated/);
  assert.equal(forgetful.held.length, 1);
  assert.equal(forgetful.sessions, 2);
  await forgetful.remote.end();
});

test('a tool that was called in a session for which there is no other any more may have acted (T127)', async () => {
  const forgetful = await Forgetful.connected();
  forgetful.holdsAll = true;
  const first = failsSaying(forgetful.remote.call('t'), /not repeated/);
  await forgetful.lose();
  forgetful.refuse();
  await first;
  const second = failsSaying(forgetful.remote.call('t'), /has lost its session.* may still have acted\.$/);
  await forgetful.remote.http.until(() => forgetful.held.length === 2, 'it is called again');
  forgetful.refuse();
  await second;
  await forgetful.remote.end();
});

test('a tool that is called while there is no session has not acted when there comes none', async () => {
  const forgetful = await Forgetful.connected();
  forgetful.isFull = true;
  const failed = failsSaying(forgetful.remote.call('t'), /acted\.$/);
  await forgetful.remote.http.until(() => forgetful.held.length === 1, 'it is called');
  forgetful.refuse();
  await forgetful.remote.http.until(
    () => forgetful.remote.http.got('POST', 'initialize').length === 2,
    'another session is asked for',
  );
  const later = failsSaying(forgetful.remote.call('t'), /^(?!.*acted).*HTTP 503/);
  await failed;
  await later;
  assert.equal(forgetful.remote.http.got('POST', 'tools/call').length, 1);
  await forgetful.remote.end();
});

test('what was asked in a lost session is taken back, and its id is free for the new one (SESS2)', async (t) => {
  const forgetful = await Forgetful.connected();
  const { remote } = forgetful;
  t.after(() => remote.end());
  forgetful.holdsAll = true;
  const asks = (exchange: HttpExchange | undefined): void => {
    assert.ok(exchange);
    const params = { messages: [{ role: 'user', content: { type: 'text', text: 'q' } }], maxTokens: 5 };
    stream(exchange);
    event(exchange, { jsonrpc: '2.0', id: 0, method: 'sampling/createMessage', params });
  };
  const answers = (): HttpExchange[] => remote.http.got('POST').filter(({ body }) => isAnswer(body));
  const { sample } = remote;
  let withdrawn = 0;
  remote.sample = async (signal) => {
    await new Promise<void>((resolve) => signal.addEventListener('abort', resolve));
    withdrawn++;
    return sample(signal);
  };
  const abort = new AbortController();
  const first = assert.rejects(remote.call('t', {}, abort.signal));
  await remote.http.until(() => forgetful.held.length === 1, 'it is called');
  asks(forgetful.held[0]);
  await remote.until(() => remote.sampled.length === 1, 'the person is asked');
  await forgetful.lose();
  await remote.until(() => withdrawn === 1, 'the question is taken back');
  remote.sample = sample;
  const second = assert.rejects(remote.call('t', {}, abort.signal));
  await remote.http.until(() => forgetful.held.length === 2, 'it is called in the new session');
  asks(forgetful.held[1]);
  await remote.http.until(() => answers().length > 0, 'the new question is answered');
  assert.deepEqual(
    answers().map(({ body, headers }) => [(body as { id: unknown }).id, headers['mcp-session-id']]),
    [[0, 's2']],
  );
  assert.equal(remote.sampled.length, 2);
  abort.abort();
  await Promise.all([first, second]);
});

function isAnswer(body: unknown): boolean {
  return typeof body === 'object' && body !== null && !('method' in body);
}
