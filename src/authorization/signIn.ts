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
import { withClient, without, type StoredClient } from './record';
import { checkAsked, needsConsentPrompt } from './scopes';
import type { TokenRequest } from './tokenEndpoint';
import { safeUrl } from './urls';

const MAX_URL = 8_192;
/** How long a "no" holds for the same scopes (SEC8). */
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
  private denied: { readonly what: string; readonly at: number } | undefined;

  constructor(private readonly context: FlowContext) {}

  /**
   * Asks, signs in, stores.
   * @throws FailureError `sign-in-needed`, `sign-in-denied`, `authorization`, or of the network
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
    const page = safeUrl(found.issuer.as.authorization_endpoint ?? '', 'authorization_endpoint');
    clients.without(found.issuer, await store.read());
    const { ticket, redirectUri } = await this.ask(found, purpose, signal);
    const record = await store.read();
    const client = await clients.forSignIn(found.issuer, record, redirectUri, signal);
    const isOld = record.clients.includes(client);
    if (client.kind === 'dynamic' && !isOld) await store.change((now) => withClient(now, client), signal);
    try {
      await this.visit(page, { client, redirectUri, found, purpose }, ticket, signal);
      return 'done';
    } catch (error) {
      const forgotten = isOld && client.kind === 'dynamic' ? isForgetful(error, purpose) : 'no';
      if (forgotten !== 'no') await store.change((now) => without(now, client), signal);
      if (forgotten === 'surely') return 'forgotten';
      throw error;
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
    if (reply.kind === 'dismissed') throw needed(found, purpose);
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
        await store.write(withTokens(this.context, await store.reload(), answer, holder));
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
    signal: AbortSignal,
  ): Promise<{ readonly ticket: string; readonly redirectUri: string }> {
    const { clock, host } = this.context;
    const what = JSON.stringify([found.issuer.as.issuer, found.resource, [...purpose.scopes].sort()]);
    if (this.denied?.what === what && clock.monotonic() - this.denied.at < DENIED_MS)
      throw new FailureError({ code: 'sign-in-denied' });
    const grant = await host.beginSignIn(requestOf(found, purpose), signal);
    switch (grant.kind) {
      case 'begin':
        return grant;
      case 'later':
        throw needed(found, purpose);
      case 'denied':
        this.denied = { what, at: clock.monotonic() };
        throw new FailureError({ code: 'sign-in-denied' });
    }
  }
}

/**
 * Whether a sign-in with an earlier registration failed because that one is gone. An authorization server shows a page of its own to
 * whom it does not know, so that all that is seen here is a person who gives up.
 */
function isForgetful(error: unknown, { reason }: SignInPurpose): 'surely' | 'perhaps' | 'no' {
  if (error instanceof TokenRefusedError && error.error === 'invalid_client') return 'surely';
  const gaveUp = error instanceof FailureError && error.failure.code === 'sign-in-needed';
  // The tokens that a step-up starts from need their client still.
  return gaveUp && reason !== 'more-scopes' ? 'perhaps' : 'no';
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

function needed(found: Discovered, { scopes }: SignInPurpose): FailureError {
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
