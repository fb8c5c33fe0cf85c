/** Signs in without a browser: fetches the authorization page with redirects off, and takes where it would lead. */

import type { AuthorizationHost, SignInRequest } from '../../src/authorization/contract';

/** A page that was opened. */
export interface OpenedPage {
  readonly ticket: string;
  readonly url: URL;
  readonly state: string;
}

export interface HeadlessSignIn extends Pick<AuthorizationHost, 'beginSignIn' | 'openSignIn'> {
  /** What was asked. */
  readonly asked: SignInRequest[];
  readonly opened: OpenedPage[];
}

/** Says yes to every sign-in. */
export function headlessSignIn(redirectUri = 'http://127.0.0.1:33999/callback'): HeadlessSignIn {
  const asked: SignInRequest[] = [];
  const opened: OpenedPage[] = [];
  return {
    asked,
    opened,
    beginSignIn: (request) => {
      asked.push(request);
      return Promise.resolve({ kind: 'begin', ticket: `ticket-${asked.length}`, redirectUri });
    },
    openSignIn: async (ticket, url, state, signal) => {
      opened.push({ ticket, url: new URL(url), state });
      const answer = await fetch(url, { redirect: 'manual', signal });
      await answer.text();
      const location = answer.headers.get('location');
      return location === null ? { kind: 'dismissed' } : { kind: 'callback', url: location };
    },
  };
}
