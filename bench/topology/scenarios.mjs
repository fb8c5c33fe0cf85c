// @ts-check
/** The measures. Each takes an engine and returns plain numbers; times are in milliseconds unless the name says so. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, open } from './clients.mjs';

/** @typedef {import('./clients.mjs').Engine} Engine */
/** @typedef {import('./clients.mjs').Client} Client */
/** @typedef {{ server: string[], quick: boolean }} Setup */
/** @typedef {Record<string, number>} Figures */

const INLINE_LIMIT_BYTES = 8 * 1024 * 1024;
const BIG_BYTES = 64 * 1024 * 1024;
const IN_FLIGHT = 64;
const NEIGHBOUR_PAUSE_MS = 2;
const OWN_CALL_EVERY_MS = 300;
const ECHO = { name: 'echo', arguments: { path: 'src/extension.ts', limit: 20 } };
const MB = 1024 * 1024;

/** @param {number[]} values @param {number} q between 0 and 1 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

/** @param {Engine} engine @param {Setup} setup @param {number} [inlineLimit] bytes */
async function connected(engine, setup, inlineLimit = INLINE_LIMIT_BYTES) {
  const client = createClient(engine, { server: setup.server, inlineLimit });
  await client.loaded;
  await open(client);
  return client;
}

/** Ready: a new worker (or one that is loaded already) and a new server until 100 tools are listed. */
/** @param {Engine} engine @param {Setup} setup @returns {Promise<Figures>} */
export async function ready(engine, setup) {
  /** @type {number[]} */
  const cold = [];
  /** @type {number[]} */
  const warm = [];
  for (let i = 0; i < (setup.quick ? 3 : 5); i++) {
    for (const prewarmed of [false, true]) {
      let start = performance.now();
      const client = createClient(engine, { server: setup.server, inlineLimit: INLINE_LIMIT_BYTES });
      await client.loaded;
      if (prewarmed) start = performance.now();
      await open(client);
      (prewarmed ? warm : cold).push(performance.now() - start);
      await client.close();
    }
  }
  return { readyCold: quantile(cold, 0.5), readyPrewarmed: quantile(warm, 0.5) };
}

/** One call after the other, about 1 KB each. */
/** @param {Client} client @param {number} calls */
async function sequentialRun(client, calls) {
  /** @type {number[]} */
  const times = [];
  for (let i = 0; i < calls; i++) {
    const start = performance.now();
    await client.request('tools/call', ECHO);
    times.push((performance.now() - start) * 1000);
  }
  return times;
}

/** A fixed number of calls in flight: each answer starts the next call. */
/** @param {Client} client @param {number} calls */
async function pipelinedRun(client, calls) {
  let left = calls;
  const lane = async () => {
    while (left-- > 0) await client.request('tools/call', ECHO);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
}

/** @param {Engine} engine @param {Setup} setup @returns {Promise<Figures>} */
export async function calls(engine, setup) {
  const client = await connected(engine, setup);
  const count = setup.quick ? 2000 : 4000;
  const pipelined = setup.quick ? 30_000 : 60_000;
  await pipelinedRun(client, pipelined / 2);
  await sequentialRun(client, count / 4);

  let before = performance.eventLoopUtilization();
  let start = performance.now();
  const times = await sequentialRun(client, count);
  const sequentialSeconds = (performance.now() - start) / 1000;
  const sequentialActive = performance.eventLoopUtilization(before).active;

  before = performance.eventLoopUtilization();
  start = performance.now();
  await pipelinedRun(client, pipelined);
  const pipelinedSeconds = (performance.now() - start) / 1000;
  const pipelinedActive = performance.eventLoopUtilization(before).active;
  await client.close();
  return {
    sequentialPerSecond: count / sequentialSeconds,
    sequentialP50Us: quantile(times, 0.5),
    sequentialP99Us: quantile(times, 0.99),
    sequentialMainUs: (sequentialActive * 1000) / count,
    pipelinedPerSecond: pipelined / pipelinedSeconds,
    pipelinedMainUs: (pipelinedActive * 1000) / pipelined,
  };
}

/** @param {Client} client */
async function bigCall(client) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  await sleep(20);
  delay.enable();
  await sleep(10);
  delay.reset();
  const start = performance.now();
  const result = await client.request('tools/call', { name: 'big', arguments: { bytes: BIG_BYTES } });
  const ms = performance.now() - start;
  await sleep(10);
  delay.disable();
  if (typeof result !== 'object' || result === null) throw new Error('no result');
  return { ms, stall: delay.max / 1e6 };
}

/** One 64 MB text: as a summary and a handle, and whole. */
/** @param {Engine} engine @param {Setup} setup @returns {Promise<Figures>} */
export async function bigResult(engine, setup) {
  /** @type {Figures} */
  const figures = {};
  const variants = /** @type {const} */ ([
    ['bigHandle', INLINE_LIMIT_BYTES],
    ['bigWhole', Number.MAX_SAFE_INTEGER],
  ]);
  for (const [name, limit] of variants) {
    const client = await connected(engine, setup, limit);
    /** @type {{ ms: number, stall: number }[]} */
    const runs = [];
    for (let i = 0; i < 3; i++) runs.push(await bigCall(client));
    await client.close();
    const times = runs.map((run) => run.ms);
    const stalls = runs.map((run) => run.stall);
    figures[name] = quantile(times, 0.5);
    figures[`${name}Stall`] = quantile(stalls, 0.5);
  }
  return figures;
}

/** Calls again and again with a pause until told to stop. */
/** @param {Client} client @param {number} pauseMs @param {AbortSignal} signal */
async function callEvery(client, pauseMs, signal) {
  /** @type {number[]} */
  const times = [];
  while (!signal.aborted) {
    const start = performance.now();
    await client.request('tools/call', ECHO);
    times.push(performance.now() - start);
    await sleep(pauseMs);
  }
  return times;
}

/** One server floods with notifications, another is called every 2 ms. */
/** @param {Engine} engine @param {Setup} setup @returns {Promise<Figures>} */
export async function flood(engine, setup) {
  const ms = setup.quick ? 1500 : 3000;
  const hostile = await connected(engine, setup);
  const neighbour = await connected(engine, setup);
  await sequentialRun(neighbour, 200);
  await sleep(100);
  const rssBefore = process.memoryUsage.rss();
  let rssPeak = rssBefore;
  const sampler = setInterval(() => (rssPeak = Math.max(rssPeak, process.memoryUsage.rss())), 50);
  const stop = new AbortController();
  const before = performance.eventLoopUtilization();
  await hostile.request('tools/call', { name: 'flood', arguments: { ms } });
  const ended = Promise.all([
    callEvery(neighbour, NEIGHBOUR_PAUSE_MS, stop.signal),
    callEvery(hostile, OWN_CALL_EVERY_MS, stop.signal),
  ]);
  await sleep(ms);
  const busy = performance.eventLoopUtilization(before).utilization;
  const taken = hostile.notifications();
  stop.abort();
  const [neighbourTimes, ownTimes] = await ended;
  clearInterval(sampler);
  await Promise.all([hostile.close(), neighbour.close()]);
  return {
    floodMainBusyPercent: busy * 100,
    floodNeighbourP99: quantile(neighbourTimes, 0.99),
    floodNeighbourMax: Math.max(...neighbourTimes),
    floodRssGrowthMb: (rssPeak - rssBefore) / MB,
    floodTakenPerSecond: taken / (ms / 1000),
    floodOwnCall: quantile(ownTimes, 0.5),
  };
}

/** Proportional set size of this process in MB after a collection, its resident set where the system does not tell. */
function pssMb() {
  globalThis.gc?.();
  try {
    const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'));
    if (match?.[1] !== undefined) return Number(match[1]) / 1024;
  } catch {
    // not Linux
  }
  return process.memoryUsage.rss() / MB;
}

/** Idle clients: what the first one adds and what each of nine more adds. */
/** @param {Engine} engine @param {Setup} setup @returns {Promise<Figures>} */
export async function memory(engine, setup) {
  const clients = [];
  globalThis.gc?.();
  await sleep(300);
  const none = pssMb();
  clients.push(await connected(engine, setup));
  await sleep(100);
  const one = pssMb();
  const rssOne = process.memoryUsage.rss();
  for (let i = 0; i < 9; i++) clients.push(await connected(engine, setup));
  await sleep(100);
  const ten = pssMb();
  const rssTen = process.memoryUsage.rss();
  await Promise.all(clients.map((client) => client.close()));
  return {
    memoryFirstMb: one - none,
    memoryEachMb: (ten - one) / 9,
    memoryRssEachMb: (rssTen - rssOne) / 9 / MB,
  };
}
