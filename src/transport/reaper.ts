/** The host's side of the reaper process: starts it, keeps it running within reason, and tells it what to watch. */

import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { parse } from 'node:path';

import { systemClock, type Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposable';
import { errnoOf } from './launchCheck';
import { ProtocolLines, readReaperReport, type ReaperCommand, type ReaperReport } from './reaperProtocol';

/** More starts than this within a minute mean that it cannot run here. */
const MAX_STARTS = 4;
const MINUTE_MS = 60_000;

/** Longest time a launch that is over is remembered, for a reaper that takes over from one that died at its work. */
const REMEMBER_MS = 5_000;

/** What {@link ReaperProcess} reports. */
interface ReaperOptions {
  /** There is no reaper, and none will be tried again; servers can outlive a host that is killed. `detail` is our own text. */
  readonly onFailure: (detail: string) => void;
  readonly clock?: Clock;
}

interface Program {
  readonly nodePath: string;
  readonly scriptPath: string;
}

/** One launch as a reaper has to know it. */
interface Launch {
  /** Leaders of its process groups, with their start time once a reaper has told it. */
  readonly leaders: Map<number, string | undefined>;
  /** Present when it was unwatched: settles when nothing is left of it. */
  over?: Deferred<void>;
}

/** One reaper for all servers of a host. Without it everything works, except that a killed host leaves servers behind. */
export class ReaperProcess implements Disposable {
  /** By token: everything that a new reaper must be told. */
  private readonly launches = new Map<string, Launch>();
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

  /**
   * From now on nothing that carries `token` outlives the host. Call it before anything of the launch is started, and again with
   * the leader of each of its process groups, as soon as the pid is known: where the system does not show a process's
   * environment, only these are found.
   */
  watch(token: string, pid?: number): void {
    const launch = this.known(token);
    if (pid === undefined) return this.tell({ op: 'watch', token });
    launch.leaders.set(pid, undefined);
    this.tell({ op: 'watch', token, leader: { pid } });
  }

  /**
   * The server was stopped: what is left of its groups, or carries its token, is ended now.
   * Resolves when that was done, when nothing can do it, or after 5 s; never rejects.
   */
  unwatch(token: string): Promise<void> {
    const launch = this.known(token);
    const over = (launch.over ??= new Deferred());
    this.clock.schedule(REMEMBER_MS, () => this.forget(token, launch));
    this.tell({ op: 'unwatch', token });
    // It is remembered nevertheless: one that is started soon gets to know of it.
    if (!this.child) over.resolve();
    return over.promise;
  }

  /** Ends the reaper, which ends what is still watched first. */
  dispose(): void {
    this.disposed = true;
    this.child?.stdin?.end();
    this.child = undefined;
    this.nobodyIsLeft();
  }

  private launch({ nodePath, scriptPath }: Program): void {
    const now = this.clock.monotonic();
    while (this.starts[0] !== undefined && now - this.starts[0] > MINUTE_MS) this.starts.shift();
    if (this.starts.length >= MAX_STARTS) return this.giveUp('the reaper process ends again and again');
    this.starts.push(now);
    try {
      this.adopt(
        spawn(nodePath, [scriptPath], {
          // A session of its own: what ends the host's group or terminal does not end it.
          detached: true,
          stdio: ['pipe', 'pipe', 'ignore'],
          windowsHide: true,
          cwd: parse(nodePath).root,
          env: { ELECTRON_RUN_AS_NODE: '1', ...windowsEnvironment() },
        }),
      );
    } catch (error) {
      this.giveUp(`the reaper process cannot be started (${errnoOf(error)})`);
    }
  }

  private adopt(child: ChildProcess): void {
    this.child = child;
    child.on('error', (error) => {
      // Without a pid there will be no exit to react to.
      if (child.pid === undefined && this.lose(child))
        this.giveUp(`the reaper process cannot be started (${errnoOf(error)})`);
    });
    child.on('exit', () => {
      if (this.lose(child) && this.program) this.launch(this.program);
    });
    // Its death is seen by the exit; a write to it must not end the host.
    child.stdin?.on('error', () => undefined);
    const lines = new ProtocolLines();
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of lines.push(text)) this.hear(readReaperReport(line));
    });
    child.stdout?.on('error', () => undefined);
    child.unref();
    for (const pipe of [child.stdin, child.stdout]) if (pipe instanceof Socket) pipe.unref();
    for (const [token, launch] of this.launches) this.explain(token, launch);
  }

  /** Tells a new reaper of a launch, an end that the one before may not have brought about included. */
  private explain(token: string, { leaders, over }: Launch): void {
    this.tell({ op: 'watch', token });
    for (const [pid, started] of leaders)
      this.tell({ op: 'watch', token, leader: { pid, ...(started === undefined ? {} : { started }) } });
    if (over) this.tell({ op: 'unwatch', token });
  }

  private hear(report: ReaperReport | undefined): void {
    const launch = report && this.launches.get(report.token);
    if (!launch) return;
    if (report.op === 'started') launch.leaders.set(report.leader.pid, report.leader.started);
    else this.forget(report.token, launch);
  }

  private known(token: string): Launch {
    const launch: Launch = this.launches.get(token) ?? { leaders: new Map() };
    this.launches.set(token, launch);
    return launch;
  }

  private forget(token: string, launch: Launch): void {
    launch.over?.resolve();
    if (this.launches.get(token) === launch) this.launches.delete(token);
  }

  /** @returns true when it was the current one and its end was not asked for. */
  private lose(child: ChildProcess): boolean {
    if (this.child !== child) return false;
    this.child = undefined;
    return !this.disposed;
  }

  private giveUp(detail: string): void {
    this.nobodyIsLeft();
    this.options.onFailure(detail);
  }

  /** Nobody will tell any more that something is over. */
  private nobodyIsLeft(): void {
    for (const { over } of this.launches.values()) over?.resolve();
  }

  private tell(command: ReaperCommand): void {
    this.child?.stdin?.write(`${JSON.stringify(command)}\n`);
  }
}

function windowsEnvironment(): Record<string, string> {
  const root = process.env['SystemRoot'];
  return root === undefined ? {} : { SystemRoot: root };
}
