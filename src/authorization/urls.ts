/** Which URLs of servers may be used, and how a resource is named. Pure. */

import { isLoopback } from '../base/loopback';
import { literalAddress } from '../transport/http/address';
import { problem } from './problem';

const MAX_URL = 8_192;
/** RFC 3986: everything else, a quotation mark or a backslash, has to be escaped in a URL that means well. */
const URL_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/;
const HOST_NAME = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/;

/**
 * A URL that a server names and this host is going to use: https, or http to this machine (AUTH17, AUTH23, T079).
 * @param what is named in the failure, as `token_endpoint`.
 * @throws FailureError `authorization` / `unsafe-url`
 */
export function safeUrl(text: string, what: string): URL {
  if (text.length > MAX_URL) throw problem('unsafe-url', `${what} is too long`);
  if (!URL_CHARACTERS.test(text) || !URL.canParse(text))
    throw problem('unsafe-url', `${what} is not a web address`);
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw problem('unsafe-url', `${what} is not a web address`);
  if (url.username !== '' || url.password !== '') throw problem('unsafe-url', `${what} holds a user name`);
  if (!HOST_NAME.test(url.hostname) && literalAddress(url.hostname) === undefined)
    throw problem('unsafe-url', `${what} names no proper host`);
  if (!isSecure(url)) throw problem('unsafe-url', `${what} is not https`);
  return url;
}

/** True for https, and for http that does not leave this machine. */
export function isSecure(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** True for two redirects of which one may stand for the other: on this machine's own address any port will do (RFC 8252 §7.3). */
export function isSameRedirect(registered: string, wanted: string): boolean {
  return registered === wanted || withoutPort(registered) === withoutPort(wanted);
}

function withoutPort(redirect: string): string {
  const url = URL.canParse(redirect) ? new URL(redirect) : undefined;
  const isOwn = url?.protocol === 'http:' && literalAddress(url.hostname) !== undefined && isSecure(url);
  if (!url || !isOwn) return redirect;
  url.port = '';
  return url.href;
}

/**
 * The canonical URI of a server that publishes none (AUTH13, RFC 8707 §2): without fragment, without the query, which may hold
 * keys, and without a slash that nobody wrote.
 */
export function canonicalResource(serverUrl: URL): string {
  return serverUrl.pathname === '/' ? serverUrl.origin : `${serverUrl.origin}${serverUrl.pathname}`;
}

/** True when `resource` is the server's URL or a parent path of it, on the same origin (T082). */
export function coversServer(resource: string, serverUrl: URL): boolean {
  if (resource.length > MAX_URL || !URL.canParse(resource)) return false;
  const url = new URL(resource);
  if (url.origin !== serverUrl.origin || url.username !== '' || url.password !== '' || resource.includes('#'))
    return false;
  if (url.search !== '' && url.search !== serverUrl.search) return false;
  const [parent, path] = [withSlash(url.pathname), withSlash(serverUrl.pathname)];
  return path.startsWith(parent);
}

function withSlash(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}

/** `/.well-known/<name>` put before the path of a URL (RFC 8414 §3, RFC 9728 §3). */
export function insertWellKnown(base: URL, name: string): URL {
  const url = new URL(base.origin);
  url.pathname = `/.well-known/${name}${base.pathname === '/' ? '' : base.pathname.replace(/\/$/, '')}`;
  return url;
}

/** `/.well-known/<name>` put behind the path of a URL (OpenID Connect Discovery §4). */
export function appendWellKnown(base: URL, name: string): URL {
  const url = new URL(base.origin);
  url.pathname = `${base.pathname.replace(/\/$/, '')}/.well-known/${name}`;
  return url;
}
