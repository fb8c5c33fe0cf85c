/** Which launches the person approved: one fingerprint per server identity, kept outside the workspace. */

import { isObject } from '../base/json';
import type { ApprovalState } from '../policy/startDecision';
import type { StatePort } from './ports';

/** Ends with the version of the record: what another version wrote is not read, and not overwritten either (T172). */
const KEY = 'launchApprovals/1';
const MAX_RECORDS = 2_000;

/** The approvals. A record is bound to the server's identity and the place its entry is written in. */
export class LaunchApprovals {
  constructor(
    private readonly state: StatePort,
    private readonly sha256: (text: string) => string,
  ) {}

  /** @param place URI of the workspace or folder that holds the entry. */
  check(serverId: string, place: string, fingerprint: string): ApprovalState {
    const approved = this.read().get(this.key(serverId, place));
    if (approved === undefined) return 'none';
    return approved === fingerprint ? 'approved' : 'changed';
  }

  /** Remembers an approval, replacing an earlier one. */
  async approve(serverId: string, place: string, fingerprint: string): Promise<void> {
    const records = this.read();
    const key = this.key(serverId, place);
    records.delete(key);
    records.set(key, fingerprint);
    for (const oldest of records.keys()) {
      if (records.size <= MAX_RECORDS) break;
      records.delete(oldest);
    }
    await this.write(records);
  }

  /** Forgets an approval. */
  async revoke(serverId: string, place: string): Promise<void> {
    const records = this.read();
    if (records.delete(this.key(serverId, place))) await this.write(records);
  }

  private key(serverId: string, place: string): string {
    return this.sha256(JSON.stringify([serverId, place]));
  }

  private read(): Map<string, string> {
    const stored = this.state.get(KEY);
    const records = new Map<string, string>();
    if (!isObject(stored)) return records;
    for (const [key, value] of Object.entries(stored)) if (typeof value === 'string') records.set(key, value);
    return records;
  }

  private async write(records: ReadonlyMap<string, string>): Promise<void> {
    await this.state.set(KEY, Object.fromEntries(records));
  }
}
