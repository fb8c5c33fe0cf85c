/** Which folders the person shares with which server: kept outside the workspace, for one launch in one workspace. */

import { isObject, own, type JsonValue } from '../base/json';
import type { RootsChoice } from '../policy/rootsDecision';
import type { StatePort } from './ports';

/** Ends with the version of the record: what another version wrote is not read, and not overwritten either (T172). */
const KEY = 'rootsChoices/1';
const MAX_RECORDS = 1_000;

/** What a choice holds for. Another launch under the same name is another server (invariant 7). */
export interface RootsSubject {
  readonly serverId: string;
  /** SHA-256 of the launch, as approvals are bound to it. */
  readonly fingerprint: string;
  /** See `WorkspacePort.id`. */
  readonly workspace: string;
}

export class RootsChoices {
  /** What was said in this session, which what is stored may lag behind. */
  private readonly said = new Map<string, { readonly fingerprint: string; readonly choice: RootsChoice }>();

  constructor(
    private readonly state: StatePort,
    private readonly sha256: (text: string) => string,
  ) {}

  /** What the person said, or undefined when they were not asked, or of another launch. */
  get(subject: RootsSubject): RootsChoice | undefined {
    const key = this.keyOf(subject);
    const said = this.said.get(key);
    if (said?.fingerprint === subject.fingerprint) return said.choice;
    const stored = this.read().get(key);
    if (!isObject(stored) || own(stored, 'fingerprint') !== subject.fingerprint) return undefined;
    const uris = own(stored, 'uris');
    return isTexts(uris) ? { kind: 'share', uris } : undefined;
  }

  /** Remembers which folders are shared, replacing an earlier choice. It holds at once. @throws when it cannot be stored */
  async share(subject: RootsSubject, uris: readonly string[]): Promise<void> {
    this.say(subject, { kind: 'share', uris });
    await this.replace(this.keyOf(subject), { fingerprint: subject.fingerprint, uris: [...uris] });
  }

  /** Remembers a no for this session. Nothing is stored. */
  deny(subject: RootsSubject): void {
    this.say(subject, { kind: 'denied' });
  }

  /** Forgets what was said, so that the entry decides again. @throws when it cannot be stored */
  async forget(subject: RootsSubject): Promise<void> {
    this.said.delete(this.keyOf(subject));
    await this.replace(this.keyOf(subject), undefined);
  }

  private say(subject: RootsSubject, choice: RootsChoice): void {
    this.said.set(this.keyOf(subject), { fingerprint: subject.fingerprint, choice });
  }

  private keyOf({ serverId, workspace }: RootsSubject): string {
    return this.sha256(JSON.stringify([serverId, workspace]));
  }

  private read(): Map<string, JsonValue | undefined> {
    const stored = this.state.get(KEY);
    return new Map(isObject(stored) ? Object.entries(stored) : []);
  }

  private async replace(key: string, value: JsonValue | undefined): Promise<void> {
    const records = this.read();
    const known = records.delete(key);
    if (value === undefined && !known) return;
    if (value !== undefined) records.set(key, value);
    for (const oldest of records.keys()) {
      if (records.size <= MAX_RECORDS) break;
      records.delete(oldest);
    }
    await this.state.set(KEY, Object.fromEntries(records));
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
