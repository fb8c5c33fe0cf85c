/** A bound on how much text is passed on to be shown, for what others write without end. */

import type { Clock } from './clock';

/** Characters per second, and as many at once after a pause. Lines of 150 characters come through by the hundred. */
const CHARACTERS = 32_768;
/** So many characters count for one that is not printable ASCII: looking at it takes that much longer. */
const WEIGHT = 4;

/**
 * Lets texts pass as long as there is room, which grows back steadily: in no moment is there more than one second's text to be shown, and
 * making all of that safe to show takes the thread that does it few milliseconds.
 */
export class TextRate {
  private room = CHARACTERS;
  private since = 0;

  constructor(private readonly clock: Clock) {}

  /** True when the text may pass, and takes its room then. One that is longer than all the room there ever is never passes. */
  admit(text: string): boolean {
    const now = this.clock.monotonic();
    this.room = Math.min(CHARACTERS, this.room + ((now - this.since) * CHARACTERS) / 1_000);
    this.since = now;
    const weight = text.length > this.room ? text.length : weightOf(text);
    if (weight > this.room) return false;
    this.room -= weight;
    return true;
  }
}

function weightOf(text: string): number {
  let weight = text.length;
  for (const [run] of text.matchAll(/[^ -~]+/g)) weight += run.length * (WEIGHT - 1);
  return weight;
}
