// @ts-check
/** From nothing to the full list of tools in hand, for servers of three sizes, and one more beside a server that runs. */
import { performance } from 'node:perf_hooks';
import { median } from '../lib/stats.mjs';
import { row, stdioServer } from './group.mjs';

const SIZES = [100, 1_000, 10_000];

/** @type {import('./group.mjs').Group} */
export const ready = {
  name: 'ready',
  engines: ['raw', 'sdk1', 'sdk2', 'sdk2Worker', 'ours'],
  rows: [
    ...SIZES.flatMap((tools) => [
      row(`ready${tools}`, `ready with ${tools.toLocaleString('en-US')} tools, ms`),
      row(`tools${tools}`, '… tools in hand', 0),
    ]),
    row('readyNext', 'one more server beside one that runs, 100 tools, ms'),
  ],
  async run(engine, setup) {
    /** @type {import('./group.mjs').Figures} */
    const figures = {};
    /** @param {number} tools */
    const once = async (tools) => {
      const startedAt = performance.now();
      const session = await engine.open(stdioServer(setup, tools));
      const listed = await session.listTools();
      return { ms: performance.now() - startedAt, listed, session };
    };
    for (const tools of SIZES) {
      const { ms, listed, session } = await once(tools);
      await session.close();
      figures[`ready${tools}`] = ms;
      figures[`tools${tools}`] = listed;
    }
    const first = await once(100);
    /** @type {number[]} */
    const times = [];
    for (let i = 0; i < 3; i++) {
      await engine.warm?.();
      const { ms, session } = await once(100);
      times.push(ms);
      await session.close();
    }
    await first.session.close();
    figures['readyNext'] = median(times);
    return figures;
  },
};
