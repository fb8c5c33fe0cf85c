/** A person's sign-in: the authorization code flow with PKCE, from the question to the stored tokens. It opens no browser itself. */

import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';

import { FailureError } from '../protocol/failure';
import { readCallback } from './callback';
import type { Party } from './clientAuth';
import { dpopKeyFor, withTokens, type FlowContext, type Holder } from './context';
import type { SignInRequest } from './contract';
import type { Discovered } from './discovery';
import type { DpopKey } from './dpop';
import { problem, TokenRefusedError } from './problem';
import { withClient, withGivenUp, without, type StoredClient } from './record';
import { checkAsked, needsConsentPrompt } from './scopes';
import type { TokenRequest } from './tokenEndpoint';
import { safeUrl } from './urls';

const MAX_URL = 8_192;
/** How long a "no" to more rights holds for the same ones (SEC8). */
const DENIED_MS = 60_000;
/** How long an answer to a sign-in waits for its turn at the stored record. */
const TURN_MS = 60_000;

/** What a sign-in is for. */
export interface SignInPurpose {
  readonly reason: SignInRequest['reason'];
  readonly scopes: readonly string[];
  readonly newScopes?: readonly string[];
  readonly tool?: string | undefined;
}

/** One visit to the authorization server's page. Its secrets live as long as the visit, and are used once. */
interface Visit {
  readonly url: string;
  readonly state: string;
  readonly verifier: string;
}

export class SignIn {
  /** What the person closed. They are asked again for another sign-in when they click Sign In, which begins anew. */
  private no: (ReturnType<typeof whatOf> & { readonly at: number }) | undefined;

  constructor(private readonly context: FlowContext) {}

  /**
   * Asks, signs in, stores.
   * @throws FailureError `sign-in-needed`, `sign-in-closed`, `sign-in-denied`, `authorization`, or of the network
   */
  async run(found: Discovered, purpose: SignInPurpose, signal: AbortSignal): Promise<void> {
    checkAsked(purpose.scopes);
    if ((await this.once(found, purpose, signal)) === 'forgotten') await this.once(found, purpose, signal);
  }

  /** @returns `forgotten` when the authorization server no longer knows an earlier registration, which is then dropped (T094). */
  private async once(
    found: Discovered,
    purpose: SignInPurpose,
    signal: AbortSignal,
  ): Promise<'done' | 'forgotten'> {
    const { store, clients } = this.context;
    this.checkPkce(found);
    const { authorization_endpoint: endpoint } = found.issuer.as;
    if (endpoint === undefined) throw problem('metadata-invalid', 'the authorization endpoint is missing');
    const page = safeUrl(endpoint, 'authorization_endpoint');
    const before = await store.read();
    const earlier =
      clients.withoutRegistering(found.issuer, before) === undefined
        ? clients.earlierRedirect(found.issuer, before)
        : undefined;
    const { ticket, redirectUri } = await this.ask(found, purpose, earlier, signal);
    const record = await store.read();
    const client = await clients.forSignIn(found.issuer, record, redirectUri, signal);
    const isOld = record.clients.includes(client);
    if (client.kind === 'dynamic' && !isOld) await store.change((now) => withClient(now, client), signal);
    try {
      await this.visit(page, { client, redirectUri, found, purpose }, ticket, signal);
      return 'done';
    } catch (error) {
      const forgotten = isOld && client.kind === 'dynamic' ? isForgetful(error) : 'no';
      if (forgotten === 'perhaps') await store.change((now) => withGivenUp(now, client), signal);
      if (forgotten !== 'surely') throw error;
      await store.change((now) => without(now, client), signal);
      return 'forgotten';
    }
  }

  /** From the opened page to the stored tokens. */
  private async visit(
    page: URL,
    parts: Omit<VisitParts, 'dpop'>,
    ticket: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { clients, host, store } = this.context;
    const { client, found, purpose, redirectUri } = parts;
    const { resource } = found;
    const dpop = await dpopKeyFor(this.context, found, await store.read());
    const { url, state, verifier } = await prepare(page, { ...parts, dpop });
    const reply = await host.openSignIn(ticket, url, state, signal);
    if (reply.kind === 'dismissed') throw this.closed(found, purpose);
    if (reply.kind === 'late') throw needed(found, purpose);
    const party = await clients.party(found.issuer, client);
    const callback = readCallback(reply.url, found.issuer.as, party.client, state);
    const holder = { found, client, requested: purpose.scopes, dpop };
    await this.exchange(party, { kind: 'code', callback, redirectUri, verifier, resource }, holder);
  }

  /** The person has done their part: that nobody waits for it any more does not undo it. */
  private async exchange(party: Party, request: TokenRequest, holder: Holder): Promise<void> {
    const { clock, endpoint, host, store } = this.context;
    const late = new AbortController();
    const timer = clock.schedule(TURN_MS, () => late.abort());
    try {
      await host.exclusively(async () => {
        const answer = await endpoint.request(party, request, holder.dpop);
        const now = { ...holder, signedInAt: clock.wall() };
        await store.write(withTokens(this.context, await store.reload(), answer, now));
      }, late.signal);
    } finally {
      timer.dispose();
    }
  }

  private checkPkce({ issuer }: Discovered): void {
    const methods = issuer.as.code_challenge_methods_supported;
    // Without any metadata there is no field that could be missing; revision 2025-03-26 itself demands PKCE there.
    if (issuer.guessed || this.context.settings.allowMissingPkce === true) return;
    if (methods?.includes('S256') !== true) throw problem('pkce-missing');
  }

  private async ask(
    found: Discovered,
    purpose: SignInPurpose,
    earlier: string | undefined,
    signal: AbortSignal,
  ): Promise<{ readonly ticket: string; readonly redirectUri: string }> {
    const { host } = this.context;
    if (this.isRefused(found, purpose)) throw closedFailure(found);
    const request = requestOf(found, purpose);
    const grant = await host.beginSignIn(
      earlier === undefined ? request : { ...request, earlierRedirect: earlier },
      signal,
    );
    switch (grant.kind) {
      case 'begin':
        return grant;
      case 'later':
        throw needed(found, purpose);
      case 'denied':
        throw this.closed(found, purpose);
    }
  }

  private closed(found: Discovered, purpose: SignInPurpose): FailureError {
    this.no = { ...whatOf(found, purpose), at: this.context.clock.monotonic() };
    return closedFailure(found);
  }

  /** More rights are wanted by a call that the person has made; a sign-in comes up by itself. */
  private isRefused(found: Discovered, purpose: SignInPurpose): boolean {
    const { no } = this;
    const { isMore, what } = whatOf(found, purpose);
    if (no?.isMore !== isMore) return false;
    return !isMore || (no.what === what && this.context.clock.monotonic() - no.at < DENIED_MS);
  }
}

/**
 * Whether a sign-in with an earlier registration failed because that one is gone. An authorization server shows a page of its own to
 * whom it does not know, so that all that is seen here is a person who gives up.
 */
function isForgetful(error: unknown): 'surely' | 'perhaps' | 'no' {
  if (error instanceof TokenRefusedError && error.error === 'invalid_client') return 'surely';
  const code = error instanceof FailureError ? error.failure.code : undefined;
  return code === 'sign-in-closed' || code === 'sign-in-needed' ? 'perhaps' : 'no';
}

function whatOf(
  found: Discovered,
  { reason, scopes }: SignInPurpose,
): { readonly isMore: boolean; readonly what: string } {
  const what = JSON.stringify([found.issuer.as.issuer, found.resource, [...scopes].sort()]);
  return { isMore: reason === 'more-scopes', what };
}

function closedFailure(found: Discovered): FailureError {
  return new FailureError({ code: 'sign-in-closed', issuer: found.issuer.as.issuer });
}

function requestOf(found: Discovered, purpose: SignInPurpose): SignInRequest {
  return {
    issuer: found.issuer.as.issuer,
    resource: found.resource,
    scopes: purpose.scopes,
    reason: purpose.reason,
    ...(purpose.newScopes === undefined ? {} : { newScopes: purpose.newScopes }),
    ...(purpose.tool === undefined ? {} : { tool: purpose.tool }),
    ...(found.issuer.guessed ? { guessed: true } : {}),
  };
}

/** Somebody has to sign in, and was not asked or did not answer. */
export function needed(found: Discovered, { scopes }: SignInPurpose): FailureError {
  return new FailureError({ code: 'sign-in-needed', issuer: found.issuer.as.issuer, scopes });
}

interface VisitParts {
  readonly client: StoredClient;
  readonly redirectUri: string;
  readonly found: Discovered;
  readonly purpose: SignInPurpose;
  readonly dpop: DpopKey | undefined;
}

/** RFC 6749 §4.1.1 with RFC 7636, RFC 8707 and RFC 9449 §10. */
async function prepare(page: URL, parts: VisitParts): Promise<Visit> {
  const { client, redirectUri, found, purpose, dpop } = parts;
  const [state, verifier] = [generateRandomState(), generateRandomCodeVerifier()];
  const url = new URL(page);
  url.hash = '';
  const parameters: readonly (readonly [string, string])[] = [
    ['response_type', 'code'],
    ['client_id', client.clientId],
    ['redirect_uri', redirectUri],
    ['code_challenge', await calculatePKCECodeChallenge(verifier)],
    ['code_challenge_method', 'S256'],
    ['state', state],
    ['resource', found.resource],
    ...(purpose.scopes.length === 0 ? [] : [['scope', purpose.scopes.join(' ')] as const]),
    ...(needsConsentPrompt(purpose.scopes) ? [['prompt', 'consent'] as const] : []),
    ...(dpop === undefined ? [] : [['dpop_jkt', await dpop.handle.calculateThumbprint()] as const]),
  ];
  // What the endpoint brings along must not stand in for ours.
  for (const [name, value] of parameters) url.searchParams.set(name, value);
  if (url.href.length > MAX_URL) throw problem('unsafe-url', 'the address of the sign-in is too long');
  return { url: url.href, state, verifier };
}
