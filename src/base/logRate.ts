/** A bound on the text that one server writes for its log, in whatever way: its stderr, its messages, and what it writes in their place. */

import type { Clock } from './clock';

/** Lines and messages of a second, and the characters in them (T053). */
const TEXTS = 200;
const CHARACTERS = 32_768;
/** So many characters count for one that cannot be shown as it is: making it safe takes that much longer. */
const WEIGHT = 8;
/** Controls, marks, joiners, padding, and what would make a link or an icon. */
const COSTLY = /[^ \p{L}\p{N}\p{P}\p{S}]+| {4,}|[\]$]\(/gu;

/** The share of each second. When it is used up all is left out until the next one, so that there is one gap, which can be told. */
export class LogRate {
  private second = Number.NEGATIVE_INFINITY;
  private texts = 0;
  private characters = 0;

  constructor(private readonly clock: Clock) {}

  /** False once this second's share is used up. */
  get isOpen(): boolean {
    this.begin();
    return this.texts < TEXTS && this.characters < CHARACTERS;
  }

  /** Counts a text that is passed on. The last one of a second may be longer than what is left, because any may be shown. */
  take(text: string): void {
    this.begin();
    this.texts++;
    this.characters += text.length;
    for (const [run] of text.matchAll(COSTLY)) this.characters += run.length * (WEIGHT - 1);
  }

  /** A second has its share for itself. */
  private begin(): void {
    const second = Math.floor(this.clock.monotonic() / 1_000);
    if (second === this.second) return;
    this.second = second;
    this.texts = 0;
    this.characters = 0;
  }
}
