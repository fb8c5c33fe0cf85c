// @ts-check
/** One server misbehaves, another is called again and again: what the neighbour and the main thread notice. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { busy, growth, reasonOf, stalls } from '../lib/observe.mjs';
import { median, quantile } from '../lib/stats.mjs';
import { ECHO } from '../servers/answers.mjs';
import { oneByOne } from './calls.mjs';
import { row, stdioServer } from './group.mjs';

const MB = 1024 * 1024;
/** As often as a neighbour's times are looked at. */
const NEIGHBOUR_PAUSE_MS = 2;
/** While the main thread is looked at: calls as dense as those above can take it more time than a flood may, in the raw loop too. */
const SPARSE_PAUSE_MS = 20;
/** As long as nothing else happens than calls of the neighbour. */
const IDLE_MS = 1_500;
const OWN_CALL_EVERY_MS = 200;
const GIVE_UP_MS = 10_000;

/** @typedef {import('../engines/engine.mjs').Session} Session */
/** @typedef {import('./group.mjs').Figures} Figures */

/** Calls again and again until told to stop, or until the server is gone. */
/** @param {Session} session @param {number} pauseMs @param {AbortSignal} signal */
async function callEvery(session, pauseMs, signal) {
  /** @type {number[]} */
  const times = [];
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      await session.call(ECHO.name, ECHO.arguments);
    } catch {
      break; // The server that misbehaves may be ended for it.
    }
    times.push(performance.now() - startedAt);
    await sleep(pauseMs);
  }
  return times;
}

/**
 * Runs `work` while the neighbour is called.
 * @param {Session} neighbour
 * @param {() => Promise<unknown>} work
 */
async function beside(neighbour, work, pauseMs = NEIGHBOUR_PAUSE_MS) {
  const stop = new AbortController();
  const calling = callEvery(neighbour, pauseMs, stop.signal);
  const { utilization } = await busy(work);
  stop.abort();
  return { times: await calling, utilization };
}

/** @param {Session} hostile @param {Session} neighbour @param {number} ms @returns {Promise<Figures>} */
async function flood(hostile, neighbour, ms) {
  const stop = new AbortController();
  /** @type {number[]} */
  let own = [];
  let times = [Number.NaN];
  const mb = await growth(async () => {
    ({ times } = await beside(neighbour, async () => {
      await hostile.call('flood', { ms });
      const calling = callEvery(hostile, OWN_CALL_EVERY_MS, stop.signal);
      await sleep(ms);
      stop.abort();
      own = await calling;
    }));
  });
  return {
    floodNeighbourP50: quantile(times, 0.5),
    floodNeighbourP99: quantile(times, 0.99),
    floodOwnCall: own.length > 0 ? Math.max(...own) : 'no answer',
    floodGrowthMb: mb,
  };
}

/** What the main thread does in a flood, with all that it does for the neighbour. */
/** @param {Session} hostile @param {Session} neighbour @param {number} ms @returns {Promise<Figures>} */
async function floodBusy(hostile, neighbour, ms) {
  const work = async () => {
    await hostile.call('flood', { ms });
    await sleep(ms);
  };
  const { utilization } = await beside(neighbour, work, SPARSE_PAUSE_MS);
  return { floodBusyPercent: utilization * 100 };
}

/** The same with text that the server writes for its log. */
/** @param {Session} hostile @param {Session} neighbour @param {number} ms @returns {Promise<Figures>} */
async function logFlood(hostile, neighbour, ms) {
  const work = async () => {
    await hostile.call('logFlood', { ms });
    await sleep(ms);
  };
  const { value, stall } = await stalls(() => beside(neighbour, work, SPARSE_PAUSE_MS));
  return { logFloodBusyPercent: value.utilization * 100, logFloodStall: stall };
}

/** A line of 64 MB as a notification, then a call of the same server: when that is answered the line is over. */
/** @param {Session} hostile @param {Session} neighbour @returns {Promise<Figures>} */
async function longLine(hostile, neighbour) {
  let ms = Number.NaN;
  const { times } = await beside(neighbour, async () => {
    await sleep(20);
    const startedAt = performance.now();
    await hostile.call('longLine', { bytes: 64 * MB }).catch(() => undefined);
    await Promise.race([
      hostile.call(ECHO.name, ECHO.arguments).catch(() => undefined),
      sleep(GIVE_UP_MS, undefined, { ref: false }),
    ]);
    ms = performance.now() - startedAt;
  });
  return {
    longLineMs: ms >= GIVE_UP_MS ? `>${GIVE_UP_MS} ms` : ms,
    longLineNeighbourP50: quantile(times, 0.5),
    longLineNeighbourP99: quantile(times, 0.99),
  };
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** A line that never ends: over when the call has failed and the process is gone. */
/** @param {Session} hostile @param {Session} neighbour @returns {Promise<Figures>} */
async function endless(hostile, neighbour) {
  const pid = hostile.pid();
  let ms = Number.NaN;
  let reason = '';
  let mb = Number.NaN;
  const { times } = await beside(neighbour, async () => {
    mb = await growth(async () => {
      const startedAt = performance.now();
      const giveUp = sleep(GIVE_UP_MS, undefined, { ref: false });
      await Promise.race([hostile.call('endless', {}).catch((error) => (reason = reasonOf(error))), giveUp]);
      while (pid !== undefined && isAlive(pid) && performance.now() - startedAt < GIVE_UP_MS) await sleep(1);
      ms = performance.now() - startedAt;
    });
  });
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
  return {
    endlessMs: reason === '' || ms >= GIVE_UP_MS ? `not over after ${GIVE_UP_MS / 1000} s` : ms,
    endlessNeighbourP99: quantile(times, 0.99),
    endlessGrowthMb: mb,
  };
}

/** @type {import('./group.mjs').Group} */
export const isolation = {
  name: 'isolation',
  engines: ['raw', 'sdk1', 'sdk2', 'ours'],
  rows: [
    row('idleNeighbourP99', 'neighbour p99, nothing else, ms', 2),
    row('idleBusyPercent', `main thread busy with a call every ${SPARSE_PAUSE_MS} ms, %`),
    row('floodBusyPercent', '… in a flood: main thread busy, calls included, %'),
    row('floodNeighbourP50', 'flood: neighbour p50, ms', 2),
    row('floodNeighbourP99', '… neighbour p99, ms', 2),
    row('floodOwnCall', '… own call, longest, ms'),
    row('floodGrowthMb', '… memory, MB more', 0),
    row('logFloodBusyPercent', 'flood of log text: main thread busy, calls included, %'),
    row('logFloodStall', '… longest stall, ms', 1),
    row('longLineMs', '64 MB notification in one line: read after, ms', 0),
    row('longLineNeighbourP50', '… neighbour p50, ms', 2),
    row('longLineNeighbourP99', '… neighbour p99, ms', 2),
    row('endlessMs', 'endless line: process gone after, ms', 0),
    row('endlessNeighbourP99', '… neighbour p99, ms', 2),
    row('endlessGrowthMb', '… memory, MB more', 0),
  ],
  async run(engine, setup) {
    const neighbour = await engine.open(stdioServer(setup));
    await oneByOne(neighbour, 500);
    await engine.warm?.();
    const idle = await beside(neighbour, () => sleep(IDLE_MS));
    const sparse = await beside(neighbour, () => sleep(IDLE_MS), SPARSE_PAUSE_MS);
    /** @type {Figures} */
    const figures = {
      idleNeighbourP99: quantile(idle.times, 0.99),
      idleNeighbourP50: median(idle.times),
      idleBusyPercent: sparse.utilization * 100,
    };
    /** @param {(hostile: Session) => Promise<Figures>} measure */
    const withHostile = async (measure) => {
      const hostile = await engine.open(stdioServer(setup));
      await oneByOne(hostile, 50);
      await sleep(200);
      Object.assign(figures, await measure(hostile));
      const pid = hostile.pid();
      if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGKILL');
      await Promise.race([hostile.close().catch(() => undefined), sleep(5_000)]);
    };
    const floodMs = setup.quick ? 1_500 : 3_000;
    await withHostile((hostile) => floodBusy(hostile, neighbour, floodMs));
    await withHostile((hostile) => flood(hostile, neighbour, floodMs));
    await withHostile((hostile) => logFlood(hostile, neighbour, floodMs));
    await withHostile((hostile) => longLine(hostile, neighbour));
    await withHostile((hostile) => endless(hostile, neighbour));
    await neighbour.close();
    return figures;
  },
};
