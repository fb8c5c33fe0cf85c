/**
 * The authorization of one server: gives requests their header fields, and turns a 401 or 403 into fresh ones or into a failure.
 * It knows neither the transport that asks it nor the person; the flows it starts are elsewhere.
 */

import { SharedWork } from '../base/sharedWork';
import { FailureError, type Failure } from '../protocol/failure';
import { hostKind } from '../transport/http/hostKind';
import { withoutSecrets } from '../transport/http/replies';
import { readChallenge, type Challenge } from './challenge';
import { Clients } from './clients';
import { storedKey, type FlowContext } from './context';
import type {
  AnswerHeaders,
  AuthorizedRequest,
  AuthorizerOptions,
  ChallengedAnswer,
  HeaderFields,
  SignOutOutcome,
} from './contract';
import { CredentialStore } from './credentialStore';
import { Discovery } from './discovery';
import { nonceOfProof, readNonce, type DpopKey } from './dpop';
import { GuardedFetch } from './guardedFetch';
import { MachineGrants } from './machineGrants';
import { challengedBy, notAccepted } from './problem';
import { withoutTokens, type AuthRecord, type StoredTokens } from './record';
import { Reacquisition } from './reacquisition';
import { Renewal } from './renewal';
import { SignIn } from './signIn';
import { checkBounds, StepUps } from './stepUps';
import { TokenEndpoint } from './tokenEndpoint';
import { canonicalResource } from './urls';

/** A refused request is sent again at most twice (T070). */
const MAX_ATTEMPTS = 3;
/** Between two renewals of tokens that are still good. */
const MIN_EARLY_PAUSE_MS = 60_000;
/** Tokens that requests may still be under way with. */
const MAX_REMEMBERED = 16;

const cancelled = (): FailureError => new FailureError({ code: 'cancelled' });

export class Authorizer {
  private readonly context: FlowContext;
  private readonly reacquisition: Reacquisition;
  private readonly stepUps: StepUps;
  /** What is going on because of an answer, a person's sign-in included: all who get refused meanwhile wait for it (T093). */
  private readonly flow = new SharedWork<void>(cancelled);
  /** What that is for. */
  private sought: Sought = 'sign-in';
  /** The same without a person, for requests that nobody waits for (T070). */
  private readonly quiet = new SharedWork<void>(cancelled);
  private readonly early = new SharedWork<void>(cancelled);
  private lastEarly = Number.NEGATIVE_INFINITY;
  /** Access tokens that requests left with, so that an `Authorization` header of someone else's is recognised. */
  private readonly handedOut = new Set<string>();
  private nonce: string | undefined;
  private wantsDpop = false;
  private key: { readonly of: unknown; readonly key: DpopKey | undefined } | undefined;

  constructor(private readonly options: AuthorizerOptions) {
    const { serverUrl, settings, http, host, clock } = options;
    const kindOf = options.hostKind ?? hostKind;
    const fetch = new GuardedFetch(http, clock, serverUrl, kindOf, settings.privateHosts);
    this.context = {
      settings,
      host,
      clock,
      store: new CredentialStore(host, clock, canonicalResource(serverUrl), settings, () =>
        options.onTokens?.(),
      ),
      discovery: new Discovery(fetch, clock, serverUrl, settings),
      clients: new Clients(settings, fetch, clock),
      endpoint: new TokenEndpoint(fetch),
      wantsDpop: () => this.wantsDpop,
    };
    const renewal = new Renewal(this.context, new MachineGrants(this.context));
    const signIn = new SignIn(this.context);
    this.reacquisition = new Reacquisition(this.context, renewal, signIn);
    this.stepUps = new StepUps(this.context, renewal, signIn);
  }

  /**
   * Header fields of one request to the server; none without credentials, and none for another origin (AUTH20, AUTH21).
   * Renews tokens of which most of the life is over, at most once a minute (T090), but not for a goodbye.
   * @throws FailureError when the store cannot be read, or `signal` aborts
   */
  async headersFor(request: AuthorizedRequest, signal: AbortSignal): Promise<HeaderFields> {
    const { serverUrl, hasOwnAuthorization } = this.options;
    if (hasOwnAuthorization === true || request.url.origin !== serverUrl.origin) return [];
    const { store } = this.context;
    const { tokens: old } = await store.read();
    if (old && request.isGoodbye !== true && store.isDue(old)) await this.renewEarly(signal);
    const record = await store.read();
    return record.tokens ? this.fields(record, record.tokens, request) : [];
  }

  /**
   * What to do about a 401 or 403: `retry` says that the request is to be sent once more, with what `headersFor` gives now.
   * Never throws.
   */
  async challenged(answer: ChallengedAnswer, signal: AbortSignal): Promise<'retry' | Failure> {
    try {
      await this.answer(answer, signal);
      return 'retry';
    } catch (error) {
      if (signal.aborted) return { code: 'cancelled' };
      // Errors that are not ours may quote anything.
      if (error instanceof FailureError) return error.failure;
      return { code: 'internal', detail: 'authorization could not be carried out' };
    }
  }

  /** Takes the nonce out of any answer of the server (RFC 9449 §8.2). */
  noted(headers: AnswerHeaders): void {
    this.nonce = readNonce(headers['dpop-nonce']) ?? this.nonce;
  }

  /**
   * Forgets the tokens and what was asked for; registrations stay. Tokens are revoked where the authorization server offers it.
   * @throws FailureError when the store cannot be written
   */
  async signOut(): Promise<SignOutOutcome> {
    const { host, store } = this.context;
    const { signal } = new AbortController();
    return await host.exclusively(async () => {
      let record: AuthRecord;
      try {
        record = await store.reload();
      } catch {
        // What cannot be read is worth nothing; the person wants it gone.
        await store.clear();
        return 'here-only';
      }
      const isForeign = store.hasForeignTokens;
      const { requested: _, ...rest } = withoutTokens(record);
      await store.write(rest);
      if (!record.tokens) return isForeign ? 'here-only' : 'complete';
      // The tokens are gone here in any case.
      return (await this.revoke(record, signal).catch(() => false)) ? 'complete' : 'here-only';
    }, signal);
  }

  /** Goes on with what another window has stored. @returns true when somebody has signed out there. @throws FailureError */
  follow(): Promise<boolean> {
    return this.context.store.follow();
  }

  private async answer(answer: ChallengedAnswer, signal: AbortSignal): Promise<void> {
    const { status, used, attempt, isUnattended = false } = answer;
    this.noted(answer.headers);
    const token = tokenOf(used);
    const isForeign = token !== undefined && !this.handedOut.has(token);
    const challenge = challengeIn(answer);
    if (this.options.hasOwnAuthorization === true || isForeign)
      throw challengedBy('header-refused', challenge);
    this.wantsDpop ||= challenge.wantsDpop;
    if (status === 403 && challenge.error !== 'insufficient_scope')
      throw new FailureError({ code: 'http-error', status, isPage: false });
    if (status === 401 && attempt >= MAX_ATTEMPTS) throw notAccepted(challenge);
    if (challenge.error === 'use_dpop_nonce' && this.hasNewNonce(used)) return;
    if (status === 403) return await this.widen(challenge, token, answer, signal);
    const reacquire = async (_: unknown, s: AbortSignal): Promise<void> =>
      this.reacquisition.run(challenge, token, attempt, s);
    if (!isUnattended) return await this.seek('sign-in', token, reacquire, signal);
    const { tokens } = await this.context.store.read();
    if (tokens && tokens.accessToken !== token) return;
    await this.quiet.join((s) => this.reacquisition.quietly(challenge, token, attempt, s), signal);
  }

  private async widen(
    challenge: Challenge,
    token: string | undefined,
    answer: ChallengedAnswer,
    signal: AbortSignal,
  ): Promise<void> {
    if (answer.isUnattended) throw challengedBy('insufficient-scope', challenge);
    checkBounds(challenge, answer);
    const stepUp = async (current: string | undefined, s: AbortSignal): Promise<void> =>
      this.stepUps.run(challenge, current ?? token, answer.tool, s);
    await this.seek(challenge.scopes ?? [], token, stepUp, signal);
  }

  /**
   * Gets what a call lacks, once for all that lack it at the same time. What another one lacks is another question (T092): it is waited for,
   * and says nothing about this call, unless its tokens have all that is sought here.
   * @param refused the token that the call left with
   */
  private async seek(
    sought: Sought,
    refused: string | undefined,
    run: (current: string | undefined, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    for (;;) {
      const { tokens } = await this.context.store.read();
      if (tokens && tokens.accessToken !== refused && holds(tokens.scopes, sought)) return;
      if (!this.flow.isUnderWay || isPartOf(sought, this.sought)) {
        const start = (s: AbortSignal): Promise<void> => {
          this.sought = sought;
          return run(tokens?.accessToken, s);
        };
        return await this.flow.join(start, signal);
      }
      await this.flow.idle(signal);
    }
  }

  /** True when the server has given another nonce by now than the one in the request's proof. */
  private hasNewNonce(used: HeaderFields): boolean {
    const proof = fieldOf(used, 'dpop');
    return proof !== undefined && this.nonce !== undefined && nonceOfProof(proof) !== this.nonce;
  }

  private async renewEarly(signal: AbortSignal): Promise<void> {
    const { clock } = this.context;
    const now = clock.monotonic();
    const isUnderWay = this.early.isUnderWay;
    if (!isUnderWay && now - this.lastEarly < MIN_EARLY_PAUSE_MS) return;
    this.lastEarly = isUnderWay ? this.lastEarly : now;
    try {
      await this.early.join((s) => this.reacquisition.early(s), signal);
    } catch (error) {
      if (signal.aborted) throw error;
      // The token may still be good, and the server will say when it is not.
    }
  }

  private async fields(
    record: AuthRecord,
    { accessToken, type }: StoredTokens,
    request: AuthorizedRequest,
  ): Promise<HeaderFields> {
    this.remember(accessToken);
    if (type === 'bearer') return [['authorization', `Bearer ${accessToken}`]];
    if (this.key?.of !== record.dpopKey) this.key = { of: record.dpopKey, key: await storedKey(record) };
    const proven = await this.key?.key?.fields(request, accessToken, this.nonce);
    // Without its key the token is refused, and so renewed under another.
    return proven ?? [['authorization', `DPoP ${accessToken}`]];
  }

  private remember(token: string): void {
    this.handedOut.delete(token);
    this.handedOut.add(token);
    const [oldest] = this.handedOut;
    if (this.handedOut.size > MAX_REMEMBERED && oldest !== undefined) this.handedOut.delete(oldest);
  }

  /** @returns false when the authorization server takes no tokens back, or not from this client */
  private async revoke(record: AuthRecord, signal: AbortSignal): Promise<boolean> {
    const { clients, discovery, endpoint } = this.context;
    const { tokens } = record;
    const client = tokens && clients.holderOf(tokens, record);
    if (!client) return false;
    const party = await clients.party(await discovery.issuerOf(tokens, signal), client);
    return await endpoint.revoke(party, tokens.refreshToken ?? tokens.accessToken);
  }
}

/** Who is asked for, or which rights. */
type Sought = 'sign-in' | readonly string[];

function holds(granted: readonly string[], sought: Sought): boolean {
  return sought === 'sign-in' || sought.every((scope) => granted.includes(scope));
}

/** Rights that nobody names are part of nothing. */
function isPartOf(sought: Sought, other: Sought): boolean {
  if (sought === 'sign-in' || other === 'sign-in') return sought === other;
  return sought.length > 0 && holds(other, sought);
}

/** What the server says, but for what it was told itself. */
function challengeIn({ headers, used, sent }: ChallengedAnswer): Challenge {
  const challenge = readChallenge(headers['www-authenticate']);
  const { description } = challenge;
  if (description === undefined) return challenge;
  return { ...challenge, description: withoutSecrets(description, sent ?? Object.fromEntries(used)) };
}

function tokenOf(used: HeaderFields): string | undefined {
  const value = fieldOf(used, 'authorization');
  return value === undefined ? undefined : value.replace(/^(?:Bearer|DPoP) /, '');
}

function fieldOf(used: HeaderFields, name: string): string | undefined {
  return used.find(([field]) => field.toLowerCase() === name)?.[1];
}
