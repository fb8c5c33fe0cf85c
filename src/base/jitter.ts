/** Spreads in time what many would otherwise do at the same moment. */

/** The part of a wait by which it may be longer. */
export const JITTER = 0.2;

/**
 * A wait that is as long as said, or up to a fifth longer: many clients that lost one server do not come back together.
 * @param random a number from 0 up to 1
 */
export function jittered(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (1 + random() * JITTER));
}
