// @ts-check
/**
 * Interleaves: in each round every engine is measured once, in a fresh process, in an order that turns from round to round. The machine may
 * be doing other work, which hits all engines of a round alike, so that ratios are taken within a round and figures are not compared across.
 */
import { GROUPS } from '../groups/groups.mjs';
import { reasonOf } from './observe.mjs';
import { runOnce } from './processes.mjs';

/** @typedef {import('../groups/group.mjs').Figures} Figures */
/** Engine → its figures, one entry per round. @typedef {Map<string, Figures[]>} Samples */

/**
 * @param {object} options
 * @param {import('./bundles.mjs').Bundles} options.bundles
 * @param {string} options.node
 * @param {number} options.rounds
 * @param {readonly string[]} options.groups
 * @param {import('../groups/group.mjs').Setup} options.setup
 * @param {(text: string) => void} options.progress
 * @returns {Promise<Samples>}
 */
export async function runRounds({ bundles, node, rounds, groups, setup, progress }) {
  /** @type {Samples} */
  const samples = new Map();
  for (const group of GROUPS.filter(({ name }) => groups.includes(name))) {
    for (let round = 0; round < rounds; round++) {
      const turned = group.engines.map((_, index) => group.engines[(index + round) % group.engines.length]);
      for (const id of turned) {
        if (id === undefined) continue;
        progress(`${group.name}, round ${round + 1} of ${rounds}: ${id}`);
        const task = { engine: bundles.engines.get(id), group: group.name, setup };
        const figures = await measure(node, bundles, JSON.stringify(task), progress);
        const list = samples.get(id) ?? [];
        samples.set(id, list);
        list[round] = { ...list[round], ...figures };
      }
    }
  }
  return samples;
}

/**
 * @param {string} node
 * @param {import('./bundles.mjs').Bundles} bundles
 * @param {string} task
 * @param {(text: string) => void} progress
 * @returns {Promise<Figures>}
 */
async function measure(node, { task: script, clientScript }, task, progress) {
  try {
    const env = { MCP_HOST_BENCH_CLIENT: clientScript };
    return JSON.parse(await runOnce(node, ['--expose-gc', script, task], env));
  } catch (error) {
    progress(`it failed: ${reasonOf(error)}`);
    return {};
  }
}
