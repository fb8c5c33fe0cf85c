/** What a person is told before a browser opens to sign in (T079, T092). Names of servers and rights are foreign text. */

import type { ConsentSubject } from '../host/consentQueue';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import type { Detail } from './approvalDetail';
import { joinSafe } from './consentTexts';

export type SignInQuestion = Extract<ConsentSubject, { kind: 'sign-in' }>;

/** Rights that are named: all that a sane server asks for. More are counted. */
const MAX_SCOPES = 200;

/** Host, with its port, of the authorization server. */
export function issuerHost(issuer: string): SafeText {
  return URL.canParse(issuer) ? safeText(new URL(issuer).host, 300) : safe`an unknown place`;
}

/** Why it is asked, in our own words. */
export function signInReason({ request }: SignInQuestion): SafeText {
  switch (request.reason) {
    case 'sign-in':
      return safe`the server wants to know who you are`;
    case 'expired':
      return safe`your sign-in has ended`;
    case 'more-scopes':
      return safe`what you signed in for is not enough`;
  }
}

/** The rows below an entry. */
export function signInDetails(question: SignInQuestion): readonly Detail[] {
  const { request, host } = question;
  return [
    { label: safe`Server`, value: safeText(host, LABEL_LENGTH), icon: { id: 'server' } },
    { label: safe`Signs in at`, value: issuerHost(request.issuer), icon: { id: 'globe' } },
    { label: safe`Asks for`, value: scopesText(request.scopes), icon: { id: 'key' } },
    ...(request.newScopes === undefined || request.newScopes.length === 0
      ? []
      : [{ label: safe`New`, value: scopesText(request.newScopes), icon: { id: 'add' } }]),
    ...(request.tool === undefined
      ? []
      : [{ label: safe`For the tool`, value: safeText(request.tool, LABEL_LENGTH), icon: { id: 'tools' } }]),
    ...(request.guessed === true
      ? [
          {
            label: safe`Guessed`,
            value: safe`the server does not say where to sign in; this is where the first revision puts it`,
            icon: { id: 'warning', color: 'problemsWarningIcon.foreground' },
          },
        ]
      : []),
    { label: safe`Why`, value: signInReason(question), icon: { id: 'history' } },
  ];
}

/** The same, line by line, for a dialog. */
export function signInLines(question: SignInQuestion): readonly SafeText[] {
  return signInDetails(question).map(({ label, value }) => safe`${label}: ${value}`);
}

function scopesText(scopes: readonly string[]): SafeText {
  if (scopes.length === 0) return safe`nothing in particular`;
  const named = scopes.slice(0, MAX_SCOPES).map((scope) => safeText(scope, 100));
  const more = scopes.length - named.length;
  const text = joinSafe(named, safe`, `);
  return more === 0 ? text : safe`${text} and ${more} more`;
}
