/**
 * Which launches the person approved: one fingerprint per server identity, kept outside the workspace, and beside it what the
 * person saw, so that a change can be shown.
 */

import { Emitter } from '../base/event';
import { isObject, type JsonObject, type JsonValue } from '../base/json';
import { readFacts, storedFacts, type LaunchFacts } from '../policy/launchFacts';
import type { ApprovalState } from '../policy/startDecision';
import type { StatePort } from './ports';

/** Ends with the version of the record: what another version wrote is not read, and not overwritten either (T172). */
const KEY = 'launchApprovals/1';
const MAX_RECORDS = 2_000;

/** What was seen is a help and no more: few of them are kept, and none that is large. */
const SEEN_KEY = 'launchesSeen/1';
const MAX_SEEN = 100;
const MAX_SEEN_LENGTH = 20_000;

/** The approvals. A record is bound to the server's identity and the place its entry is written in. */
export class LaunchApprovals {
  private readonly changed = new Emitter<void>();

  /** An approval was stored or forgotten. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly state: StatePort,
    private readonly sha256: (text: string) => string,
  ) {}

  /** @param place URI of the workspace or folder that holds the entry. */
  check(serverId: string, place: string, fingerprint: string): ApprovalState {
    const approved = this.read(KEY).get(this.key(serverId, place));
    if (typeof approved !== 'string') return 'none';
    return approved === fingerprint ? 'approved' : 'changed';
  }

  /** True when some form of the launch was approved and that was not forgotten. */
  has(serverId: string, place: string): boolean {
    return this.read(KEY).has(this.key(serverId, place));
  }

  /** What the person saw when approving last, or undefined when it is not kept. */
  seen(serverId: string, place: string): LaunchFacts | undefined {
    return readFacts(this.read(SEEN_KEY).get(this.key(serverId, place)));
  }

  /** Remembers an approval, replacing an earlier one. @param facts what the person saw */
  async approve(serverId: string, place: string, fingerprint: string, facts: LaunchFacts): Promise<void> {
    const key = this.key(serverId, place);
    const seen = storedFacts(facts);
    const isKept = JSON.stringify(seen).length <= MAX_SEEN_LENGTH;
    // The approval last: without it the rest means nothing.
    await this.replace(SEEN_KEY, key, isKept ? seen : undefined, MAX_SEEN);
    await this.replace(KEY, key, fingerprint, MAX_RECORDS);
    this.changed.fire();
  }

  /** Forgets an approval. */
  async revoke(serverId: string, place: string): Promise<void> {
    const key = this.key(serverId, place);
    await this.replace(KEY, key, undefined, MAX_RECORDS);
    await this.replace(SEEN_KEY, key, undefined, MAX_SEEN);
    this.changed.fire();
  }

  private key(serverId: string, place: string): string {
    return this.sha256(JSON.stringify([serverId, place]));
  }

  private read(record: string): Map<string, JsonValue | undefined> {
    const stored = this.state.get(record);
    return new Map(isObject(stored) ? Object.entries(stored) : []);
  }

  private async replace(
    record: string,
    key: string,
    value: JsonValue | undefined,
    max: number,
  ): Promise<void> {
    const entries = this.read(record);
    const known = entries.delete(key);
    if (value === undefined && !known) return;
    if (value !== undefined) entries.set(key, value);
    for (const oldest of entries.keys()) {
      if (entries.size <= max) break;
      entries.delete(oldest);
    }
    await this.state.set(record, Object.fromEntries(entries) satisfies JsonObject);
  }
}
