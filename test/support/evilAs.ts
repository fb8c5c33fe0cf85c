/**
 * An authorization server that a test can make evil field by field. Left alone it is strict and correct: it checks PKCE, redirect
 * addresses, client authentication and proofs, and rotates refresh tokens.
 */

import { createHash } from 'node:crypto';

import type { JsonObject, JsonValue } from '../../src/base/json';
import { json, ScriptedHttp, type HttpExchange } from './scriptedHttp';

type Fields = Record<string, JsonValue | undefined>;

/** What may be different from a correct server; each may change the fields, or answer by itself and return `'done'`. */
export interface EvilModes {
  /** Path of the issuer, as `/tenant1`. */
  issuerPath?: string;
  metadata?: (fields: Fields, exchange: HttpExchange) => unknown;
  /** Before anything is checked. */
  tokenRequest?: (form: URLSearchParams, exchange: HttpExchange) => unknown;
  /** Of a request that was good. */
  tokenAnswer?: (fields: Fields, exchange: HttpExchange) => unknown;
  register?: (fields: Fields, exchange: HttpExchange) => unknown;
  /** Where the browser is sent back to. */
  callback?: (url: URL, asked: URLSearchParams) => void;
  /** The nonce that proofs must have. */
  dpopNonce?: string;
  /** Answers paths that it does not know itself. */
  other?: (exchange: HttpExchange) => void;
  /** Metadata are served at these paths only. */
  metadataPaths?: readonly string[];
}

/** An access token that was given out. */
export interface Granted {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly resource: string | null;
  readonly jkt?: string;
}

interface Client {
  readonly secret?: string;
  readonly redirectUris: readonly string[];
}

interface Code {
  readonly asked: URLSearchParams;
}

export class EvilAs {
  readonly clients = new Map<string, Client>();
  readonly granted = new Map<string, Granted>();
  readonly refreshTokens = new Map<string, Granted>();
  readonly revoked: string[] = [];
  private readonly codes = new Map<string, Code>();
  private next = 1;

  private constructor(
    readonly http: ScriptedHttp,
    readonly name: string,
    readonly modes: EvilModes,
  ) {}

  static async start(modes: EvilModes = {}, name = 'as'): Promise<EvilAs> {
    const http = await ScriptedHttp.start((exchange) => as.take(exchange));
    const as = new EvilAs(http, name, modes);
    return as;
  }

  get issuer(): string {
    return this.http.origin + (this.modes.issuerPath ?? '');
  }

  /** Token requests so far, of one grant or of all. */
  tokenRequests(grant?: string): URLSearchParams[] {
    return this.http.exchanges
      .filter(({ path }) => path === '/token')
      .map(({ text }) => new URLSearchParams(text))
      .filter((form) => grant === undefined || form.get('grant_type') === grant);
  }

  /** Paths that were asked for, in order. */
  get paths(): string[] {
    return this.http.exchanges.map(({ path }) => path.split('?')[0] ?? '');
  }

  private async take(exchange: HttpExchange): Promise<void> {
    const url = new URL(exchange.path, this.http.origin);
    const places = this.modes.metadataPaths ?? [
      `/.well-known/oauth-authorization-server${this.modes.issuerPath ?? ''}`,
    ];
    if (places.includes(url.pathname)) this.describe(exchange);
    else if (url.pathname === '/authorize') this.authorize(url, exchange);
    else if (url.pathname === '/token') await this.token(exchange);
    else if (url.pathname === '/register') this.register(exchange);
    else if (url.pathname === '/revoke') {
      this.revoked.push(new URLSearchParams(exchange.text).get('token') ?? '');
      exchange.response.writeHead(200).end();
    } else if (this.modes.other) this.modes.other(exchange);
    else json(exchange, 404, { error: 'nothing here' });
  }

  private describe(exchange: HttpExchange): void {
    const { origin } = this.http;
    const fields: Fields = {
      issuer: this.issuer,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      revocation_endpoint: `${origin}/revoke`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['none'],
    };
    if (this.modes.metadata?.(fields, exchange) !== 'done') json(exchange, 200, fields);
  }

  private register(exchange: HttpExchange): void {
    const asked = exchange.body as JsonObject;
    const clientId = `${this.name}-client-${this.next++}`;
    const fields: Fields = { ...asked, client_id: clientId };
    if (asked['token_endpoint_auth_method'] !== 'none') {
      fields['client_secret'] = `secret-of-${clientId}`;
      fields['client_secret_expires_at'] = 0;
    }
    if (this.modes.register?.(fields, exchange) === 'done') return;
    const secret = fields['client_secret'];
    this.clients.set(textOf(fields['client_id']), {
      redirectUris: asked['redirect_uris'] as string[],
      ...(typeof secret === 'string' ? { secret } : {}),
    });
    json(exchange, 201, fields);
  }

  private authorize(url: URL, { response }: HttpExchange): void {
    const asked = url.searchParams;
    const back = new URL(asked.get('redirect_uri') ?? 'http://nowhere.invalid/');
    const code = `code-${this.next++}`;
    this.codes.set(code, { asked });
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    this.modes.callback?.(back, asked);
    response.writeHead(302, { location: back.href }).end();
  }

  private async token(exchange: HttpExchange): Promise<void> {
    const form = new URLSearchParams(exchange.text);
    if ((await this.modes.tokenRequest?.(form, exchange)) === 'done') return;
    const proof = exchange.headers['dpop'];
    const claims = typeof proof === 'string' ? claimsOf(proof) : undefined;
    if (claims && this.modes.dpopNonce !== undefined && claims['nonce'] !== this.modes.dpopNonce) {
      json(exchange, 400, { error: 'use_dpop_nonce' }, { 'dpop-nonce': this.modes.dpopNonce });
      return;
    }
    const client = this.clientOf(form, exchange);
    if (client === undefined) {
      json(exchange, 401, { error: 'invalid_client' }, { 'www-authenticate': 'Basic realm="as"' });
      return;
    }
    const grant = this.grant(form, client);
    if (grant === undefined)
      json(exchange, 400, { error: 'invalid_grant', error_description: 'no such grant' });
    else this.give(grant, typeof proof === 'string' ? jktOf(proof) : undefined, exchange);
  }

  private give(grant: Granted, jkt: string | undefined, exchange: HttpExchange): void {
    const bound: Granted = { ...grant, ...(jkt === undefined ? {} : { jkt }) };
    const [access, refresh] = [`at-${this.name}-${this.next++}`, `rt-${this.name}-${this.next++}`];
    const fields: Fields = {
      access_token: access,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: 3_600,
      refresh_token: refresh,
      ...(grant.scopes.length === 0 ? {} : { scope: grant.scopes.join(' ') }),
    };
    if (this.modes.tokenAnswer?.(fields, exchange) === 'done') return;
    this.granted.set(textOf(fields['access_token']), bound);
    if (typeof fields['refresh_token'] === 'string') this.refreshTokens.set(fields['refresh_token'], bound);
    json(exchange, 200, fields);
  }

  private grant(form: URLSearchParams, clientId: string): Granted | undefined {
    const scopes = (form.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
    switch (form.get('grant_type')) {
      case 'authorization_code': {
        const code = this.codes.get(form.get('code') ?? '');
        this.codes.delete(form.get('code') ?? '');
        if (!code || !isPkceGood(code, form) || code.asked.get('client_id') !== clientId) return undefined;
        if (code.asked.get('redirect_uri') !== form.get('redirect_uri')) return undefined;
        const asked = (code.asked.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
        return { clientId, scopes: asked, resource: form.get('resource') };
      }
      case 'refresh_token': {
        const token = form.get('refresh_token') ?? '';
        const known = this.refreshTokens.get(token);
        this.refreshTokens.delete(token);
        return known?.clientId === clientId ? known : undefined;
      }
      default:
        return { clientId, scopes, resource: form.get('resource') };
    }
  }

  /** The client that a token request comes from, or undefined when it cannot prove that. */
  private clientOf(form: URLSearchParams, { headers }: HttpExchange): string | undefined {
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const [id, secret] =
      basic === undefined
        ? [form.get('client_id') ?? '', form.get('client_secret') ?? undefined]
        : Buffer.from(basic, 'base64').toString('utf8').split(':').map(decodeURIComponent);
    const known = this.clients.get(id ?? '');
    if (form.has('client_assertion') || (form.has('assertion') && id === '')) return id;
    return known && known.secret === secret ? id : undefined;
  }
}

/** A field of a token answer as text. */
export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isPkceGood({ asked }: Code, form: URLSearchParams): boolean {
  const digest = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  return asked.get('code_challenge_method') === 'S256' && asked.get('code_challenge') === digest;
}

/** Claims of a JWT, unchecked. */
export function claimsOf(jwt: string): JsonObject {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8')) as JsonObject;
}

/** Header of a JWT, unchecked. */
export function headerOf(jwt: string): JsonObject {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString('utf8')) as JsonObject;
}

/** Thumbprint of the key that a proof was made with (RFC 7638). */
export function jktOf(proof: string): string {
  const { crv, kty, x, y } = headerOf(proof)['jwk'] as JsonObject;
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
}
