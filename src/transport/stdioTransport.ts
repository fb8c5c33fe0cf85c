/**
 * A server as a local process: messages as lines over its stdin and stdout (specification, transports, stdio). It owns the
 * process from its start until nothing of it is left, and knows nothing of what the messages mean.
 */

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import { systemClock, type Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import { LogRate } from '../base/logRate';
import { FailureError, type ProcessExit, type SpawnFailure } from '../protocol/failure';
import type { JsonRpcMessage } from '../protocol/jsonrpc';
import { lineLimits, ownHeapLimit, type LineLimits } from './admission';
import { checkLaunch, errnoOf, spawnFailure } from './launchCheck';
import { LAUNCH_MARKER, sweepMarked } from './launchMarker';
import type { LaunchSpec } from './launchSpec';
import { LineWriter } from './lineWriter';
import { MessagePump } from './messagePump';
import { DEFAULT_LADDER, ProcessGroup, type LadderTimes } from './processGroup';
import { StderrLines } from './stderrLines';
import type { Transport, TransportClose, TransportHandlers } from './transport';
import { batchLaunch, isBatchFile } from './windowsBatch';
import { delay } from './waitUntil';

/** What a {@link StdioTransport} needs. All but the first two have defaults for everyday use. */
export interface StdioTransportOptions {
  readonly launch: LaunchSpec;
  /** Called as soon as the process exists, before anything is read from it. */
  readonly onSpawned: (pid: number) => void;
  readonly clock?: Clock;
  /** Defaults to what the heap of this thread allows. */
  readonly limits?: LineLimits;
  /** What it may write for its log, where that is shared. */
  readonly logRate?: LogRate;
  readonly ladder?: LadderTimes;
  /**
   * Milliseconds that output may still come after the process exited or stopped reading, and that its exit may come after the
   * output ended.
   */
  readonly graceMs?: number;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** The parts of a running connection. */
interface Running {
  readonly child: Child;
  readonly group: ProcessGroup;
  readonly writer: LineWriter;
  readonly pump: MessagePump;
  readonly stderr: StderrLines;
  readonly handlers: TransportHandlers;
  /** Settles when the process exited. */
  readonly exited: Deferred<ProcessExit>;
  readonly stderrEnded: Deferred<void>;
  exit?: ProcessExit;
  outputEnded: boolean;
  /** The end is due, but the reader is behind. */
  lossHeld: boolean;
}

type State =
  | { readonly kind: 'new' | 'starting' }
  | { readonly kind: 'open'; readonly running: Running }
  /** `over` resolves when nothing of the process is left. */
  | { readonly kind: 'over'; readonly over: Promise<void> };

/** Half of the second in which a lost connection must be reported (T042). */
const DEFAULT_GRACE_MS = 400;

/** One process, started once. */
export class StdioTransport implements Transport {
  private state: State = { kind: 'new' };
  private readonly clock: Clock;
  private readonly limits: LineLimits;
  private readonly logRate: LogRate;
  private readonly ladder: LadderTimes;
  private readonly graceMs: number;

  constructor(private readonly options: StdioTransportOptions) {
    this.clock = options.clock ?? systemClock;
    this.logRate = options.logRate ?? new LogRate(this.clock);
    this.limits = options.limits ?? lineLimits(ownHeapLimit());
    this.ladder = options.ladder ?? DEFAULT_LADDER;
    this.graceMs = options.graceMs ?? DEFAULT_GRACE_MS;
  }

  async start(handlers: TransportHandlers): Promise<void> {
    if (this.state.kind !== 'new') throw new Error('A transport is started once');
    this.state = { kind: 'starting' };
    const failure = await checkLaunch(this.options.launch);
    if (this.isOver()) throw new FailureError({ code: 'cancelled' });
    if (failure) return this.failStart(failure);
    const child = startProcess(this.options.launch);
    if ('reason' in child) return this.failStart(child);
    const { pid } = child;
    if (pid === undefined) return this.failStart(await spawnError(child, this.options.launch.command));
    this.open(child, pid, handlers);
    this.options.onSpawned(pid);
  }

  send(message: JsonRpcMessage): void {
    if (this.state.kind === 'open') this.state.running.writer.send(message);
  }

  pause(): void {
    if (this.state.kind !== 'open') return;
    this.state.running.pump.pause();
    this.state.running.child.stdout.pause();
  }

  resume(): void {
    // The stream follows when everything that waits has been handed over.
    if (this.state.kind === 'open') this.state.running.pump.resume();
  }

  get isCongested(): boolean {
    return this.state.kind === 'open' && this.state.running.writer.isCongested;
  }

  close(): Promise<void> {
    switch (this.state.kind) {
      case 'over':
        return this.state.over;
      case 'open':
        return this.closeRunning(this.state.running);
      case 'new':
      case 'starting':
        this.state = { kind: 'over', over: Promise.resolve() };
        return this.state.over;
    }
  }

  /** Asked through a method, because the state changes while {@link start} waits. */
  private isOver(): boolean {
    return this.state.kind === 'over';
  }

  private failStart(failure: SpawnFailure): never {
    this.state = { kind: 'over', over: Promise.resolve() };
    throw new FailureError({ code: 'spawn-failed', spawn: failure });
  }

  private open(child: Child, pid: number, handlers: TransportHandlers): void {
    const running: Running = {
      child,
      group: new ProcessGroup(pid, this.clock),
      writer: new LineWriter(child.stdin, () => this.loseSoon(running)),
      pump: new MessagePump(this.limits, {
        onMessage: (message) => handlers.onMessage(message),
        onRefused: (refused) => handlers.onRefused(refused),
        onNoise: (noise) => handlers.onNoise(noise),
        onViolation: (detail) => this.violate(running, detail),
        onDrained: () => this.drained(running),
      }),
      stderr: new StderrLines(this.clock, this.logRate, (lines, dropped) => {
        handlers.onStderr(lines, dropped);
      }),
      handlers,
      exited: new Deferred(),
      stderrEnded: new Deferred(),
      outputEnded: false,
      lossHeld: false,
    };
    this.state = { kind: 'open', running };
    this.listen(running);
  }

  private listen(running: Running): void {
    const { child, pump, stderr } = running;
    child.stdout.on('data', (chunk: Buffer) => pump.push(chunk));
    child.stdout.on('error', () => this.outputEnded(running));
    child.stdout.on('end', () => this.outputEnded(running));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stderr.on('error', () => running.stderrEnded.resolve());
    child.stderr.on('end', () => running.stderrEnded.resolve());
    // Only a signal that cannot be sent is reported this way, and those are sent elsewhere.
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      running.exit = { code, signal };
      running.group.noteLeaderExit();
      running.exited.resolve(running.exit);
      this.loseSoon(running);
    });
  }

  private isOpen(running: Running): boolean {
    return this.state.kind === 'open' && this.state.running === running;
  }

  private drained(running: Running): void {
    if (!this.isOpen(running)) return;
    if (running.outputEnded) this.lose(running);
    else if (running.child.stdout.isPaused()) running.child.stdout.resume();
    if (!running.lossHeld) return;
    running.lossHeld = false;
    this.loseSoon(running);
  }

  private outputEnded(running: Running): void {
    running.outputEnded = true;
    // What waits behind a pause was sent while the connection lived.
    if (this.isOpen(running) && !running.pump.hasBacklog) this.lose(running);
  }

  /** The process exited, or reads no more: what it still has to say may come for a moment. */
  private loseSoon(running: Running): void {
    this.clock.schedule(this.graceMs, () => {
      if (!this.isOpen(running)) return;
      // A reader that is behind gets what waits; `drained` starts this clock again.
      if (running.pump.isPaused) running.lossHeld = true;
      else this.lose(running);
    });
  }

  /** The connection ended without us: reports it soon, and ends what is left of the process behind that. */
  private lose(running: Running): void {
    const over = this.endProcess(running);
    this.state = { kind: 'over', over };
    running.pump.end();
    const known = Promise.all([running.exited.promise, running.stderrEnded.promise]);
    void Promise.race([known, delay(this.graceMs, this.clock)]).then(() => this.report(running, 'ended'));
  }

  private closeRunning(running: Running): Promise<void> {
    running.pump.close();
    // A server that is blocked on a full pipe could not end by itself.
    running.child.stdout.resume();
    const over = this.endProcess(running).then(() => this.report(running, 'closed'));
    this.state = { kind: 'over', over };
    return over;
  }

  private violate(running: Running, detail: string): void {
    if (!this.isOpen(running)) return;
    running.child.stdout.destroy();
    const over = running.group.kill().then(() => this.sweep());
    this.state = { kind: 'over', over };
    this.release(running, { kind: 'violation', detail });
  }

  private async endProcess(running: Running): Promise<void> {
    await running.group.end(() => running.writer.end(), this.ladder);
    await this.sweep();
  }

  private async sweep(): Promise<void> {
    const token = this.options.launch.env[LAUNCH_MARKER];
    if (token !== undefined) await sweepMarked(token, this.clock);
  }

  private report(running: Running, kind: 'ended' | 'closed'): void {
    const { exit } = running;
    this.release(running, exit === undefined ? { kind } : { kind, exit });
  }

  private release(running: Running, close: TransportClose): void {
    running.stderr.end();
    running.child.stdout.destroy();
    running.child.stderr.destroy();
    running.handlers.onClose(close);
  }
}

function startProcess(launch: LaunchSpec): Child | SpawnFailure {
  const { command, args, env, cwd } = launch;
  const batch = process.platform === 'win32' && isBatchFile(command) ? batchLaunch(command, args) : undefined;
  if (batch && !batch.ok) return batch.error;
  try {
    return spawn(batch?.value.command ?? command, batch?.value.args ?? args, {
      env,
      cwd,
      stdio: ['pipe', 'pipe', 'pipe'],
      shell: false,
      windowsHide: true,
      windowsVerbatimArguments: batch !== undefined,
      // A group and session of its own, so that all of it can be ended at once and no terminal reaches it.
      detached: process.platform !== 'win32',
    });
  } catch (error) {
    return spawnFailure(errnoOf(error), command);
  }
}

/** The error of a child that has no pid, which is reported in the next turn. */
function spawnError(child: Child, command: string): Promise<SpawnFailure> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(spawnFailure(errnoOf(error), command)));
  });
}
