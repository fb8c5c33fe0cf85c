// @ts-check
/** Medians over rounds, and ratios of two engines taken round by round. */
import { median, spread } from './stats.mjs';

/** @typedef {import('./rounds.mjs').Samples} Samples */

export class Summary {
  /** @param {Samples} samples */
  constructor(samples) {
    this.samples = samples;
  }

  /** The numbers of one figure, by round. @param {string} engine @param {string} name */
  numbers(engine, name) {
    const rounds = this.samples.get(engine) ?? [];
    return rounds.map((figures) => figures?.[name]).filter((value) => typeof value === 'number');
  }

  /** The median, or why there is none. @param {string} engine @param {string} name @returns {number | string | undefined} */
  figure(engine, name) {
    const numbers = this.numbers(engine, name);
    const rounds = this.samples.get(engine) ?? [];
    if (numbers.length * 2 >= rounds.length && numbers.length > 0) return median(numbers);
    return rounds.map((figures) => figures?.[name]).find((value) => typeof value === 'string');
  }

  /** Half the distance between the quartiles, as a part of the median. @param {string} engine @param {string} name */
  spread(engine, name) {
    const numbers = this.numbers(engine, name);
    return spread(numbers) / Math.abs(median(numbers));
  }

  /**
   * One engine's figure by another's, round by round.
   * @param {string} name @param {string} engine @param {string} other
   * @returns {{ value: number, spread: number } | undefined} median and spread of the ratios
   */
  ratio(name, engine, other) {
    const mine = this.samples.get(engine) ?? [];
    const theirs = this.samples.get(other) ?? [];
    const ratios = mine
      .map((figures, round) => Number(figures?.[name]) / Number(theirs[round]?.[name]))
      .filter((ratio) => Number.isFinite(ratio));
    return ratios.length === 0 ? undefined : { value: median(ratios), spread: spread(ratios) };
  }
}
