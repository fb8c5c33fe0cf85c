/** A client that is connected over HTTP to servers the test plays, with time in its hands. */

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after } from 'node:test';

import type { CancelSignal } from '../../../src/base/cancelSignal';
import type { JsonObject } from '../../../src/base/json';
import { serveClient } from '../../../src/client/clientService';
import type {
  ClientEvents,
  ClientRequests,
  ConnectParams,
  HostRequests,
  RemoteSpec,
} from '../../../src/client/contract';
import type { LoadAuthorization } from '../../../src/client/serverAuthorization';
import type { ConnectedServer } from '../../../src/protocol/model';
import { Link } from '../../../src/rpc/link';
import { openRemote } from '../../../src/transport/openRemote';
import { isRemote } from '../../../src/transport/remoteSpec';
import { DIRECT } from '../../support/directNetwork';
import { CLIENT_INFO, recordInto, type ClientEvent } from '../../support/clientHarness';
import { FakeClock } from '../../support/fakeClock';
import { MemoryLinkPort } from '../../support/linkPair';
import { result, rpcError, ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import { QUIET_REQUESTS } from '../../support/quietHost';

/** What a server does with a message, by its JSON-RPC method; `GET` and `DELETE` stand for themselves. */
export type Table = Readonly<Record<string, (exchange: HttpExchange) => void | Promise<void>>>;

export const CAPABILITIES: JsonObject = { tools: { listChanged: true }, resources: { subscribe: true } };

/** The answer to `tools/list` of a server with one tool. */
export const TOOLS = { tools: [{ name: 't', inputSchema: { type: 'object' } }] };

/** The answer to a call in the stateful era. */
export const DONE = { content: [{ type: 'text', text: 'done' }] };

/** What a server without a stream of its own does with GET: `answer` is for who asks for the rest of another one. */
export function onlyRest(answer: (exchange: HttpExchange) => void): (exchange: HttpExchange) => void {
  return (exchange) => {
    if (exchange.headers['last-event-id'] === undefined) exchange.response.writeHead(405).end();
    else answer(exchange);
  };
}

/** The handshake of the stateful era. */
export function legacy(more: Table = {}, session = 'session-1', revision = '2025-11-25'): Table {
  return {
    initialize: (exchange) =>
      result(
        exchange,
        { protocolVersion: revision, capabilities: CAPABILITIES, serverInfo: { name: 'old', version: '1' } },
        { 'mcp-session-id': session },
      ),
    'notifications/initialized': ({ response }) => void response.writeHead(202).end(),
    GET: ({ response }) => void response.writeHead(405).end(),
    DELETE: ({ response }) => void response.writeHead(200).end(),
    ...more,
  };
}

/** The handshake of the stateless era. */
export function modern(more: Table = {}): Table {
  return {
    'server/discover': (exchange) =>
      result(exchange, {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {}, resources: {} },
      }),
    ...more,
  };
}

/** Servers of this file that are not stopped yet. */
const running = new Set<ScriptedHttp>();

// A test that fails leaves its server behind, which would keep the file running until its time is over.
after(() => Promise.all([...running].map((http) => http.stop())));

export class Remote {
  readonly clock = new FakeClock();
  readonly events: ClientEvent[] = [];
  readonly sampled: HostRequests['sample']['params'][] = [];
  /** What the host answers; a test replaces it. */
  sample = (_: CancelSignal): Promise<HostRequests['sample']['result']> =>
    Promise.resolve({ kind: 'answer', answer: { role: 'assistant', text: 'yes', model: 'm' } });
  /** Asks the person whether to sign in; a test replaces it. */
  beginSignIn = QUIET_REQUESTS.beginSignIn;
  /** What signs in; a test replaces it. */
  loadAuthorization: LoadAuthorization = () => import('../../../src/authorization/authorizer');
  /** The value of `Authorization` of the editor's account, where a server is used with one. */
  account: string | undefined;
  private readonly link: Link<ClientRequests, HostRequests, object, ClientEvents>;
  private nextCall = 1;

  private constructor(readonly http: ScriptedHttp) {
    const [port, clientPort] = MemoryLinkPort.pair();
    serveClient(
      clientPort,
      {
        openTransport: (launch, _onSpawned, form, authorizer) => {
          assert.ok(isRemote(launch));
          return openRemote(launch, form, authorizer, this.clock);
        },
        loadAuthorization: () => this.loadAuthorization(),
      },
      () => undefined,
      this.clock,
    );
    this.link = new Link<ClientRequests, HostRequests, object, ClientEvents>(port, {
      requests: {
        ...QUIET_REQUESTS,
        sample: (params, signal) => {
          this.sampled.push(params);
          return this.sample(signal);
        },
        accountHeader: () => Promise.resolve(this.account),
        beginSignIn: (...asked) => this.beginSignIn(...asked),
      },
      events: recordInto(this.events),
      onClose: () => undefined,
    });
  }

  /** A server that answers by this table; what is not in it is an unknown method. */
  static async serving(table: Table): Promise<Remote> {
    const http = await ScriptedHttp.start(async (exchange) => {
      const body = exchange.body as { readonly method?: string } | undefined;
      const answer = table[exchange.method === 'POST' ? (body?.method ?? 'answer') : exchange.method];
      if (answer) await answer(exchange);
      else if (exchange.method === 'POST' && body?.method?.startsWith('notifications/') === false)
        rpcError(exchange, 400, -32601);
      else exchange.response.writeHead(exchange.method === 'POST' ? 202 : 405).end();
    });
    running.add(http);
    return new Remote(http);
  }

  static async connected(table: Table, spec: Partial<RemoteSpec> = {}): Promise<Remote> {
    const remote = await Remote.serving(table);
    await remote.connect(spec);
    return remote;
  }

  connect(spec: Partial<RemoteSpec> = {}, change: Partial<ConnectParams> = {}): Promise<ConnectedServer> {
    return this.request('connect', {
      launch: {
        url: `${this.http.origin}/mcp`,
        headers: {},
        transport: 'auto',
        network: DIRECT,
        ...spec,
      },
      timeouts: { connect: 30_000, request: 60_000, total: 600_000 },
      clientInfo: CLIENT_INFO,
      offers: { sampling: true, roots: true },
      ...change,
    });
  }

  request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    return this.link.request(name, params, signal);
  }

  /** Calls a tool. */
  call(
    name: string,
    given: JsonObject = {},
    signal?: AbortSignal,
  ): Promise<ClientRequests['callTool']['result']> {
    return this.request('callTool', { callId: this.nextCall++, name, arguments: given }, signal);
  }

  /** Payloads of one event, in order. */
  heard<K extends keyof ClientEvents>(name: K): ClientEvents[K][] {
    return this.events.filter((one) => one.name === name).map(({ payload }) => payload as ClientEvents[K]);
  }

  /** Waits for an event that the client sends without time passing. */
  async until(condition: () => boolean, what: string): Promise<void> {
    for (let turns = 0; !condition(); turns++) {
      assert.ok(turns < 10_000, `in vain: ${what}`);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Ends everything, and asserts that nothing of it is left. */
  async end(): Promise<void> {
    await this.request('close', undefined);
    this.link.close();
    await this.http.until(() => this.http.open === 0, 'every connection is closed');
    await this.http.stop();
    running.delete(this.http);
    assert.equal(this.clock.waiting, 0, 'no timer is left');
  }
}

/** Requests for the rest of a stream. */
export function resumed(remote: Remote): HttpExchange[] {
  return remote.http.got('GET').filter(({ headers }) => headers['last-event-id'] !== undefined);
}

/** Waits until what the client is sending by now has arrived: several requests of the test, one after the other, take more turns. */
export async function arrived({ http: { origin } }: Remote): Promise<void> {
  for (let knock = 0; knock < 5; knock++)
    await new Promise<void>((resolve, reject) => {
      const asked = request(origin, { agent: false, method: 'HEAD' }, (reply) =>
        reply.resume().on('end', resolve),
      );
      asked.on('error', reject).end();
    });
}

/** Waits, without moving the time. */
export async function settled(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    assert.ok(performance.now() < end, 'in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets time pass until the condition holds. */
export async function elapse(remote: Remote, condition: () => boolean): Promise<void> {
  await settled(() => {
    remote.clock.advance(50);
    return condition();
  });
}
