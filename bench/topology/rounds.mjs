// @ts-check
/**
 * Runs the topologies in interleaved rounds, a fresh process per topology per round, and takes medians: the machine
 * may be doing other work, which hits all columns of a round alike, so ratios count and absolute figures do not.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bundleAll, load, sizes, WORKERS } from './bundle.mjs';
import { quantile } from './scenarios.mjs';

/** @typedef {import('./child.mjs').Task} Task */
/** @typedef {{ id: string, title: string, engine: Task['engine'], scenarios: Task['scenarios'] }} Column */
/**
 * @typedef {{ node: string, cpus: number, rounds: number, seconds: number,
 *   columns: { id: string, title: string, figures: Record<string, number>, spreads: Record<string, number> }[],
 *   bundles: { name: string, kb: number, gzipKb: number, loadMs: number, workerMs: number }[] }} Report
 */

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
const CHILD_TIMEOUT_MS = 180_000;
/** @type {Task['scenarios']} */
const ALL = ['memory', 'flood', 'ready', 'calls', 'bigResult'];

/** @param {Record<string, string>} bundles @returns {Column[]} */
function columns(bundles) {
  /** @type {Pick<Task['engine'], 'flush' | 'notifications' | 'perTurn'>} */
  const base = { flush: 'tick', notifications: 'tap', perTurn: 1 };
  /** @param {string} name @returns {{ worker?: string }} */
  const worker = (name) => (bundles[name] === undefined ? {} : { worker: bundles[name] });
  const m = { ...base, topology: /** @type {const} */ ('M'), ...worker('workerM') };
  return [
    { id: 'raw', title: 'raw, in process', engine: { ...base, topology: 'raw' }, scenarios: ALL },
    { id: 'J', title: 'J', engine: { ...base, topology: 'J', ...worker('workerJ') }, scenarios: ALL },
    { id: 'L', title: 'L', engine: { ...base, topology: 'L', ...worker('workerL') }, scenarios: ALL },
    { id: 'M', title: 'M', engine: m, scenarios: ALL },
    {
      id: 'M-queue',
      title: 'M, library queue, node entry',
      engine: { ...m, ...worker('workerMNode'), notifications: 'queue' },
      scenarios: ALL,
    },
    {
      id: 'M-drain',
      title: 'M, drained queue',
      engine: { ...m, notifications: 'queue', perTurn: 256 },
      scenarios: ['flood'],
    },
    {
      id: 'M-microtask',
      title: 'M, queueMicrotask',
      engine: { ...m, flush: 'microtask' },
      scenarios: ['calls'],
    },
    {
      id: 'M-immediate',
      title: 'M, setImmediate',
      engine: { ...m, flush: 'immediate' },
      scenarios: ['calls'],
    },
  ];
}

/** @param {Task} task @returns {Promise<Record<string, number>>} */
async function measure(task) {
  const args = ['--expose-gc', CHILD, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: CHILD_TIMEOUT_MS });
  return JSON.parse(stdout);
}

/** Adds each figure to the list of its name. */
/** @param {Map<string, number[]>} samples @param {Record<string, number>} figures */
function collect(samples, figures) {
  for (const [name, value] of Object.entries(figures)) {
    const list = samples.get(name);
    if (list === undefined) samples.set(name, [value]);
    else list.push(value);
  }
}

/** @param {Map<string, number[]>} samples */
const medians = (samples) => Object.fromEntries([...samples].map(([name, list]) => [name, median(list)]));

/** Half the distance between the quartiles as a part of the median: how far the rounds disagree. */
/** @param {Map<string, number[]>} samples */
const spreads = (samples) =>
  Object.fromEntries(
    [...samples].map(([name, list]) => [
      name,
      (quantile(list, 0.75) - quantile(list, 0.25)) / 2 / Math.abs(median(list)),
    ]),
  );

/** @param {number[]} values */
function median(values) {
  return (
    (quantile(values, 0.5) +
      -quantile(
        values.map((value) => -value),
        0.5,
      )) /
    2
  );
}

/**
 * @param {{ rounds: number, quick: boolean, progress: (text: string) => void }} options
 * @returns {Promise<Report>}
 */
export async function runRounds({ rounds, quick, progress }) {
  const started = Date.now();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mcp-host-bench-'));
  try {
    const bundles = await bundleAll(folder);
    const setup = { server: [bundles['server'] ?? ''], quick };
    const table = columns(bundles).map((column) => ({ column, samples: new Map() }));
    const loads = WORKERS.map((name) => ({ name, file: bundles[name] ?? '', samples: new Map() }));
    for (let round = 0; round < rounds; round++) {
      const turned = table.map((_, index) => table[(index + round) % table.length]);
      for (const entry of turned) {
        if (entry === undefined) continue;
        const { column, samples } = entry;
        progress(`round ${round + 1} of ${rounds}: ${column.title}`);
        collect(samples, await measure({ engine: column.engine, scenarios: column.scenarios, setup }));
      }
      for (let i = 0; i < 5; i++) for (const { file, samples } of loads) collect(samples, await load(file));
    }
    return {
      node: process.version,
      cpus: os.availableParallelism(),
      rounds,
      seconds: Math.round((Date.now() - started) / 1000),
      columns: table.map(({ column: { id, title }, samples }) => ({
        id,
        title,
        figures: medians(samples),
        spreads: spreads(samples),
      })),
      bundles: loads.map(({ name, file, samples }) => {
        const { loadMs = Number.NaN, workerMs = Number.NaN } = medians(samples);
        return { name, ...sizes(file), loadMs, workerMs };
      }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
