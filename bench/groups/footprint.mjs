// @ts-check
/** What 1, 10 and 50 idle clients hold, and how long it takes until all of them have their tools. The servers' own memory is not in it. */
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { heldMb, stalls } from '../lib/observe.mjs';
import { row, stdioServer } from './group.mjs';

const COUNTS = [1, 10, 50];

/** @type {import('./group.mjs').Group} */
export const footprint = {
  name: 'footprint',
  engines: ['raw', 'sdk1', 'sdk2', 'ours'],
  rows: [
    ...COUNTS.flatMap((count) => [
      row(`start${count}`, `${count} server${count === 1 ? '' : 's'} at once: all listed after, ms`, 0),
      row(`start${count}Stall`, '… longest stall of the main thread, ms', 0),
    ]),
    row('memoryFirstMb', 'memory of the first client, MB'),
    row('memoryEachMb', 'memory of each of nine more, MB'),
    row('memoryEachOf50Mb', 'memory of each of 49 more, MB'),
  ],
  async run(engine, setup) {
    /** @type {import('./group.mjs').Figures} */
    const figures = {};
    const place = stdioServer(setup);
    const one = async () => {
      const session = await engine.open(place);
      await session.listTools();
      return session;
    };
    heldMb();
    await sleep(200);
    const none = heldMb();
    let first = 0;
    for (const count of COUNTS) {
      const startedAt = performance.now();
      const { value: sessions, stall } = await stalls(() => Promise.all(Array.from({ length: count }, one)));
      figures[`start${count}`] = performance.now() - startedAt;
      figures[`start${count}Stall`] = stall;
      await sleep(1_000);
      const held = heldMb() - none;
      if (count === 1) figures['memoryFirstMb'] = first = held;
      else figures[count === 10 ? 'memoryEachMb' : 'memoryEachOf50Mb'] = (held - first) / (count - 1);
      await Promise.all(sessions.map((session) => session.close()));
      await sleep(200);
    }
    return figures;
  },
};
