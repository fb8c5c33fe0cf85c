/** Watches this process: how long its main thread stood still, and what memory it took. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const TICK_MS = 10;
/** Of a line of `/proc/stat` (proc(5)), and what it counts in. */
const STEAL_FIELD = 8;
const JIFFY_MS = 10;

/** What was measured. Times in milliseconds, memory in bytes. */
export interface Measurement {
  /** The longest time the event loop was late by its own doing. */
  readonly lag: number;
  /** As Node's histogram has it, with the time in which the machine ran others. */
  readonly rawLag: number;
  /** For how long in all this thread could have run and the machine ran others. */
  readonly starved: number;
  /** How far the resident memory of this process, its threads included, rose above where it began. */
  readonly rss: number;
}

/** Watches the main thread of this process. */
export class Probe {
  private readonly histogram = monitorEventLoopDelay({ resolution: TICK_MS });
  private readonly baseline = process.memoryUsage.rss();
  private readonly starvation = new Starvation();
  private readonly unhandled: unknown[] = [];
  private timer: NodeJS.Timeout;
  private peak = this.baseline;
  private lag = 0;
  private last = performance.now();
  private lastStarved = 0;

  constructor() {
    this.histogram.enable();
    process.on('unhandledRejection', this.onUnhandled);
    process.on('uncaughtException', this.onUnhandled);
    this.timer = setTimeout(() => this.tick(), TICK_MS);
  }

  /** Milliseconds in which the machine ran others instead of this thread, so far. */
  get starved(): number {
    return this.starvation.ms;
  }

  /** Ends it and asserts that nothing went unhandled. */
  stop(): Measurement {
    this.tick();
    clearTimeout(this.timer);
    this.histogram.disable();
    process.off('unhandledRejection', this.onUnhandled);
    process.off('uncaughtException', this.onUnhandled);
    assert.deepEqual(this.unhandled, [], 'nothing goes unhandled');
    return {
      lag: this.lag,
      rawLag: this.histogram.max / 1e6,
      starved: this.starved,
      rss: this.peak - this.baseline,
    };
  }

  private readonly onUnhandled = (reason: unknown): void => void this.unhandled.push(reason);

  private tick(): void {
    const now = performance.now();
    const { starved } = this;
    this.lag = Math.max(this.lag, now - this.last - TICK_MS - (starved - this.lastStarved));
    this.peak = Math.max(this.peak, process.memoryUsage.rss());
    [this.last, this.lastStarved] = [now, starved];
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), TICK_MS);
  }
}

/** Adds up the milliseconds in which the main thread was ready to run and did not (Linux; elsewhere 0). */
class Starvation {
  private taken = takenByCore();
  private total = 0;
  private waited = waitedForOthers();

  /** Since this was made. */
  get ms(): number {
    const [waited, taken] = [waitedForOthers(), takenByCore()];
    // Which core the thread was on is not told: of several the worst, and never more than one of them.
    const most = Math.max(0, ...taken.map((ms, core) => ms - (this.taken[core] ?? ms)));
    this.total += waited - this.waited + most;
    [this.waited, this.taken] = [waited, taken];
    return this.total;
  }
}

/** Milliseconds so far on a machine that was busy with other threads. */
function waitedForOthers(): number {
  try {
    const [, waited = '0'] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
    return Number(waited) / 1e6;
  } catch {
    return 0; // The system does not tell.
  }
}

/** Milliseconds so far in which each core of a virtual machine did not run. */
function takenByCore(): readonly number[] {
  try {
    const lines = readFileSync('/proc/stat', 'utf8').split('\n');
    return lines
      .filter((line) => /^cpu\d/.test(line))
      .map((line) => Number(line.split(/\s+/)[STEAL_FIELD] ?? '0') * JIFFY_MS);
  } catch {
    return []; // The system does not tell.
  }
}
