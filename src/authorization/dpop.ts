/** The key that tokens are bound to, and proofs of holding it (RFC 9449). */

import type { webcrypto } from 'node:crypto';

import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  generateKeyPair,
  modifyAssertion,
  protectedResourceRequest,
  type DPoPHandle,
} from 'oauth4webapi';

import type { JsonObject } from '../base/json';
import { isLoopback } from '../base/loopback';
import type { AuthorizedRequest, HeaderFields } from './contract';

/** The one algorithm that RFC 9449's users all support. */
const ALGORITHM = 'ES256';
const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export class DpopKey {
  /** For the authorization server; it remembers the nonces of each origin. */
  readonly handle: DPoPHandle;

  private constructor(
    private readonly keys: webcrypto.CryptoKeyPair,
    /** The private key, to be stored as a secret. */
    readonly jwk: JsonObject,
  ) {
    this.handle = DPoP({}, keys);
  }

  static async create(): Promise<DpopKey> {
    const keys = await generateKeyPair(ALGORITHM, { extractable: true });
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', keys.privateKey);
    return new DpopKey(keys, { kty, crv, x, y, d });
  }

  /** The key of a JWK that {@link jwk} gave, or undefined when it is none. */
  static async restore(jwk: JsonObject): Promise<DpopKey | undefined> {
    const { d: _, ...open } = jwk;
    try {
      const publicKey = await crypto.subtle.importKey('jwk', open, CURVE, true, ['verify']);
      const privateKey = await crypto.subtle.importKey('jwk', jwk, CURVE, true, ['sign']);
      return new DpopKey({ publicKey, privateKey }, jwk);
    } catch {
      return undefined; // A key that cannot be read is replaced; tokens bound to it will be refused and renewed.
    }
  }

  /** Header fields of one request: the token, and a fresh proof for it. */
  async fields(
    request: AuthorizedRequest,
    accessToken: string,
    nonce: string | undefined,
  ): Promise<HeaderFields> {
    const handle = DPoP({}, this.keys, {
      [modifyAssertion]: (_header, payload) => {
        if (nonce !== undefined) payload['nonce'] = nonce;
      },
    });
    let fields: HeaderFields = [];
    // The library makes proofs only for requests of its own; this one it does not get to send.
    await protectedResourceRequest(accessToken, request.method, request.url, new Headers(), null, {
      DPoP: handle,
      [allowInsecureRequests]: request.url.protocol === 'http:' && isLoopback(request.url.hostname),
      [customFetch]: (_url, { headers }) => {
        fields = [
          ['authorization', headers['authorization'] ?? ''],
          ['dpop', headers['dpop'] ?? ''],
        ];
        return Promise.resolve(new Response(null));
      },
    });
    return fields;
  }
}

/** A nonce that may be sent back (RFC 9449 §8.1). */
export function readNonce(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' && /^[\x21\x23-\x5b\x5d-\x7e]{1,1024}$/.test(value) ? value : undefined;
}

/** The nonce inside a proof of our own. */
export function nonceOfProof(proof: string): string | undefined {
  const [, payload = ''] = proof.split('.');
  const { nonce } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
    readonly nonce?: unknown;
  };
  return typeof nonce === 'string' ? nonce : undefined;
}
