/** What stands for a whole listing, so that it can be told whether the next one is another without keeping either. */

import type { Listing } from '../protocol/model';

/**
 * The same for the same items in the same order, the same entries that cannot be used and the same end; else another, but for one case in
 * 2^53. A server that finds such a case hides a change that it need not have told of. Nothing of cryptography is loaded for it.
 */
export function digestOf({ items, rejected, cut }: Listing): string {
  const mixer = new Mixer();
  mixer.value(items);
  mixer.value(rejected);
  mixer.value(cut);
  return mixer.digest();
}

/** Two words of 32 bits that every code unit goes through (cyrb53, public domain). */
class Mixer {
  private high = 0xdeadbeef;
  private low = 0x41c6ce57;

  /** Recurses only as deep as a reader builds, and takes what it builds in the order in which it does. */
  value(value: unknown): void {
    if (typeof value !== 'object' || value === null) {
      this.text(typeof value);
      this.text(String(value));
    } else if (Array.isArray(value)) {
      this.text(`[${value.length}`);
      for (let at = 0; at < value.length; at += 1) this.value(value[at]);
    } else {
      this.text('{');
      for (const key in value) {
        this.text(key);
        this.value((value as Readonly<Record<string, unknown>>)[key]);
      }
      this.text('}');
    }
  }

  digest(): string {
    return `${this.high.toString(36)}.${this.low.toString(36)}`;
  }

  /** With its length, so that no two texts can pass for two others. */
  private text(text: string): void {
    let { high, low } = this;
    high = Math.imul(high ^ text.length, 2654435761);
    low = Math.imul(low ^ text.length, 1597334677);
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
    this.high = high ^ (low >>> 15);
    this.low = low ^ (high >>> 13);
  }
}
