/** One real client between a scripted server and a host's end of the link, on a clock the test moves. */

import assert from 'node:assert/strict';

import type { JsonObject, JsonValue } from '../../src/base/json';
import { serveClient } from '../../src/client/clientService';
import type { ClientEvents, ClientRequests, ConnectParams, HostRequests } from '../../src/client/contract';
import { FailureError, type Failure } from '../../src/protocol/failure';
import type {
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  RequestId,
} from '../../src/protocol/jsonrpc';
import type { ConnectedServer } from '../../src/protocol/model';
import { Link, type Handler } from '../../src/rpc/link';
import { FakeClock } from './fakeClock';
import { MemoryLinkPort } from './linkPair';
import { ScriptedServer, type Answer } from './scriptedServer';
import { QUIET_EVENTS, QUIET_REQUESTS } from './quietHost';

/** Stands for everything of this machine that must not reach a server. */
export const CANARY = 'CANARY-/home/person/secret';

export const CLIENT_INFO = { name: 'mcp-host', title: 'MCP Host', version: '1.2.3' };

/** Everything a server can offer, with every list change and subscription. */
export const ALL_CAPABILITIES: JsonObject = {
  tools: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  prompts: { listChanged: true },
  completions: {},
  logging: {},
};

/** A server of the stateful era. */
export function legacyAnswers(
  more: Readonly<Record<string, Answer>> = {},
  { revision = '2025-11-25', capabilities = ALL_CAPABILITIES } = {},
): Map<string, Answer> {
  const result = { protocolVersion: revision, capabilities, serverInfo: { name: 'old', version: '1' } };
  return new Map<string, Answer>([['initialize', () => result], ...Object.entries(more)]);
}

/** A server of the stateless era; its subscriptions stay open. */
export function modernAnswers(
  more: Readonly<Record<string, Answer>> = {},
  { versions = ['2026-07-28'], capabilities = ALL_CAPABILITIES } = {},
): Map<string, Answer> {
  const result = {
    resultType: 'complete',
    supportedVersions: versions,
    capabilities,
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'new', version: '2' } },
  };
  return new Map<string, Answer>([
    ['server/discover', () => result],
    ['subscriptions/listen', () => undefined],
    ...Object.entries(more),
  ]);
}

export type ClientEvent = {
  [K in keyof ClientEvents]: { name: K; payload: ClientEvents[K] };
}[keyof ClientEvents];

/** Handlers that record every event of a client. */
export function recordInto(events: ClientEvent[]): {
  readonly [K in keyof ClientEvents]: (payload: ClientEvents[K]) => void;
} {
  const hear =
    <K extends keyof ClientEvents>(name: K) =>
    (payload: ClientEvents[K]): void =>
      void events.push({ name, payload } as ClientEvent);
  const names = Object.keys(QUIET_EVENTS) as (keyof ClientEvents)[];
  return Object.fromEntries(names.map((name) => [name, hear(name)])) as ReturnType<typeof recordInto>;
}

type HostHandlers = { [K in keyof HostRequests]: Handler<HostRequests[K]> };

export class ClientHarness {
  readonly clock = new FakeClock();
  /** One per attempt to start, in order. */
  readonly servers: ScriptedServer[] = [];
  readonly events: ClientEvent[] = [];
  readonly port: MemoryLinkPort;
  readonly clientPort: MemoryLinkPort;
  readonly host: Link<ClientRequests, HostRequests, object, ClientEvents>;
  /** What the host answers; a test replaces it. */
  readonly serve: HostHandlers = {
    ...QUIET_REQUESTS,
    sample: () =>
      Promise.resolve({ kind: 'answer', answer: { role: 'assistant', text: 'an answer', model: 'a-model' } }),
    roots: () => Promise.resolve([{ uri: 'file:///work', name: 'work' }]),
  };
  hostGone = false;
  private nextCall = 1;

  /** @param tables answers of the first, second, … start; the last one serves all later starts. */
  constructor(...tables: readonly [Map<string, Answer>, ...Map<string, Answer>[]]) {
    [this.port, this.clientPort] = MemoryLinkPort.pair();
    serveClient(
      this.clientPort,
      {
        openTransport: (_launch, onSpawned) => {
          const server = new ScriptedServer(
            tables[Math.min(this.servers.length, tables.length - 1)] ?? tables[0],
          );
          this.servers.push(server);
          onSpawned(1_000 + this.servers.length);
          return server.clientTransport;
        },
        loadAuthorization: () => assert.fail('nobody signs in here'),
      },
      () => (this.hostGone = true),
      this.clock,
    );
    this.host = new Link<ClientRequests, HostRequests, object, ClientEvents>(this.port, {
      requests: {
        ...QUIET_REQUESTS,
        sample: (params, signal) => this.serve.sample(params, signal),
        roots: (params, signal) => this.serve.roots(params, signal),
        elicit: (params, signal) => this.serve.elicit(params, signal),
        awaitElicitation: (params, signal) => this.serve.awaitElicitation(params, signal),
      },
      events: recordInto(this.events),
      onClose: () => undefined,
    });
  }

  /** The server that runs now. */
  get server(): ScriptedServer {
    const last = this.servers.at(-1);
    assert.ok(last, 'a server was started');
    return last;
  }

  connect(change: Partial<ConnectParams> = {}, signal?: AbortSignal): Promise<ConnectedServer> {
    const params: ConnectParams = {
      launch: { command: 'scripted', args: [], env: {}, cwd: '/' },
      timeouts: { connect: 30_000, request: 60_000, total: 600_000 },
      clientInfo: CLIENT_INFO,
      offers: { sampling: true, roots: true },
      ...change,
    };
    return this.host.request('connect', params, signal);
  }

  /** Connects and lets everything that follows from it happen. */
  static async connected(
    answers: Map<string, Answer>,
    change: Partial<ConnectParams> = {},
  ): Promise<ClientHarness> {
    const harness = new ClientHarness(answers);
    await harness.connect(change);
    await harness.settle();
    return harness;
  }

  /** Calls the tool `t`. */
  callTool(args: JsonObject = {}, signal?: AbortSignal): Promise<ClientRequests['callTool']['result']> {
    return this.host.request('callTool', { callId: this.nextCall++, name: 't', arguments: args }, signal);
  }

  /** Payloads of one event, in order. */
  heard<K extends keyof ClientEvents>(name: K): ClientEvents[K][] {
    return this.events
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as ClientEvents[K]);
  }

  /** Everything that ever left for a server. */
  get frames(): JsonRpcMessage[] {
    return this.servers.flatMap(({ received }) => received);
  }

  /** What left with this method. */
  sent(method: string): (JsonRpcRequest | JsonRpcNotification)[] {
    return this.frames.filter(
      (frame): frame is JsonRpcRequest | JsonRpcNotification => 'method' in frame && frame.method === method,
    );
  }

  /** What was answered to the server's requests. */
  get responses(): JsonRpcMessage[] {
    return this.frames.filter((frame) => !('method' in frame));
  }

  /** Lets pass as many turns as it takes until nothing moves any more: all of it is in memory, so stillness is the end. */
  async settle(): Promise<void> {
    let seen = this.traffic;
    for (let still = 0; still < 8; still++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      const now = this.traffic;
      if (now !== seen) still = 0;
      seen = now;
    }
  }

  private get traffic(): number {
    return this.frames.length + this.events.length + this.port.posts.length + this.clientPort.posts.length;
  }

  /** Lets time pass, with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    this.clock.advance(ms);
    await this.settle();
  }

  /** Asserts that nothing of this machine left, then ends everything. */
  async end(): Promise<void> {
    for (const frame of this.frames) assertClean(frame);
    this.host.close();
    await this.settle();
    assert.ok(this.hostGone, 'the client ended with its host');
    assert.equal(this.clock.waiting, 0, 'no timer is left');
  }
}

/** The id of a frame that left as a request. */
export function idOf(frame: JsonRpcMessage | undefined): RequestId {
  assert.ok(frame && 'id' in frame, 'a request with an id');
  return frame.id;
}

/** The params of a frame. */
export function paramsOf(frame: JsonRpcMessage | undefined): JsonObject {
  assert.ok(frame && 'method' in frame && frame.params, 'a message with params');
  return frame.params;
}

/** What a promise was rejected with. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof FailureError, `a FailureError, not ${String(error)}`);
    return error.failure;
  }
  assert.fail('the promise was fulfilled');
}

/** A tool result of one text block. */
export function textResult(text: string, more: JsonObject = {}): JsonValue {
  return { content: [{ type: 'text', text }], ...more };
}

function assertClean(frame: JsonRpcMessage): void {
  const text = JSON.stringify(frame);
  assert.ok(!text.includes('CANARY'), `nothing of ours leaks: ${text.slice(0, 300)}`);
  assert.doesNotMatch(text, /\bat \S+ \(|node_modules|\.ts:\d/, 'no stack leaks');
}
