/** Holds the record of one server, in step with what the host stores. It knows no OAuth. */

import type { Clock } from '../base/clock';
import { FailureError } from '../protocol/failure';
import type { AuthorizationHost, AuthorizationSettings } from './contract';
import { problem } from './problem';
import { readRecord, withoutTokens, writeRecord, type AuthRecord, type StoredTokens } from './record';

/** Share of its life after which a token is renewed (T090). */
const DUE = 0.8;

export class CredentialStore {
  private record: AuthRecord | undefined;
  /** When tokens came that this process obtained itself: its monotonic clock knows their age better than wall time does. */
  private obtained: { readonly accessToken: string; readonly at: number } | undefined;
  private announced: string | undefined;
  private held = '[]';
  /** What this process has stored last, which is no news when the host tells of it. */
  private own: { readonly text: string | undefined } | undefined;
  private hidesForeign = false;

  constructor(
    private readonly host: AuthorizationHost,
    private readonly clock: Clock,
    private readonly server: string,
    private readonly settings: Pick<AuthorizationSettings, 'clientId' | 'issuer'>,
    /** Told whenever requests go on with another access token than before, or with none. */
    private readonly onTokens: () => void,
  ) {}

  /** True when tokens are stored that the settings have been changed away from; they are in no record that is given out. */
  get hasForeignTokens(): boolean {
    return this.hidesForeign;
  }

  /** What is known, read once. @throws FailureError `authorization` / `store-unavailable`, or what the host rejects with. */
  async read(): Promise<AuthRecord> {
    return this.record ?? (await this.reload());
  }

  /** What is stored now, by whichever window. */
  async reload(): Promise<AuthRecord> {
    return this.take(await this.through(() => this.host.load()));
  }

  /**
   * Takes over what another window has stored.
   * @returns true when somebody has signed out there: unlike tokens that have ended, nothing is left of what was asked for
   */
  async follow(): Promise<boolean> {
    const text = await this.through(() => this.host.load());
    // Nothing to take over before anything was read, or where this process has stored it.
    if (!this.record || (this.own && text === this.own.text)) return false;
    const had = this.record.tokens !== undefined;
    const { tokens, requested } = this.take(text);
    return had && tokens === undefined && requested === undefined;
  }

  /** Stores a record. Until that has succeeded the one before stays in force (T089). Call it alone. */
  async write(record: AuthRecord): Promise<void> {
    const text = writeRecord(record);
    this.holds(record);
    const { tokens } = record;
    const isNew = tokens && tokens.accessToken !== this.record?.tokens?.accessToken;
    this.own = { text };
    // A refresh token that was rotated is gone when this fails, and the one before is worth nothing any more.
    await this.through(() => this.host.save(text).catch(() => this.host.save(text)));
    if (isNew) this.obtained = { accessToken: tokens.accessToken, at: this.clock.monotonic() };
    this.keep(record);
  }

  /** Changes what is stored, alone among all windows. */
  change(edit: (record: AuthRecord) => AuthRecord, signal: AbortSignal): Promise<void> {
    return this.host.exclusively(async () => this.write(edit(await this.reload())), signal);
  }

  /** Throws away everything, readable or not. */
  async clear(): Promise<void> {
    this.own = { text: undefined };
    await this.through(() => this.host.save(undefined));
    this.keep({ server: this.server, clients: [] });
  }

  /** True when most of the tokens' life is over. */
  isDue(tokens: StoredTokens): boolean {
    if (tokens.lifetimeMs === undefined) return false;
    const own = this.obtained?.accessToken === tokens.accessToken ? this.obtained.at : undefined;
    // Monotonic time may stand still while the machine sleeps, wall time may jump: the later of the two counts.
    const age = Math.max(
      this.clock.wall() - tokens.obtainedAt,
      own === undefined ? 0 : this.clock.monotonic() - own,
    );
    return age >= tokens.lifetimeMs * DUE;
  }

  private take(text: string | undefined): AuthRecord {
    if (text !== this.own?.text) this.own = undefined;
    const record = readRecord(text, this.server);
    this.holds(record);
    this.hidesForeign = this.isForeign(record.tokens);
    return this.keep(this.hidesForeign ? withoutTokens(record) : record);
  }

  private keep(record: AuthRecord): AuthRecord {
    const before = this.record?.tokens?.accessToken;
    this.record = record;
    this.announce();
    if (record.tokens?.accessToken !== before) this.onTokens();
    return record;
  }

  /** True for tokens of a client or an authorization server that the settings have been changed away from. */
  private isForeign(tokens: StoredTokens | undefined): boolean {
    const { clientId, issuer } = this.settings;
    if (!tokens) return false;
    return (
      (clientId !== undefined && clientId !== tokens.clientId) ||
      (issuer !== undefined && issuer !== tokens.issuer)
    );
  }

  private holds({ tokens, clients }: AuthRecord): void {
    const values = [
      tokens?.accessToken,
      tokens?.refreshToken,
      ...clients.map((client) => client.clientSecret),
    ];
    const secrets = values.filter((value) => value !== undefined);
    const held = JSON.stringify(secrets);
    if (held === this.held) return;
    this.held = held;
    this.host.holds('credentials', secrets);
  }

  private announce(): void {
    const tokens = this.record?.tokens;
    // Not every token says whose it is: whoever signs in anew may be somebody else.
    const now = tokens && JSON.stringify([tokens.issuer, tokens.scopes, tokens.account, tokens.signedInAt]);
    if (now === this.announced) return;
    this.announced = now;
    this.host.signedIn(
      tokens && {
        issuer: tokens.issuer,
        scopes: tokens.scopes,
        ...(tokens.account === undefined ? {} : { account: tokens.account }),
      },
    );
  }

  private async through<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      // What a store throws may quote what it stores.
      throw error instanceof FailureError ? error : problem('store-unavailable');
    }
  }
}
