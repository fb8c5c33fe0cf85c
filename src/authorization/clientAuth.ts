/** How this host proves at a token endpoint who it is (RFC 6749 §2.3, RFC 7523 §2.2). */

import { createPrivateKey, type webcrypto } from 'node:crypto';

import {
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  type AuthorizationServer,
  type ClientAuth,
} from 'oauth4webapi';

import type { AuthorizationSettings } from './contract';
import { problem } from './problem';
import type { AuthMethod } from './record';

/** A client, and how it authenticates, at one authorization server. */
export interface Party {
  readonly as: AuthorizationServer;
  readonly client: { readonly client_id: string };
  readonly auth: ClientAuth;
}

/** What a client can prove itself with. */
interface ClientProof {
  readonly secret?: string | undefined;
  readonly privateKey?: AuthorizationSettings['privateKey'] | undefined;
}

/** The best method that both sides can do; RFC 8414 §2 makes `client_secret_basic` the default. */
export function chooseMethod(
  supported: readonly string[] | undefined,
  { secret, privateKey }: ClientProof,
): AuthMethod {
  const offers = (method: AuthMethod): boolean => supported?.includes(method) ?? true;
  if (privateKey !== undefined && (offers('private_key_jwt') || secret === undefined))
    return 'private_key_jwt';
  if (secret === undefined) return 'none';
  if (offers('client_secret_basic')) return 'client_secret_basic';
  return offers('client_secret_post') ? 'client_secret_post' : 'none';
}

/**
 * Of what the settings hold: a secret is of no use where only a key is taken, and is not sent there.
 * @throws FailureError `authorization` / `settings-incomplete`
 */
export function requireTaken(
  supported: readonly string[] | undefined,
  { secret, privateKey }: ClientProof,
): void {
  if (secret === undefined || privateKey !== undefined || !supported?.includes('private_key_jwt')) return;
  if (supported.some((method) => WITHOUT_KEY.includes(method))) return;
  throw problem(
    'settings-incomplete',
    'the authorization server takes no client secret but a private key; set it as "privateKey" under "oauth" in its entry',
  );
}

const WITHOUT_KEY: readonly string[] = ['none', 'client_secret_basic', 'client_secret_post'];

/** @throws FailureError `authorization` / `settings-incomplete` when the proof for the method is missing. */
export async function clientAuth(method: AuthMethod, proof: ClientProof): Promise<ClientAuth> {
  switch (method) {
    case 'none':
      return None();
    case 'client_secret_basic':
      return clientSecretBasic(required(proof.secret, 'a client secret is missing'));
    case 'client_secret_post':
      return ClientSecretPost(required(proof.secret, 'a client secret is missing'));
    case 'private_key_jwt': {
      const { pem, algorithm } = required(proof.privateKey, 'a private key is missing');
      return PrivateKeyJwt(await importKey(pem, algorithm), {
        [modifyAssertion]: (header) => {
          header['alg'] = algorithm;
        },
      });
    }
  }
}

/**
 * The library escapes `-`, `.` and `_` too, which form encoding leaves alone and which servers that forget to decode then take
 * for a part of the name.
 */
function clientSecretBasic(secret: string): ClientAuth {
  return (_as, { client_id: id }, _body, headers) => {
    const credentials = Buffer.from(`${formEncoded(id)}:${formEncoded(secret)}`).toString('base64');
    headers.set('authorization', `Basic ${credentials}`);
  };
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1).replaceAll('+', '%20');
}

async function importKey(pem: string, algorithm: string): Promise<webcrypto.CryptoKey> {
  const bits = algorithm.slice(2);
  const curve = CURVES.get(algorithm);
  const kind =
    curve !== undefined
      ? { name: 'ECDSA', namedCurve: curve }
      : /^[RP]S(?:256|384|512)$/.test(algorithm)
        ? { name: algorithm.startsWith('R') ? 'RSASSA-PKCS1-v1_5' : 'RSA-PSS', hash: `SHA-${bits}` }
        : algorithm === 'EdDSA' || algorithm === 'Ed25519'
          ? { name: 'Ed25519' }
          : undefined;
  if (!kind) throw problem('settings-incomplete', 'the algorithm of the private key is not known');
  try {
    const der = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
    return await crypto.subtle.importKey('pkcs8', new Uint8Array(der), kind, false, ['sign']);
  } catch {
    // The reason may quote the key.
    throw problem('settings-incomplete', 'the private key cannot be read, or is not one of its algorithm');
  }
}

const CURVES: ReadonlyMap<string, string> = new Map([
  ['ES256', 'P-256'],
  ['ES384', 'P-384'],
  ['ES512', 'P-521'],
]);

function required<T>(value: T | undefined, detail: string): T {
  if (value === undefined) throw problem('settings-incomplete', detail);
  return value;
}
