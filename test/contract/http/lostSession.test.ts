/** Requests that were on their way in a session while it was lost (SESS2, T069). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { result, type HttpExchange } from '../../support/scriptedHttp';
import { legacy, Remote } from './remote';

const TOOLS = { tools: [{ name: 't', inputSchema: { type: 'object' } }] };

/** A server whose prompts and calls wait until the test answers them. */
class Forgetful {
  readonly held: HttpExchange[] = [];
  sessions = 0;
  private known = '';

  private constructor(readonly remote: Remote) {}

  static async connected(): Promise<Forgetful> {
    const hold = (exchange: HttpExchange): void => {
      if (forgetful.held.push(exchange) > 1) forgetful.guard(exchange, { prompts: [] });
    };
    const remote = await Remote.serving(
      legacy({
        initialize: (exchange) => {
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

  /** Says of what was held that its session is not known. */
  refuse(): void {
    this.held[0]?.response.writeHead(404).end();
  }

  private guard(exchange: HttpExchange, value: Parameters<typeof result>[1]): void {
    if (exchange.headers['mcp-session-id'] === this.known) result(exchange, value);
    else exchange.response.writeHead(404).end();
  }
}

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
  await assert.rejects(call, /not repeated/);
  assert.equal(forgetful.held.length, 1);
  assert.equal(forgetful.sessions, 2);
  await forgetful.remote.end();
});
