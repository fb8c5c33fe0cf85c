/** Which redirects are followed: within the origin, a few, and never with another method (T067). */

import type { RedirectRefusal } from '../../protocol/failure';

/** A redirect that is not followed. */
export class RedirectError extends Error {
  override readonly name = 'RedirectError';

  constructor(
    readonly reason: RedirectRefusal,
    /** The origin it leads to, when it names one; for `method` the whole place, but for its query. */
    readonly to?: string,
  ) {
    super(reason);
  }
}

/**
 * Where a request goes on, or undefined when the answer is none of these redirects.
 * A 307 or 308 says that nothing was done and asks for the very same request, so within the origin a POST may follow it.
 * @throws RedirectError
 */
export function nextHop(
  method: string,
  from: URL,
  status: number,
  location: string | undefined,
  hasHopsLeft: boolean,
): URL | undefined {
  const keepsMethod = status === 307 || status === 308;
  if (!keepsMethod && status !== 301 && status !== 302 && status !== 303) return undefined;
  if (location === undefined || !URL.canParse(location, from.href)) throw new RedirectError('no-location');
  const to = new URL(location, from.href);
  // Another scheme or port is another origin, so neither header nor body ever goes from https to http.
  if (to.origin !== from.origin || to.username !== '' || to.password !== '')
    throw new RedirectError('other-origin', originOf(to));
  if (!keepsMethod && method !== 'GET') throw new RedirectError('method', to.origin + to.pathname);
  if (!hasHopsLeft) throw new RedirectError('too-many', to.origin);
  return to;
}

/** Where an address leads, for a person; undefined for one that no request can go to, as `javascript:`. */
export function originOf({ origin }: URL): string | undefined {
  return origin === 'null' ? undefined : origin;
}
