// @ts-check
/** One large result, as a text and as many small objects: how long it takes, and how long the main thread stands still for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf, stalls } from '../lib/observe.mjs';
import { median } from '../lib/stats.mjs';
import { row, stdioServer } from './group.mjs';

const MB = 1024 * 1024;
/** From this size on what ours answers with is the beginning of a text, whose rest its client keeps until it is wanted. */
const KEPT_FROM_MB = 16;
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
    /** @type {{ ms: number, stall: number, wholeMs: number, wholeStall: number }[]} */
    const runs = [];
    for (let i = 0; i < 4; i++) {
      const tooLong = sleep(PATIENCE_MS, '>120 s', { ref: false });
      /** @type {unknown} */
      let result;
      const take = async () => {
        result = await call();
        return '';
      };
      // What is refused may make the main thread stand still as well.
      const answer = () => Promise.race([take().catch(reasonOf), tooLong]);
      const { value: failure, ms, stall } = await stalls(answer);
      if (failure !== '') return { ms: failure, stall, wholeMs: failure, wholeStall: stall };
      const rest = await stalls(async () => await session.takeRest?.(result));
      // The first call of a process is what loads code and grows heaps; it counts only when there is no other.
      const run = { ms, stall, wholeMs: ms + rest.ms, wholeStall: Math.max(stall, rest.stall) };
      if (i > 0 || ms > 2_000) runs.push(run);
      if (ms > 2_000) break;
      await sleep(20);
    }
    /** @param {keyof typeof runs[number]} name */
    const middle = (name) => median(runs.map((run) => run[name]));
    return {
      ms: middle('ms'),
      stall: middle('stall'),
      wholeMs: middle('wholeMs'),
      wholeStall: middle('wholeStall'),
    };
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** @param {string} shape @param {number} mb */
const isKept = (shape, mb) => shape === 'text' && mb >= KEPT_FROM_MB;

/** @type {import('./group.mjs').Group} */
export const results = {
  name: 'results',
  engines: ['raw', 'sdk1', 'sdk2', 'ours'],
  rows: CASES.flatMap(([shape, mb]) => [
    row(nameOf(shape, mb), `${mb} MB ${shape === 'text' ? 'text' : 'of small objects'}, ms`),
    row(`${nameOf(shape, mb)}Stall`, '… longest stall of the main thread, ms'),
    ...(isKept(shape, mb)
      ? [
          row(`${nameOf(shape, mb)}Whole`, '… all of it in the main thread, ms'),
          row(`${nameOf(shape, mb)}WholeStall`, '… longest stall until then, ms'),
        ]
      : []),
  ]),
  async run(engine, setup) {
    /** @type {import('./group.mjs').Figures} */
    const figures = {};
    for (const [shape, mb] of CASES) {
      const { ms, stall, wholeMs, wholeStall } = await measure(engine, setup, { shape, mb });
      figures[nameOf(shape, mb)] = ms;
      figures[`${nameOf(shape, mb)}Stall`] = stall;
      if (!isKept(shape, mb)) continue;
      figures[`${nameOf(shape, mb)}Whole`] = wholeMs;
      figures[`${nameOf(shape, mb)}WholeStall`] = wholeStall;
    }
    return figures;
  },
};
