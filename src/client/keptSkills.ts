/** The skill entries of one list: kept so that digests need not travel, and bounded. Remembers which of them were tampered with. */

import type { SkillEntry } from '../protocol/skills';

/** Bytes of all entries of one list. */
const BUDGET_BYTES = 16_777_216;

export class KeptSkills {
  /** As bytes of JSON, by address: outside of the JavaScript heap. */
  private readonly kept = new Map<string, Buffer>();
  private readonly barred = new Set<string>();
  private left = BUDGET_BYTES;

  has(uri: string): boolean {
    return this.kept.has(uri);
  }

  /** Keeps an entry; false when it does not fit. */
  keep(entry: SkillEntry): boolean {
    const bytes = Buffer.from(JSON.stringify(entry), 'utf8');
    if (bytes.length > this.left) return false;
    this.left -= bytes.length;
    this.kept.set(entry.uri, bytes);
    return true;
  }

  get(uri: string): SkillEntry | undefined {
    const found = this.kept.get(uri);
    return found && (JSON.parse(found.toString('utf8')) as SkillEntry);
  }

  /** Nothing of this skill is read any more, until the skills are listed anew. */
  bar(uri: string): void {
    this.barred.add(uri);
  }

  isBarred(uri: string): boolean {
    return this.barred.has(uri);
  }
}
