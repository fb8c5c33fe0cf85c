/**
 * A whole host whose clients run in this thread, on servers played by tables, with time, files and programs in memory: everything that
 * happens is known, so a test can wait until nothing moves any more.
 */

import assert from 'node:assert/strict';
import path from 'node:path';

import { serveClient } from '../../src/client/clientService';
import type { LaunchSpec } from '../../src/client/contract';
import type { ConsentEntry, ConsentSubject } from '../../src/host/consentQueue';
import { Host, type HostChange } from '../../src/host/host';
import type { HostPorts } from '../../src/host/ports';
import type { Server } from '../../src/host/server';
import type { ServerState } from '../../src/host/serverState';
import { serverId } from '../../src/policy/serverId';
import type { EntryScope } from '../../src/policy/serverEntry';
import { legacyAnswers, textResult } from './clientHarness';
import { FakeClock } from './fakeClock';
import { FakeMachine } from './fakeMachine';
import { MemoryLinkPort } from './linkPair';
import { ScriptedServer, type Answer } from './scriptedServer';
import { TestWorld } from './testPorts';

/** Where the workspace of every test lies. */
export const WORKSPACE: { readonly uri: string; readonly name: string; readonly path: string } = {
  uri: 'file:///work',
  name: 'work',
  path: '/work',
};

/** One start of a server process. */
export class Start {
  alive = true;

  constructor(
    /** The name of the program, which stands for the server. */
    readonly command: string,
    readonly spec: LaunchSpec,
    readonly isolation: 'thread' | 'process',
    readonly server: ScriptedServer,
    /** The host's end of the link, and the client's. */
    readonly hostPort: MemoryLinkPort,
    readonly clientPort: MemoryLinkPort,
    readonly pid: number,
  ) {
    void server.whenClosed.then(() => (this.alive = false));
  }
}

/** The tables that servers answer from; a tool `echo`, a resource, a prompt, and no more unless a test says so. */
export function everyday(more: Readonly<Record<string, Answer>> = {}): Map<string, Answer> {
  return legacyAnswers({
    'tools/list': () => ({ tools: [tool('echo'), tool('wipe')] }),
    'resources/list': () => ({ resources: [{ uri: 'test://one', name: 'one' }] }),
    'resources/templates/list': () => ({ resourceTemplates: [] }),
    'prompts/list': () => ({ prompts: [{ name: 'greet' }] }),
    'resources/read': () => ({ contents: [{ uri: 'test://one', text: 'content' }] }),
    'resources/subscribe': () => ({}),
    'resources/unsubscribe': () => ({}),
    'prompts/get': () => ({ messages: [] }),
    'tools/call': () => textResult('done'),
    ...more,
  });
}

/** A tool as a server lists it. */
export function tool(name: string): { name: string; inputSchema: { type: string } } {
  return { name, inputSchema: { type: 'object' } };
}

export class HostHarness {
  readonly clock = new FakeClock();
  readonly world = new TestWorld();
  readonly machine = new FakeMachine();
  readonly starts: Start[] = [];
  readonly changes: HostChange[] = [];
  readonly host: Host;
  /** Answers of the servers, by command; `everyday()` for others. */
  readonly answers = new Map<string, Map<string, Answer>>();
  /** Launches of a client, including those whose server was never started. */
  launches = 0;
  /** Most processes of one command that lived at once, without those whose client was lost: these are the reaper's to end. */
  readonly peak = new Map<string, number>();
  private readonly unhandled: unknown[] = [];
  private readonly onUnhandled = (reason: unknown): void => void this.unhandled.push(reason);
  private readonly ports: MemoryLinkPort[] = [];

  constructor(overrides: Partial<HostPorts> = {}) {
    this.world.clock = this.clock;
    this.world.folders = [WORKSPACE];
    this.host = new Host(
      this.world.ports({
        machine: this.machine,
        clients: { launch: (isolation) => this.launch(isolation) },
        reaper: { watch: () => undefined, unwatch: () => Promise.resolve() },
        ...overrides,
      }),
    );
    this.host.onDidChange((change) => this.changes.push(change));
    process.on('unhandledRejection', this.onUnhandled);
  }

  /** A host that is open, on these servers of the user. */
  static async open(
    servers: Readonly<Record<string, unknown>> = {},
    scope: EntryScope = { kind: 'user' },
  ): Promise<HostHarness> {
    const harness = new HostHarness();
    harness.world.setServers(servers, scope);
    harness.host.open();
    await harness.settle();
    return harness;
  }

  /** Replaces the servers of one scope, as an edit of the settings does. */
  async edit(
    servers: Readonly<Record<string, unknown>>,
    scope: EntryScope = { kind: 'user' },
  ): Promise<void> {
    this.world.setServers(servers, scope);
    await this.settle();
  }

  server(name: string, scope: EntryScope = { kind: 'user' }): Server {
    const found = this.host.server(serverId(scope, name));
    assert.ok(found, `there is a server ${name}`);
    return found;
  }

  state(name: string, scope: EntryScope = { kind: 'user' }): ServerState {
    return this.server(name, scope).state;
  }

  /** Starts of one command, oldest first. */
  startsOf(command: string): Start[] {
    return this.starts.filter((start) => start.command === command);
  }

  /** The newest start of a command. */
  start(command: string): Start {
    const found = this.startsOf(command).at(-1);
    assert.ok(found, `${command} was started`);
    return found;
  }

  alive(command: string): number {
    return this.startsOf(command).filter(({ alive }) => alive).length;
  }

  /** The one question that waits. */
  onlyQuestion<K extends ConsentSubject['kind']>(
    kind: K,
  ): ConsentEntry & { readonly subject: Extract<ConsentSubject, { kind: K }> } {
    const entries = this.host.consent.entries();
    assert.equal(entries.length, 1, 'exactly one question waits');
    const [entry] = entries;
    assert.ok(entry?.subject.kind === kind);
    return entry as ConsentEntry & { readonly subject: Extract<ConsentSubject, { kind: K }> };
  }

  /** Approves the one launch that waits. */
  async approve(): Promise<void> {
    assert.ok(this.host.consent.decide(this.onlyQuestion('launch').id, { kind: 'allow-once' }));
    await this.settle();
  }

  /** Lets pass as many turns as it takes until nothing moves any more: all of it is in memory, so stillness is the end. */
  async settle(): Promise<void> {
    let seen = this.traffic;
    for (let still = 0; still < 10; still++) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (this.traffic === seen) continue;
      seen = this.traffic;
      still = 0;
    }
  }

  /** Lets time pass, with everything that follows from it. */
  async pass(ms: number): Promise<void> {
    this.clock.advance(ms);
    await this.settle();
  }

  /** Ends everything and asserts that nothing is left: no server, no question, no timer, no unhandled rejection. */
  async end(): Promise<void> {
    const closed = this.host.close();
    for (let passed = 0; passed < 5_000 && this.starts.some(({ alive }) => alive); passed += 500)
      await this.pass(500);
    await closed;
    this.host.dispose();
    await this.settle();
    process.off('unhandledRejection', this.onUnhandled);
    assert.deepEqual(this.unhandled, [], 'no rejection goes unhandled');
    assert.deepEqual(
      this.starts.filter(({ alive }) => alive).map(({ command }) => command),
      [],
      'no server is left',
    );
    assert.deepEqual(this.host.consent.entries(), [], 'no question is left');
    assert.equal(this.clock.waiting, 0, 'no timer is left');
  }

  private get traffic(): number {
    return (
      this.changes.length +
      this.launches +
      this.machine.looks.length +
      this.world.prompts.length +
      this.starts.reduce((sum, { server }) => sum + server.received.length, 0) +
      this.ports.reduce((sum, port) => sum + port.posts.length, 0)
    );
  }

  private ruled(command: string): number {
    return this.startsOf(command).filter(({ alive, hostPort }) => alive && !hostPort.isClosed).length;
  }

  private launch(isolation: 'thread' | 'process'): MemoryLinkPort {
    this.launches++;
    const [hostPort, clientPort] = MemoryLinkPort.pair();
    this.ports.push(hostPort, clientPort);
    serveClient(
      clientPort,
      {
        loadAuthorization: () => assert.fail('nobody signs in here'),
        openTransport: (spec, onSpawned) => {
          assert.ok('command' in spec, 'only processes are played here');
          const command = path.basename(spec.command);
          const server = new ScriptedServer(this.answers.get(command) ?? everyday());
          const start = new Start(
            command,
            spec,
            isolation,
            server,
            hostPort,
            clientPort,
            1_000 + this.starts.length,
          );
          this.starts.push(start);
          this.peak.set(command, Math.max(this.peak.get(command) ?? 0, this.ruled(command)));
          onSpawned(start.pid);
          return server.clientTransport;
        },
      },
      () => undefined,
      this.clock,
    );
    return hostPort;
  }
}
