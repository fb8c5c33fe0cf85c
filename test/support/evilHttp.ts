/** Runs a misbehaving server over HTTP in a process of its own, and asks it what it has seen. */

import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { eventually } from './processProbes';

const SCRIPT = path.resolve('test', 'support', 'evilHttp', 'server.mjs');

/** One request as it arrived; headers are names and values in turn. */
interface SeenRequest {
  readonly method: string;
  readonly rpc?: string;
  readonly tool?: string;
  readonly headers: readonly string[];
}

/** What the server, its second origin and its sinkhole have seen. */
export interface Seen {
  readonly requests: readonly SeenRequest[];
  readonly other: readonly string[];
  readonly sink: { readonly connections: number; readonly text: string };
  /** Connections that are open now. */
  readonly open: number;
  /** Requests that are not answered to the end. */
  readonly busy: number;
  readonly sessions: number;
  /** How often something was done that must not be repeated. */
  readonly acted: number;
}

interface Ports {
  readonly main: number;
  readonly other: number;
  readonly sink: number;
}

export class EvilHttp {
  private constructor(
    private readonly child: ChildProcess,
    readonly ports: Ports,
  ) {}

  static async start(mode: string): Promise<EvilHttp> {
    const child = fork(SCRIPT, [mode], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [{ ports }] = (await once(child, 'message')) as [{ ports: Ports }];
    return new EvilHttp(child, ports);
  }

  get url(): string {
    return `http://127.0.0.1:${this.ports.main}/mcp`;
  }

  async seen(): Promise<Seen> {
    const answered = once(this.child, 'message') as Promise<[{ seen: Seen }]>;
    this.child.send('report');
    const [{ seen }] = await answered;
    return seen;
  }

  /** Requests with this HTTP method and, where given, this JSON-RPC method. */
  async count(method: string, rpc?: string): Promise<number> {
    const { requests } = await this.seen();
    return requests.filter((one) => one.method === method && (rpc === undefined || one.rpc === rpc)).length;
  }

  /** Nothing went to where it was lured to. */
  async assertNothingLeaked(): Promise<void> {
    const { other, sink } = await this.seen();
    assert.deepEqual(other, [], 'the second origin gets no request');
    assert.deepEqual(sink, { connections: 0, text: '' }, 'nobody connects to the sinkhole');
  }

  /** Every connection to it is closed soon. */
  async assertLeft(): Promise<void> {
    await eventually(async () => (await this.seen()).open === 0, 3_000, 'no connection is left');
  }

  async stop(): Promise<void> {
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}
