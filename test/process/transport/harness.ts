/** Real server processes for the tests of the stdio transport, and what a test can ask about them. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { Deferred } from '../../../src/base/deferred';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { LAUNCH_MARKER } from '../../../src/transport/launchMarker';
import type { LaunchSpec } from '../../../src/transport/launchSpec';
import { processesWithVariable } from '../../../src/transport/processTable';
import { StdioTransport, type StdioTransportOptions } from '../../../src/transport/stdioTransport';
import type { TransportClose, TransportHandlers } from '../../../src/transport/transport';

export const MIB = 1_048_576;
export const evilServer = join(process.cwd(), 'test', 'support', 'evilStdio.mjs');

/** A launch of one mode of the misbehaving server, with a token of its own. */
export function evilLaunch(mode: string, ...args: string[]): LaunchSpec {
  return launchOf(process.execPath, [evilServer, mode, ...args]);
}

export function launchOf(command: string, args: readonly string[]): LaunchSpec {
  return {
    command,
    args,
    cwd: process.cwd(),
    env: { [LAUNCH_MARKER]: randomUUID(), PATH: process.env['PATH'] ?? '' },
  };
}

/** Records everything a transport reports. */
export class Recorder implements TransportHandlers {
  readonly messages: JsonRpcMessage[] = [];
  readonly refused: Parameters<TransportHandlers['onRefused']>[0][] = [];
  readonly noise: Parameters<TransportHandlers['onNoise']>[0][] = [];
  readonly stderr: string[] = [];
  readonly closes: TransportClose[] = [];
  dropped = 0;
  /** Called for each message, after it was recorded. */
  onEach: ((message: JsonRpcMessage) => void) | undefined;
  private readonly closed = new Deferred<TransportClose>();
  private readonly waiting = new Set<() => void>();

  onMessage(message: JsonRpcMessage): void {
    this.messages.push(message);
    this.onEach?.(message);
    this.wake();
  }

  onRefused(refused: Parameters<TransportHandlers['onRefused']>[0]): void {
    this.refused.push(refused);
    this.wake();
  }

  onNoise(noise: Parameters<TransportHandlers['onNoise']>[0]): void {
    this.noise.push(noise);
  }

  onFailed(): void {
    throw new Error('a process has no requests of its own');
  }

  onOdd(): void {
    throw new Error('a process is odd by noise only');
  }

  onStderr(lines: readonly string[], dropped: number): void {
    this.stderr.push(...lines);
    this.dropped += dropped;
    this.wake();
  }

  onClose(close: TransportClose): void {
    this.closes.push(close);
    this.closed.resolve(close);
    this.wake();
  }

  get whenClosed(): Promise<TransportClose> {
    return this.closed.promise;
  }

  /** Resolves when the condition holds; it is looked at after every report. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.closes.length > 0)
        throw new Error(`Closed before it happened: ${JSON.stringify(this.closes)}`);
      await new Promise<void>((resolve) => this.waiting.add(resolve));
    }
  }

  /** Resolves with the first message of this method. */
  async method(name: string): Promise<JsonRpcMessage> {
    const find = (): JsonRpcMessage | undefined =>
      this.messages.find((one) => 'method' in one && one.method === name);
    await this.until(() => find() !== undefined);
    const found = find();
    if (!found) throw new Error('unreachable');
    return found;
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** A started server with its recorder. */
export interface Opened {
  readonly transport: StdioTransport;
  readonly recorder: Recorder;
  readonly launch: LaunchSpec;
  readonly pid: number;
  /** Living processes of this launch, wherever they went (Linux). */
  processes(): Promise<readonly number[]>;
}

/** Starts a launch and records what comes. */
export async function open(
  launch: LaunchSpec,
  options: Partial<StdioTransportOptions> = {},
): Promise<Opened> {
  let pid = 0;
  const transport = new StdioTransport({ launch, onSpawned: (spawned) => (pid = spawned), ...options });
  const recorder = new Recorder();
  await transport.start(recorder);
  return { transport, recorder, launch, pid, processes: () => processesOf(launch) };
}

/** Living processes of a launch (Linux). */
export async function processesOf(launch: LaunchSpec): Promise<readonly number[]> {
  const token = launch.env[LAUNCH_MARKER] ?? '';
  return (await processesWithVariable(LAUNCH_MARKER, token)).map(({ pid }) => pid);
}
