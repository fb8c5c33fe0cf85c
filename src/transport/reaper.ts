/** The host's side of the reaper process: starts it, keeps it running within reason, and tells it what to watch. */

import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { parse } from 'node:path';

import { systemClock, type Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { errnoOf } from './launchCheck';
import type { ReaperCommand } from './reaperProtocol';

/** More starts than this within a minute mean that it cannot run here. */
const MAX_STARTS = 4;
const MINUTE_MS = 60_000;

/** What {@link ReaperProcess} reports. */
export interface ReaperOptions {
  /** There is no reaper, and none will be tried again; servers can outlive a host that is killed. `detail` is our own text. */
  readonly onFailure: (detail: string) => void;
  readonly clock?: Clock;
}

interface Program {
  readonly nodePath: string;
  readonly scriptPath: string;
}

/** One reaper for all servers of a host. Without it everything works, except that a killed host leaves servers behind. */
export class ReaperProcess implements Disposable {
  private readonly watched = new Map<string, ReaperCommand>();
  private readonly starts: number[] = [];
  private readonly clock: Clock;
  private program: Program | undefined;
  private child: ChildProcess | undefined;
  private disposed = false;

  constructor(private readonly options: ReaperOptions) {
    this.clock = options.clock ?? systemClock;
  }

  /** The running reaper's pid, for diagnosis. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /**
   * Starts the process; failures are reported, never thrown. Call it once.
   * @param nodePath the host's own binary (Node, or Electron that runs as Node).
   * @param scriptPath the bundle of `reaperMain.ts`.
   */
  start(nodePath: string, scriptPath: string): void {
    this.program = { nodePath, scriptPath };
    this.launch(this.program);
  }

  /** From now on the group led by `pid` does not outlive the host. Call it as soon as the pid is known. */
  watch(pid: number, token: string): void {
    const command: ReaperCommand = { op: 'watch', pid, token };
    this.watched.set(keyOf(command), command);
    this.tell(command);
  }

  /** The server was stopped; what is left of its group, or carries its token, is ended now. */
  unwatch(pid: number, token: string): void {
    const command: ReaperCommand = { op: 'unwatch', pid, token };
    this.watched.delete(keyOf(command));
    this.tell(command);
  }

  /** Ends the reaper, which ends what is still watched first. */
  dispose(): void {
    this.disposed = true;
    this.child?.stdin?.end();
    this.child = undefined;
  }

  private launch({ nodePath, scriptPath }: Program): void {
    const now = this.clock.monotonic();
    while (this.starts[0] !== undefined && now - this.starts[0] > MINUTE_MS) this.starts.shift();
    if (this.starts.length >= MAX_STARTS)
      return this.options.onFailure('the reaper process ends again and again');
    this.starts.push(now);
    try {
      this.adopt(
        spawn(nodePath, [scriptPath], {
          // A session of its own: what ends the host's group or terminal does not end it.
          detached: true,
          stdio: ['pipe', 'ignore', 'ignore'],
          windowsHide: true,
          cwd: parse(nodePath).root,
          env: { ELECTRON_RUN_AS_NODE: '1', ...windowsEnvironment() },
        }),
      );
    } catch (error) {
      this.options.onFailure(`the reaper process cannot be started (${errnoOf(error)})`);
    }
  }

  private adopt(child: ChildProcess): void {
    this.child = child;
    child.on('error', (error) => {
      // Without a pid there will be no exit to react to.
      if (child.pid === undefined && this.forget(child))
        this.options.onFailure(`the reaper process cannot be started (${errnoOf(error)})`);
    });
    child.on('exit', () => {
      if (this.forget(child) && this.program) this.launch(this.program);
    });
    // Its death is seen by the exit; a write to it must not end the host.
    child.stdin?.on('error', () => undefined);
    child.unref();
    if (child.stdin instanceof Socket) child.stdin.unref();
    for (const command of this.watched.values()) this.tell(command);
  }

  /** @returns true when it was the current one and its end was not asked for. */
  private forget(child: ChildProcess): boolean {
    if (this.child !== child) return false;
    this.child = undefined;
    return !this.disposed;
  }

  private tell(command: ReaperCommand): void {
    this.child?.stdin?.write(`${JSON.stringify(command)}\n`);
  }
}

function keyOf({ pid, token }: ReaperCommand): string {
  return `${pid} ${token}`;
}

function windowsEnvironment(): Record<string, string> {
  const root = process.env['SystemRoot'];
  return root === undefined ? {} : { SystemRoot: root };
}
