// @ts-check
/** What the process that measures can see of itself: how long its main thread stood still, how busy it was, what it holds. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const MB = 1024 * 1024;
/** Each turn of the observed loop comes this late at least. */
const RESOLUTION_MS = 1;

/**
 * Runs `work` and tells how long it took and how long the main thread stood still at most, in milliseconds.
 * @template T
 * @param {() => Promise<T>} work
 */
export async function stalls(work) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  await sleep(10);
  delay.reset();
  const startedAt = performance.now();
  const value = await work();
  const ms = performance.now() - startedAt;
  await sleep(5);
  delay.disable();
  return { value, ms, stall: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) };
}

/**
 * Runs `work` and tells for how many milliseconds the main thread was at work.
 * @template T
 * @param {() => Promise<T>} work
 */
export async function busy(work) {
  const before = performance.eventLoopUtilization();
  const startedAt = performance.now();
  const value = await work();
  const ms = performance.now() - startedAt;
  const { active, utilization } = performance.eventLoopUtilization(before);
  return { value, ms, active, utilization };
}

/**
 * Memory of this process in MB after a collection: what is its own where the system tells, else its resident set. Pages of files are
 * left out, because how many count depends on who else maps them, and every server here is the same program.
 */
export function heldMb() {
  globalThis.gc?.();
  try {
    const match = /^Anonymous:\s+(\d+) kB/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'));
    if (match?.[1] !== undefined) return Number(match[1]) / 1024;
  } catch {
    // not Linux
  }
  return process.memoryUsage.rss() / MB;
}

/** Follows the resident set while `work` runs; by how many MB it grew at most. */
/** @param {() => Promise<unknown>} work */
export async function growth(work) {
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  try {
    await work();
  } finally {
    clearInterval(sampler);
  }
  return (Math.max(peak, process.memoryUsage.rss()) - before) / MB;
}

/** @param {unknown} error @returns {string} at most a line of it */
export const reasonOf = (error) =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.slice(0, 80) ?? '';
