/**
 * Checks values against schemas of servers without ever running their code or patterns on this thread (T096, T097). Owns the
 * worker: started when first needed, ended when it takes too long or has nothing to do.
 */

import { Worker } from 'node:worker_threads';

import { systemClock, type Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { Disposable } from '../base/disposable';
import type { JsonObject, JsonValue } from '../base/json';
import type { Candidate, Validation, ValidationJob, WorkerMessage } from './contract';
import { boundsProblem } from './schemaBounds';

/** Milliseconds. */
const DEADLINE = 1_000;
const START_DEADLINE = 10_000;
const IDLE = 60_000;
const HEAP_MB = 64;
/** Longer JSON texts are not even sent to the worker: its heap could not hold them. */
const MAX_JSON_CHARS = 2_097_152;

const NOT_STARTED = 'the checker did not start';

interface Waiting {
  readonly job: ValidationJob;
  readonly outcome: Deferred<Validation>;
}

/** A running worker. */
interface Thread {
  readonly worker: Worker;
  ready: boolean;
}

export class SchemaValidator implements Disposable {
  private readonly queue: Waiting[] = [];
  private thread: Thread | undefined;
  private current: Waiting | undefined;
  private timer: Disposable | undefined;
  private nextId = 1;
  private disposed = false;

  /** @param workerPath absolute path of the bundle of `schemaWorker.ts`. */
  constructor(
    private readonly workerPath: string,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * Checks a value, or JSON text, against a schema. Never rejects.
   * @param pointer checks against this part of the schema (JSON pointer), with references resolved in the whole.
   */
  async validate(schema: JsonObject, value: JsonValue, pointer = ''): Promise<Validation> {
    return await this.run(schema, { value }, pointer);
  }

  /** Like {@link validate}, for a value that is only there as text. */
  async validateJson(schema: JsonObject, json: string): Promise<Validation> {
    if (json.length > MAX_JSON_CHARS) return { kind: 'unchecked', reason: 'it is too large to be checked' };
    return await this.run(schema, { json }, '');
  }

  /** Ends the worker. Open checks end as `unchecked`. */
  dispose(): void {
    this.disposed = true;
    this.endThread();
    for (const { outcome } of [...(this.current ? [this.current] : []), ...this.queue.splice(0)])
      outcome.resolve({ kind: 'unchecked', reason: 'the window is closing' });
    this.current = undefined;
  }

  private async run(schema: JsonObject, candidate: Candidate, pointer: string): Promise<Validation> {
    if (this.disposed) return { kind: 'unchecked', reason: 'the window is closing' };
    const problem = boundsProblem(schema);
    if (problem !== undefined) return { kind: 'unchecked', reason: `the schema is too complex: ${problem}` };
    const outcome = new Deferred<Validation>();
    this.queue.push({ job: { id: this.nextId++, schema, pointer, candidate }, outcome });
    this.advance();
    return await outcome.promise;
  }

  /** Gives the next job to the worker, one at a time, so that a deadline is always that of one job. */
  private advance(): void {
    if (this.disposed || this.current) return;
    const next = this.queue[0];
    if (!next) {
      this.setTimer(IDLE, () => this.endThread());
      return;
    }
    if (!this.thread) this.startThread();
    if (!this.thread?.ready) return;
    this.queue.shift();
    this.current = next;
    this.setTimer(DEADLINE, () => this.fail('it took longer than a second to check'));
    this.thread.worker.postMessage(next.job);
  }

  private startThread(): void {
    const worker = new Worker(this.workerPath, {
      // Nothing of this process is there to be found by code made from a schema.
      env: {},
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    });
    worker.unref();
    const thread: Thread = { worker, ready: false };
    this.thread = thread;
    this.setTimer(START_DEADLINE, () => this.fail(NOT_STARTED));
    worker.on('message', (message: WorkerMessage) => this.onMessage(thread, message));
    worker.on('error', () => this.onLost(thread));
    worker.on('exit', () => this.onLost(thread));
  }

  private onMessage(thread: Thread, message: WorkerMessage): void {
    if (this.thread !== thread) return;
    if (message.kind === 'ready') thread.ready = true;
    else if (this.current?.job.id === message.id) this.settle(message.outcome);
    this.advance();
  }

  private onLost(thread: Thread): void {
    if (this.thread !== thread) return;
    this.fail(thread.ready ? 'the schema needs too much memory to be checked' : NOT_STARTED);
  }

  /** Ends the worker with the job it is at, or with the first one that waits for it to start. */
  private fail(reason: string): void {
    this.endThread();
    this.current ??= this.queue.shift();
    this.settle({ kind: 'unchecked', reason });
    this.advance();
  }

  private settle(outcome: Validation): void {
    const { current } = this;
    this.current = undefined;
    current?.outcome.resolve(outcome);
  }

  private endThread(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const { thread } = this;
    this.thread = undefined;
    // Its end is of no interest to anybody.
    thread?.worker.terminate().catch(() => undefined);
  }

  private setTimer(ms: number, task: () => void): void {
    this.timer?.dispose();
    this.timer = this.clock.schedule(ms, task);
  }
}
