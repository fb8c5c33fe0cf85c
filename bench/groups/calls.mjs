// @ts-check
/** Tool calls of 1 KB: one after the other, and 64 in flight. */
import { performance } from 'node:perf_hooks';
import { busy } from '../lib/observe.mjs';
import { quantile } from '../lib/stats.mjs';
import { ECHO } from '../servers/answers.mjs';
import { row, stdioServer } from './group.mjs';

const IN_FLIGHT = 64;
/** In so many parts the calls are measured: other work on the machine comes and goes within seconds. */
const TURNS = 10;

/** @typedef {import('../engines/engine.mjs').Session} Session */

/** One call after the other. @param {Session} session @param {number} calls @returns {Promise<number[]>} milliseconds each */
export async function oneByOne(session, calls) {
  /** @type {number[]} */
  const times = [];
  for (let i = 0; i < calls; i++) {
    const startedAt = performance.now();
    await session.call(ECHO.name, ECHO.arguments);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** A fixed number of calls in flight: each answer starts the next call. @param {Session} session @param {number} calls */
export async function inFlight(session, calls) {
  let left = calls;
  const lane = async () => {
    while (left-- > 0) await session.call(ECHO.name, ECHO.arguments);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/**
 * @param {Session} session
 * @param {{ sequential: number, pipelined: number }} counts
 * @param {import('./group.mjs').NextTurn} nextTurn
 * @returns {Promise<Record<string, number>>}
 */
export async function measureCalls(session, { sequential, pipelined }, nextTurn) {
  await inFlight(session, pipelined / 2);
  await oneByOne(session, sequential / 2);
  /** @type {number[]} */
  const times = [];
  const spent = { one: { ms: 0, active: 0 }, many: { ms: 0, active: 0 } };
  for (let turn = 0; turn < TURNS; turn++) {
    await nextTurn();
    const one = await busy(() => oneByOne(session, sequential / TURNS));
    const many = await busy(() => inFlight(session, pipelined / TURNS));
    times.push(...one.value);
    for (const [sum, part] of /** @type {const} */ ([
      [spent.one, one],
      [spent.many, many],
    ])) {
      sum.ms += part.ms;
      sum.active += part.active;
    }
  }
  return {
    sequentialPerSecond: (sequential / spent.one.ms) * 1000,
    sequentialP50Us: quantile(times, 0.5) * 1000,
    sequentialP99Us: quantile(times, 0.99) * 1000,
    sequentialMainUs: (spent.one.active * 1000) / sequential,
    pipelinedPerSecond: (pipelined / spent.many.ms) * 1000,
    pipelinedMainUs: (spent.many.active * 1000) / pipelined,
  };
}

/** @type {import('./group.mjs').Group} */
export const calls = {
  name: 'calls',
  engines: ['raw', 'sdk1', 'sdk2', 'sdk2Worker', 'ours'],
  rows: [
    row('sequentialPerSecond', 'one by one, calls/s', 0),
    row('sequentialP50Us', '… p50, µs', 0),
    row('sequentialP99Us', '… p99, µs', 0),
    row('sequentialMainUs', '… main thread, µs per call'),
    row('pipelinedPerSecond', '64 in flight, calls/s', 0),
    row('pipelinedMainUs', '… main thread, µs per call', 2),
  ],
  async run(engine, setup, nextTurn) {
    const session = await engine.open(stdioServer(setup));
    await engine.warm?.();
    const counts = setup.quick
      ? { sequential: 1_500, pipelined: 20_000 }
      : { sequential: 4_000, pipelined: 60_000 };
    const figures = await measureCalls(session, counts, nextTurn);
    await session.close();
    return figures;
  },
};
