/** What a person is told before a browser opens to sign in (T079, T092). Names of servers and rights are foreign text. */

import type { ConsentSubject } from '../host/consentQueue';
import { exactText, LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import type { Detail } from './approvalDetail';
import { joinSafe } from './consentTexts';

/** A question whether to sign in. */
export type SignInQuestion = Extract<ConsentSubject, { kind: 'sign-in' }>;

/** Rights that a dialog has the room for; more, or longer ones, are put into a list that scrolls. */
const MAX_IN_DIALOG = 12;
const MAX_CHARACTERS = 600;

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

/** Every right, whole (T092): those that are new, and all of them. */
interface SignInRights {
  readonly added: readonly SafeText[];
  readonly all: readonly SafeText[];
}

/** The rights that are asked for. */
export function signInRights({ request }: SignInQuestion): SignInRights {
  return { added: (request.newScopes ?? []).map(exactText), all: request.scopes.map(exactText) };
}

/** True when all that is asked for can be seen in a dialog, which does not scroll. */
export function fitsDialog(question: SignInQuestion): boolean {
  const { added, all } = signInRights(question);
  const shown = [...added, ...all];
  return shown.length <= MAX_IN_DIALOG && joinSafe(shown, safe`, `).length <= MAX_CHARACTERS;
}

/** The rows below an entry: one for each right. */
export function signInDetails(question: SignInQuestion): readonly Detail[] {
  const { added, all } = signInRights(question);
  return [
    ...placeDetails(question),
    ...added.map((value) => ({ label: safe`New`, value, icon: { id: 'add' } })),
    ...(all.length === 0 ? [NO_RIGHTS] : all).map((value) => ({
      label: safe`Asks for`,
      value,
      icon: { id: 'key' },
    })),
    ...reasonDetails(question),
  ];
}

/** The same, line by line, for a dialog. */
export function signInLines(question: SignInQuestion): readonly SafeText[] {
  const { added, all } = signInRights(question);
  return [
    ...linesOf(placeDetails(question)),
    ...rightLines(safe`New`, added),
    ...rightLines(safe`Asks for`, all.length === 0 ? [NO_RIGHTS] : all),
    ...linesOf(reasonDetails(question)),
  ];
}

/** Several have a line each: addresses, as many of them are, cannot be told apart in a paragraph. */
function rightLines(label: SafeText, rights: readonly SafeText[]): readonly SafeText[] {
  const [first, ...more] = rights;
  if (first === undefined) return [];
  if (more.length === 0) return [safe`${label}: ${first}`];
  return [safe`${label}:`, ...rights.map((right) => safe`• ${right}`)];
}

/** Where somebody signs in. */
export function placeDetails({ request, host }: SignInQuestion): readonly Detail[] {
  return [
    { label: safe`Server`, value: safeText(host, LABEL_LENGTH), icon: { id: 'server' } },
    { label: safe`Signs in at`, value: issuerHost(request.issuer), icon: { id: 'globe' } },
  ];
}

/** What led to it. */
export function reasonDetails(question: SignInQuestion): readonly Detail[] {
  const { request } = question;
  return [
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

/** Without a word about rights it is not nothing that is given, but whatever the authorization server has as its default. */
const NO_RIGHTS = safe`no right by name: the authorization server decides what you give, which may be everything`;

function linesOf(details: readonly Detail[]): readonly SafeText[] {
  return details.map(({ label, value }) => safe`${label}: ${value}`);
}
