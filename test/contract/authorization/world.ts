/** A protected server, its authorization server, and authorizers that play the windows of one editor. */

import assert from 'node:assert/strict';

import { Authorizer } from '../../../src/authorization/authorizer';
import type {
  AuthorizationHost,
  AuthorizationSettings,
  HeaderFields,
  SignedIn,
} from '../../../src/authorization/contract';
import type { Failure } from '../../../src/protocol/failure';
import { HttpClient } from '../../../src/transport/http/httpClient';
import { readBody } from '../../../src/transport/http/bodies';
import { claimsOf, EvilAs, jktOf, type EvilModes } from '../../support/evilAs';
import { FakeClock } from '../../support/fakeClock';
import { headlessSignIn, type HeadlessSignIn } from '../../support/headlessSignIn';
import { json, ScriptedHttp, type HttpExchange } from '../../support/scriptedHttp';
import { DIRECT } from '../../support/directNetwork';

/** What the protected server does; a correct one unless changed. */
interface ResourceModes {
  path: string;
  /** False for a server of the first revision. */
  hasMetadata?: boolean;
  /** What its own token endpoint says to an empty request; it has none unless this is given. */
  tokenError?: string;
  metadata?: (fields: Record<string, unknown>, exchange: HttpExchange) => unknown;
  metadataPath?: string;
  /** The challenge without its scheme; undefined sends none. */
  challenge?: string | undefined;
  scheme?: string;
  /** Answers whatever is asked for, before all others, when it returns true. */
  first?: (exchange: HttpExchange) => boolean;
  /** Answers by itself when it returns true. */
  refuse?: (exchange: HttpExchange) => boolean;
  /** Scopes that a call needs. */
  needs?: readonly string[];
  dpopNonce?: string;
}

/** The store and the lock that all windows share. */
class SharedStore {
  record: string | undefined;
  failing: 'load' | 'save' | 'one save' | undefined;
  private last: Promise<unknown> = Promise.resolve();

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.last.then(work);
    this.last = run.catch(() => undefined);
    return run;
  }
}

/** One window. */
export interface Window {
  readonly authorizer: Authorizer;
  readonly browser: HeadlessSignIn;
  readonly accounts: (SignedIn | undefined)[];
  /** What must not be quoted. */
  readonly held: string[];
  /** How often requests went on with another token, or with none. */
  readonly switches: () => number;
}

export class AuthWorld {
  readonly clock = new FakeClock();
  readonly store = new SharedStore();
  readonly client: HttpClient;
  readonly modes: ResourceModes = { path: '/mcp' };
  readonly signal = new AbortController().signal;
  /** Header fields that requests to the server left with. */
  readonly sent: HeaderFields[] = [];
  resource!: ScriptedHttp;

  private constructor(
    readonly as: EvilAs,
    readonly second: EvilAs,
  ) {
    this.client = new HttpClient(DIRECT, this.clock);
  }

  static async open(modes: EvilModes = {}): Promise<AuthWorld> {
    const world = new AuthWorld(await EvilAs.start(modes), await EvilAs.start({}, 'other'));
    world.resource = await ScriptedHttp.start((exchange) => world.serve(exchange));
    return world;
  }

  /** Runs a test in a world of its own. */
  static async with(use: (world: AuthWorld) => Promise<void>, modes: EvilModes = {}): Promise<void> {
    const world = await AuthWorld.open(modes);
    try {
      await use(world);
    } finally {
      await world.close();
    }
  }

  get url(): URL {
    return new URL(this.resource.origin + this.modes.path);
  }

  window(settings: AuthorizationSettings = {}, change: Partial<AuthorizationHost> = {}): Window {
    const browser = headlessSignIn();
    const accounts: (SignedIn | undefined)[] = [];
    const held: string[] = [];
    const { store } = this;
    const host: AuthorizationHost = {
      load: () =>
        store.failing === 'load' ? Promise.reject(new Error('locked')) : Promise.resolve(store.record),
      save: (record) => {
        const { failing } = store;
        if (failing === 'one save') store.failing = undefined;
        if (failing === 'save' || failing === 'one save') return Promise.reject(new Error('locked'));
        store.record = record;
        return Promise.resolve();
      },
      exclusively: (work) => store.exclusively(work),
      beginSignIn: browser.beginSignIn,
      openSignIn: browser.openSignIn,
      signedIn: (account) => void accounts.push(account),
      holds: (_, values) => void held.push(...values),
      ...change,
    };
    const { url: serverUrl, client: http, clock } = this;
    let switches = 0;
    const onTokens = (): void => {
      switches++;
    };
    const authorizer = new Authorizer({ serverUrl, settings, http, host, clock, onTokens });
    return { authorizer, browser, accounts, held, switches: () => switches };
  }

  /** One call to the server, as a transport makes it. */
  async call(
    { authorizer }: Pick<Window, 'authorizer'>,
    tool?: string,
    // Each call has a signal of its own.
    { signal } = new AbortController(),
  ): Promise<'done' | Failure> {
    const { url } = this;
    let widenings = 0;
    for (let attempt = 1; attempt < 12; attempt++) {
      const used = await authorizer.headersFor({ method: 'POST', url }, signal);
      this.sent.push(used);
      const reply = await this.client.send({
        method: 'POST',
        url,
        headers: Object.fromEntries(used),
        body: JSON.stringify(tool === undefined ? {} : { tool }),
        signal,
      });
      await readBody(reply, 100_000);
      const { status, headers } = reply;
      authorizer.noted(headers);
      if (status !== 401 && status !== 403) return 'done';
      const next = await authorizer.challenged(
        {
          status,
          headers,
          used,
          attempt,
          ...(status === 403 ? { widenings: ++widenings } : {}),
          ...(tool === undefined ? {} : { tool }),
        },
        signal,
      );
      if (next !== 'retry') return next;
    }
    assert.fail('the call never ends');
  }

  /** A call that has to end with a failure of authorization. */
  async refused(window: Window): Promise<Extract<Failure, { code: 'authorization' }>> {
    const failure = await this.call(window);
    assert.ok(failure !== 'done' && failure.code === 'authorization', JSON.stringify(failure));
    return failure;
  }

  /** Calls that the server answered, by status. */
  get calls(): number[] {
    return this.resource.exchanges
      .filter(({ path, method }) => method === 'POST' && path === this.modes.path)
      .map(({ response }) => response.statusCode);
  }

  async close(): Promise<void> {
    this.client.close();
    await Promise.all([this.resource.stop(), this.as.http.stop(), this.second.http.stop()]);
    assert.equal(this.clock.waiting, 0, 'no timer is left');
  }

  private serve(exchange: HttpExchange): void {
    const { modes } = this;
    const well = '/.well-known/oauth-protected-resource';
    const metadataPath = modes.metadataPath ?? `${well}${modes.path === '/' ? '' : modes.path}`;
    if (modes.first?.(exchange) === true) return;
    if (exchange.path === metadataPath && modes.hasMetadata !== false) this.describe(exchange);
    else if (exchange.path === '/token' && modes.tokenError !== undefined)
      json(exchange, 400, { error: modes.tokenError });
    else if (exchange.path !== modes.path) json(exchange, 404, {});
    else if (modes.refuse?.(exchange) === true) return;
    else this.protect(exchange);
  }

  private describe(exchange: HttpExchange): void {
    const fields = { resource: this.url.href, authorization_servers: [this.as.issuer] };
    if (this.modes.metadata?.(fields, exchange) !== 'done') json(exchange, 200, fields);
  }

  private protect(exchange: HttpExchange): void {
    const { modes } = this;
    const [scheme = '', token = ''] = (exchange.headers.authorization ?? '').split(' ');
    const granted = this.as.granted.get(token) ?? this.second.granted.get(token);
    const proof = exchange.headers['dpop'];
    if (!granted || (granted.jkt !== undefined && scheme !== 'DPoP')) {
      this.challenge(exchange, 401, modes.challenge);
    } else if (granted.jkt !== undefined && (typeof proof !== 'string' || jktOf(proof) !== granted.jkt)) {
      this.challenge(exchange, 401, 'error="invalid_dpop_proof"');
    } else if (modes.dpopNonce !== undefined && claimsOf(String(proof))['nonce'] !== modes.dpopNonce) {
      exchange.response.setHeader('dpop-nonce', modes.dpopNonce);
      this.challenge(exchange, 401, 'error="use_dpop_nonce"');
    } else if (modes.needs?.some((scope) => !granted.scopes.includes(scope)) === true) {
      this.challenge(exchange, 403, `error="insufficient_scope", scope="${modes.needs.join(' ')}"`);
    } else json(exchange, 200, {});
  }

  private challenge(exchange: HttpExchange, status: number, parameters: string | undefined): void {
    const value = `${this.modes.scheme ?? 'Bearer'} ${parameters ?? ''}`.trim();
    const headers =
      parameters === undefined && this.modes.scheme === undefined ? {} : { 'www-authenticate': value };
    json(exchange, status, {}, headers);
  }
}
