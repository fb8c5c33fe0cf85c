/** The client as shipped (`dist/client-worker.js`) on a server that nobody here wrote, with everything it says and asks. */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../../../src/base/json';
import type {
  ClientEvents,
  ClientRequests,
  CompleteParams,
  ConnectParams,
  HostRequests,
  LaunchSpec,
  RemoteSpec,
  Root,
} from '../../../src/client/contract';
import type { ContentBlock, ToolCallResult } from '../../../src/protocol/content';
import { toFailure } from '../../../src/protocol/failure';
import type { ConnectedServer, ListItems, ListKind } from '../../../src/protocol/model';
import { launchClient, type Isolation } from '../../../src/rpc/clientLauncher';
import { Link } from '../../../src/rpc/link';
import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import { DIRECT } from '../../support/directNetwork';
import { recordInto, type ClientEvent } from '../../support/clientHarness';
import { carriersOf, eventually, keptAlive } from '../../support/processProbes';
import { QUIET_REQUESTS } from '../../support/quietHost';
import { CLIENT_SCRIPT } from '../../support/testPorts';

/** How long a server of a test may take to say what it will say. */
const PATIENCE_MS = 20_000;

/** A server as a script of Node, over stdio. */
export function script(
  file: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): LaunchSpec {
  return {
    command: process.execPath,
    args: [file, ...args],
    env: { PATH: process.env['PATH'] ?? '', [LAUNCH_MARKER]: randomUUID(), ...env },
    cwd: process.cwd(),
  };
}

/** A server at an address on this machine. */
export function remote(url: string, transport: RemoteSpec['transport'] = 'auto'): RemoteSpec {
  return { url, headers: {}, transport, network: DIRECT };
}

export interface ForeignOptions {
  /** Another copy of the client than the built one. */
  readonly clientScript?: string;
  readonly isolation?: Isolation;
  readonly offers?: ConnectParams['offers'];
  readonly roots?: readonly Root[];
}

export class ForeignClient {
  readonly events: ClientEvent[] = [];
  readonly sampled: HostRequests['sample']['params'][] = [];
  rootsAsked = 0;
  roots: readonly Root[];
  private readonly link: Link<ClientRequests, HostRequests, object, ClientEvents>;
  private readonly waiting = new Set<() => void>();
  private nextCall = 1;

  private constructor(options: ForeignOptions) {
    this.roots = options.roots ?? [{ uri: 'file:///work/project', name: 'project' }];
    const record = recordInto(this.events);
    const heard =
      <K extends keyof ClientEvents>(name: K) =>
      (payload: ClientEvents[K]): void => {
        record[name](payload);
        this.wake();
      };
    this.link = new Link<ClientRequests, HostRequests, object, ClientEvents>(
      launchClient(options.clientScript ?? CLIENT_SCRIPT, options.isolation ?? 'thread'),
      {
        requests: {
          ...QUIET_REQUESTS,
          sample: (params) => {
            this.sampled.push(params);
            this.wake();
            const answer = { role: 'assistant', text: 'forty-two', model: 'a-model' } as const;
            return Promise.resolve({ kind: 'answer', answer });
          },
          roots: () => {
            this.rootsAsked++;
            this.wake();
            return Promise.resolve(this.roots);
          },
        },
        events: {
          spawned: heard('spawned'),
          stderr: heard('stderr'),
          wire: heard('wire'),
          logMessage: heard('logMessage'),
          progress: heard('progress'),
          listChanged: heard('listChanged'),
          resourceUpdated: heard('resourceUpdated'),
          unheard: heard('unheard'),
          signedIn: heard('signedIn'),
          secrets: heard('secrets'),
          task: heard('task'),
          ended: heard('ended'),
        },
        onClose: () => undefined,
      },
    );
  }

  /** Connects, runs `body`, closes, and asserts that no process of the server is left. */
  static async with(
    launch: LaunchSpec | RemoteSpec,
    body: (client: ForeignClient, server: ConnectedServer) => Promise<void>,
    options: ForeignOptions = {},
  ): Promise<void> {
    await keptAlive(async () => {
      const client = new ForeignClient(options);
      try {
        const server = await client.request('connect', {
          launch,
          timeouts: { connect: PATIENCE_MS, request: PATIENCE_MS, total: 60_000 },
          clientInfo: { name: 'mcp-host', title: 'MCP Host', version: '0' },
          offers: options.offers ?? { sampling: true, roots: true },
        });
        await body(client, server);
        await client.request('close', undefined);
      } finally {
        client.link.close();
      }
      const token = 'env' in launch ? launch.env[LAUNCH_MARKER] : undefined;
      if (token !== undefined)
        await eventually(
          async () => (await carriersOf([token])).length === 0,
          5_000,
          'no process of the server is left',
        );
    });
  }

  request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    return this.link.request(name, params, signal);
  }

  /** The entries of a list that is whole and without faults. */
  async list<K extends ListKind>(kind: K): Promise<readonly ListItems[K][]> {
    const listing = await this.request('list', { kind });
    assert.deepEqual(listing.rejected, [], `${kind} are all accepted`);
    assert.equal(listing.cut, undefined);
    return listing.items as readonly ListItems[K][];
  }

  async names(kind: 'tools' | 'prompts' | 'resources' | 'resourceTemplates'): Promise<string[]> {
    return (await this.list(kind)).map(({ name }) => name).sort();
  }

  /** Calls a tool; the number of the call is that of the calls so far. */
  call(name: string, given: JsonObject = {}, signal?: AbortSignal): Promise<ToolCallResult> {
    return this.request('callTool', { callId: this.nextCall++, name, arguments: given }, signal);
  }

  /** The text of what a tool answers with. */
  async say(name: string, given: JsonObject = {}): Promise<string> {
    return textOf(await this.call(name, given));
  }

  read(uri: string): Promise<ClientRequests['readResource']['result']> {
    return this.request('readResource', { callId: this.nextCall++, uri });
  }

  prompt(
    name: string,
    given: Readonly<Record<string, string>> = {},
  ): Promise<ClientRequests['getPrompt']['result']> {
    return this.request('getPrompt', { callId: this.nextCall++, name, arguments: given });
  }

  async complete(
    ref: CompleteParams['ref'],
    name: string,
    value: string,
    resolved: Readonly<Record<string, string>> = {},
  ): Promise<readonly string[]> {
    return (await this.request('complete', { ref, argument: { name, value }, resolved })).values;
  }

  heard<K extends keyof ClientEvents>(name: K): ClientEvents[K][] {
    return this.events
      .filter((event) => event.name === name)
      .map(({ payload }) => payload as ClientEvents[K]);
  }

  /** Resolves when the condition holds; it is looked at whenever the client says or asks something. */
  async until(condition: () => boolean, what: string): Promise<void> {
    const end = performance.now() + PATIENCE_MS;
    while (!condition()) {
      const left = end - performance.now();
      if (left <= 0) assert.fail(`${what}; heard: ${JSON.stringify(this.events.slice(-20))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Resolves with the first event of a kind that fits. */
  async event<K extends keyof ClientEvents>(
    name: K,
    fits: (payload: ClientEvents[K]) => boolean = () => true,
  ): Promise<ClientEvents[K]> {
    await this.until(() => this.heard(name).some(fits), `there is a fitting ${name}`);
    return this.heard(name).find(fits) ?? assert.fail();
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** All texts of a result, in order. */
export function textOf({ content }: { readonly content: readonly ContentBlock[] }): string {
  return content
    .map((block) => (block.type === 'text' && block.text.kind === 'inline' ? block.text.text : ''))
    .join('');
}

/** Asserts that the server refuses with an error of this code. */
export async function refusedWith(rpcCode: number, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    const failure = toFailure(error);
    assert.ok(failure.code === 'server-error', JSON.stringify(failure));
    assert.equal(failure.rpcCode, rpcCode);
    return true;
  });
}

/** What a result has as structured content. */
export function structuredOf(result: ToolCallResult): unknown {
  assert.ok(result.structured?.kind === 'inline', 'there is structured content');
  return JSON.parse(result.structured.text) as unknown;
}
