// @ts-check
/**
 * Interleaves: in each round every engine is measured once, in a fresh process, in an order that turns from round to round. A group may
 * measure in turns of a fraction of a second, in which case the engines take these one after the other. The machine may be doing other
 * work, which hits all engines of a round alike, so that ratios are taken within a round and figures are not compared across.
 */
import { GROUPS } from '../groups/groups.mjs';
import { reasonOf } from './observe.mjs';
import { Participant } from './participant.mjs';

/** @typedef {import('../groups/group.mjs').Figures} Figures */
/** Engine → its figures, one entry per round. @typedef {Map<string, Figures[]>} Samples */
/** @typedef {{ id: string, participant: Participant }} Entrant */

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
      const title = `${group.name}, round ${round + 1} of ${rounds}`;
      const entrants = group.engines.map((_, index) => {
        const id = group.engines[(index + round) % group.engines.length] ?? '';
        const task = { engine: bundles.engines.get(id) ?? '', group: group.name, setup };
        return { id, participant: new Participant(node, bundles, task) };
      });
      progress(title);
      for (const [id, figures] of await runRound(entrants, progress)) {
        const list = samples.get(id) ?? [];
        samples.set(id, list);
        list[round] = { ...list[round], ...figures };
      }
    }
  }
  return samples;
}

/**
 * One works at a time. Who asks for another turn waits until all the others have had theirs.
 * @param {readonly Entrant[]} entrants
 * @param {(text: string) => void} progress
 * @returns {Promise<ReadonlyMap<string, Figures>>}
 */
async function runRound(entrants, progress) {
  /** @type {Map<string, Figures>} */
  const found = new Map();
  while (found.size < entrants.length)
    for (const { id, participant } of entrants) {
      if (found.has(id)) continue;
      try {
        const figures = await participant.goOn();
        if (figures) found.set(id, figures);
      } catch (error) {
        progress(`  ${id} failed: ${reasonOf(error)}`);
        found.set(id, {});
      }
    }
  return found;
}
