/** A whole host on real clients, a real reaper and real server processes. */

import assert from 'node:assert/strict';
import path from 'node:path';

import type { JsonObject } from '../../../src/base/json';
import { Host } from '../../../src/host/host';
import type { ServerState } from '../../../src/host/serverState';
import type { ToolCallResult } from '../../../src/protocol/content';
import { ReaperProcess } from '../../../src/transport/reaper';
import { carriersOf, eventually, keptAlive } from '../../support/processProbes';
import { TestWorld } from '../../support/testPorts';

const EXAMPLES = path.resolve('examples', 'servers');
const MODULES = path.resolve('node_modules', '@modelcontextprotocol');
const HOSTILE = path.resolve('test', 'support', 'hostileServer.mjs');

/** A server that misbehaves when one of its tools is called. */
export function hostile(...args: readonly string[]): { command: string; args: string[] } {
  return { command: 'node', args: [HOSTILE, ...args] };
}

/** Milliseconds between two looks at what is waited for, when no change is told. */
const LOOK_MS = 20;

/** Servers that nobody here wrote, and the one of the demo. They are told of no folders, for which they would ask by themselves. */
export const SERVERS = {
  everything: {
    command: 'node',
    args: [path.join(MODULES, 'server-everything', 'dist', 'index.js'), 'stdio'],
    roots: 'none',
  },
  filesystem: (folder: string): { command: string; args: string[]; roots: string } => ({
    command: 'node',
    args: [path.join(MODULES, 'server-filesystem', 'dist', 'index.js'), folder],
    roots: 'none',
  }),
  trailNotes: { command: 'node', args: [path.join(EXAMPLES, 'trail-notes.mjs')] },
};

export class RealHost {
  readonly world = new TestWorld();
  /** The token of every launch. */
  readonly tokens: string[] = [];
  /** Every process that was started, in order. */
  readonly spawned: number[] = [];
  readonly reaperFailures: string[] = [];
  readonly host: Host;
  private readonly reaper = new ReaperProcess({ onFailure: (detail) => this.reaperFailures.push(detail) });

  constructor(servers: Readonly<Record<string, unknown>>) {
    this.world.folders = [{ uri: 'file:///work', name: 'work', path: process.cwd() }];
    this.world.setServers(servers);
    this.reaper.start(process.execPath, path.resolve('dist', 'reaper.js'));
    this.host = new Host(
      this.world.ports({
        reaper: {
          watch: (token, pid) => {
            if (pid === undefined) this.tokens.push(token);
            else this.spawned.push(pid);
            this.reaper.watch(token, pid);
          },
          unwatch: (token) => this.reaper.unwatch(token),
        },
      }),
    );
  }

  /** Starts these servers, runs `body`, and asserts that no process of theirs is left. */
  static async with(
    servers: Readonly<Record<string, unknown>>,
    body: (real: RealHost) => Promise<void>,
  ): Promise<void> {
    await keptAlive(async () => {
      const real = new RealHost(servers);
      try {
        real.host.open();
        await real.atRest();
        await body(real);
      } finally {
        await real.end();
      }
    });
  }

  state(name: string): ServerState {
    return this.host.server(`user/${name}`)?.state ?? assert.fail(`there is no server ${name}`);
  }

  pid(name: string): number {
    const state = this.state(name);
    assert.ok(state.kind === 'running' && state.pid !== undefined, `${name} is ${JSON.stringify(state)}`);
    return state.pid;
  }

  /** Resolves when no server is on its way to another state. */
  atRest(): Promise<void> {
    return this.until(() =>
      this.host
        .servers()
        .every(({ state, isPreparing }) => !isPreparing && !/ing$/.test(state.kind.replace('running', ''))),
    );
  }

  /** Resolves when the condition holds; it is looked at after every change, and now and then: an attempt that changes nothing tells nobody. */
  async until(condition: () => boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        watching.dispose();
        deciding.dispose();
        clearInterval(looking);
        resolve();
      };
      const looking = setInterval(look, LOOK_MS);
      const watching = this.host.onDidChange(() => setImmediate(look));
      const deciding = this.host.consent.onDidChange(() => setImmediate(look));
      look();
    });
  }

  call(name: string, tool: string, args: JsonObject = {}, signal?: AbortSignal): Promise<ToolCallResult> {
    return this.host.callTool(`user/${name}`, tool, args, signal ? { signal } : {});
  }

  /** Processes of all servers that were ever started. */
  processes(): Promise<readonly number[]> {
    return carriersOf([...new Set(this.tokens)]);
  }

  /** Ends the reaper of a host that was never opened. */
  dispose(): void {
    this.host.dispose();
    this.reaper.dispose();
  }

  private async end(): Promise<void> {
    await this.host.close();
    this.host.dispose();
    await eventually(
      async () => (await this.processes()).length === 0,
      5_000,
      'no process of a server is left',
    );
    this.reaper.dispose();
    assert.deepEqual(this.reaperFailures, []);
  }
}

/** The text of a result's first block. */
export function textOf(result: ToolCallResult): string {
  const [block] = result.content;
  assert.ok(block?.type === 'text' && block.text.kind === 'inline', JSON.stringify(block).slice(0, 200));
  return block.text.text;
}
