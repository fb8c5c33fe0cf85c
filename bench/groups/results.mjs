// @ts-check
/** One large result, as a text and as many small objects: how long it takes, and how long the main thread stands still for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, stalls } from '../lib/observe.mjs';
import { median } from '../lib/stats.mjs';
import { row, stdioServer } from './group.mjs';

const MB = 1024 * 1024;
/** Where an engine needs minutes, one figure is enough. */
const PATIENCE_MS = 120_000;

/** @type {readonly (readonly [shape: 'text' | 'rows', mb: number])[]} */
const CASES = [
  ['text', 1],
  ['text', 4],
  ['text', 10],
  ['text', 16],
  ['text', 64],
  ['rows', 1],
  ['rows', 10],
  ['rows', 64],
];

/** @param {string} shape @param {number} mb */
const nameOf = (shape, mb) => `${shape}${mb}`;

/**
 * @param {import('./group.mjs').Engine} engine
 * @param {import('./group.mjs').Setup} setup
 * @param {{ shape: string, mb: number }} what
 */
async function measure(engine, setup, { shape, mb }) {
  const session = await engine.open(stdioServer(setup));
  const call = () => session.call('big', { shape, bytes: mb * MB });
  try {
    /** @type {{ ms: number, stall: number }[]} */
    const runs = [];
    for (let i = 0; i < 4; i++) {
      const tooLong = sleep(PATIENCE_MS, '>120 s', { ref: false });
      // What is refused may make the main thread stand still as well.
      const answer = () => Promise.race([call().then(() => '', reasonOf), tooLong]);
      const { value: failure, ms, stall } = await stalls(answer);
      if (failure !== '') return { ms: failure, stall };
      // The first call of a process is what loads code and grows heaps; it counts only when there is no other.
      if (i > 0 || ms > 2_000) runs.push({ ms, stall });
      if (ms > 2_000) break;
      await sleep(20);
    }
    return { ms: median(runs.map(({ ms }) => ms)), stall: median(runs.map(({ stall }) => stall)) };
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** @type {import('./group.mjs').Group} */
export const results = {
  name: 'results',
  engines: ['raw', 'sdk1', 'sdk2', 'ours'],
  rows: CASES.flatMap(([shape, mb]) => [
    row(nameOf(shape, mb), `${mb} MB ${shape === 'text' ? 'text' : 'of small objects'}, ms`),
    row(`${nameOf(shape, mb)}Stall`, '… longest stall of the main thread, ms'),
  ]),
  async run(engine, setup) {
    /** @type {import('./group.mjs').Figures} */
    const figures = {};
    for (const [shape, mb] of CASES) {
      const { ms, stall } = await measure(engine, setup, { shape, mb });
      figures[nameOf(shape, mb)] = ms;
      figures[`${nameOf(shape, mb)}Stall`] = stall;
    }
    return figures;
  },
};
