/** One server's state in words, for rows, messages and reports. */

import { assertNever } from '../base/assertNever';
import type { AuthorizationProblem } from '../protocol/authorizationProblem';
import type { Failure, NetworkProblem } from '../protocol/failure';
import type { Listing } from '../protocol/model';
import { exactText, safe, safeText, type SafeText } from '../policy/safeText';
import type { EntryScope } from '../policy/serverEntry';
import type { AfterCrash } from '../policy/crashRestart';
import type {
  FailureCause,
  Identity,
  LastWords,
  ServerState,
  StopReason,
  Unheard,
} from '../host/serverState';
import type { Server } from '../host/server';
import type { SharedFolders } from '../host/roots';
import type { AwaitedSignIn } from '../host/signIns';
import { joinSafe } from './consentTexts';
import { describeFailure, failureText } from './failureTexts';
import { describeExit } from './processTexts';
import { issuerHost } from './signInTexts';

/** A few words for the row. */
export function stateLabel(state: ServerState): SafeText {
  switch (state.kind) {
    case 'running':
      return safe`running`;
    case 'starting':
      return safe`starting…`;
    case 'stopping':
      return safe`stopping…`;
    case 'stopped':
      return stopLabel(state.why);
    case 'failed':
      return state.next ? crashLabel(state.next) : safe`failed: ${causeLabel(state.cause)}`;
    default:
      return assertNever(state);
  }
}

/** The same of a server, which may wait for somebody meanwhile. */
export function statusLabel({ state, awaitedSignIn }: Pick<Server, 'state' | 'awaitedSignIn'>): SafeText {
  return awaitedSignIn === undefined ? stateLabel(state) : safe`waiting for you to sign in…`;
}

/** What somebody has to do for it: in a few words, and in full. */
export function awaitedText(awaited: AwaitedSignIn): { readonly short: SafeText; readonly full: SafeText } {
  switch (awaited) {
    case 'answer':
      return {
        short: safe`Decide whether to sign in`,
        full: safe`Decide whether your browser may open to sign in.`,
      };
    case 'browser':
      return {
        short: safe`Continue in your browser`,
        full: safe`Sign in in your browser. If it does not come back, use Paste Callback URL.`,
      };
    default:
      return assertNever(awaited);
  }
}

function crashLabel(next: AfterCrash): SafeText {
  if (next.kind === 'crash-loop') return safe`stopped: crash loop`;
  if (next.kind === 'out-of-reach') return safe`stopped: out of reach`;
  return safe`restarting in ${Math.max(1, Math.round(next.inMs / 1_000))} s (${next.start} of ${next.of})`;
}

function stopLabel(why: StopReason): SafeText {
  switch (why.kind) {
    case 'idle':
    case 'by-person':
      return safe`stopped`;
    case 'ended-by-itself':
      return safe`ended`;
    case 'trust':
      return safe`waits for workspace trust`;
    case 'approval':
      return why.changed ? safe`changed, needs your approval` : safe`needs your approval`;
    case 'denied':
      return safe`not allowed to start`;
    case 'sign-in':
      return ASKED_LABELS[why.asked ?? 'not'];
    case 'shadowed':
      return safe`not used`;
    case 'policy':
      return safe`blocked`;
    default:
      return assertNever(why);
  }
}

const ASKED_LABELS = {
  not: safe`needs you to sign in`,
  closed: safe`you closed the sign-in`,
  declined: safe`the sign-in was declined`,
} as const;

function causeLabel(cause: FailureCause): SafeText {
  switch (cause.kind) {
    case 'config': {
      const [first] = cause.problems;
      return first ? problemText(first.field, first.message) : safe`its entry cannot be used`;
    }
    case 'client-lost':
      return safe`its client ended`;
    case 'failure':
      return cause.exit ? safeText(describeExit(cause.exit)) : failureLabel(cause.failure);
    default:
      return assertNever(cause);
  }
}

function failureLabel(failure: Failure): SafeText {
  switch (failure.code) {
    case 'spawn-failed':
      return failure.spawn.reason === 'not-found' ? safe`command not found` : safe`could not be started`;
    case 'timeout':
      return safe`no answer in time`;
    case 'unsupported-version':
      return safe`unsupported protocol version`;
    case 'connection-closed':
      return safe`connection closed`;
    case 'network':
      return failure.forSignIn ? safe`no way to sign in now` : NETWORK_LABELS[failure.problem];
    case 'http-error':
      return failure.status < 400 ? safe`its answer is not MCP` : safe`HTTP ${failure.status}`;
    case 'server-error':
      return failure.httpStatus === undefined
        ? safe`answered with an error`
        : safe`HTTP ${failure.httpStatus}`;
    case 'redirected':
      return failure.reason === 'other-origin' ? safe`has moved` : safe`could not connect`;
    case 'authorization':
      return AUTHORIZATION_LABELS[failure.problem] ?? safe`could not sign in`;
    case 'invalid-result':
      return safe`its answer is not MCP`;
    case 'refused':
    case 'message-refused':
      return safe`not accepted`;
    default:
      return safe`could not connect`;
  }
}

/** Of problems that no sign-in has part in. */
const AUTHORIZATION_LABELS: { readonly [K in AuthorizationProblem]?: SafeText } = {
  'header-wanted': safe`wants an Authorization header`,
  'header-refused': safe`Authorization header refused`,
  'account-refused': safe`account refused`,
};

/** What is the same for most is said by the row below. */
const NETWORK_LABELS: Readonly<Record<NetworkProblem, SafeText>> = {
  refused: safe`nothing answers`,
  'unknown-host': safe`host not known`,
  unreachable: safe`could not connect`,
  cut: safe`connection closed`,
  timeout: safe`no answer in time`,
  certificate: safe`certificate not accepted`,
  tls: safe`no secure connection`,
  'not-http': safe`could not connect`,
  'forbidden-address': safe`could not connect`,
  proxy: safe`no connection by proxy`,
  encoding: safe`could not connect`,
  other: safe`could not connect`,
};

/** Every line that explains a failure, the last lines of stderr included. */
export function causeLines(cause: FailureCause): readonly SafeText[] {
  switch (cause.kind) {
    case 'config':
      return cause.problems.map(({ field, message }) => problemText(field, message));
    case 'client-lost':
      return [safe`The client of this server stopped: ${safeText(cause.detail)}.`, ...wordLines(cause)];
    case 'failure':
      return [failureText(cause.failure), ...wordLines(cause)];
    default:
      return assertNever(cause);
  }
}

/** The same of a state, and why it is not tried again. */
export function failureLines({ cause, next }: Extract<ServerState, { kind: 'failed' }>): readonly SafeText[] {
  const lines = causeLines(cause);
  if (next?.kind === 'crash-loop')
    return [
      safe`It ended ${next.crashes} times in ten minutes, and is not started again by itself.`,
      ...lines,
    ];
  if (next?.kind === 'out-of-reach')
    return [
      safe`Its stream was cut, or could not be opened, ${next.tries} times in ten minutes. It is not tried again by itself.`,
      ...lines,
    ];
  return lines;
}

/** Why a list is not whole. */
export function cutListText({ reason, failure }: NonNullable<Listing['cut']>): SafeText {
  const text = `The list is incomplete: ${reason}.`;
  return safeText(failure ? `${text} ${describeFailure(failure)}` : text);
}

function problemText(field: string, message: string): SafeText {
  return field === '' ? safeText(message) : safe`${safeText(field, 80)}: ${safeText(message)}`;
}

function wordLines({ stderr, noise = [] }: LastWords): readonly SafeText[] {
  return [...linesOf(safe`wrote instead of MCP`, noise), ...linesOf(safe`stderr`, stderr)];
}

function linesOf(what: SafeText, lines: readonly string[]): readonly SafeText[] {
  return lines.filter((line) => line.trim() !== '').map((line) => safe`${what}: ${safeText(line.trim())}`);
}

/** Where an entry is written. */
export function scopeText(scope: EntryScope): SafeText {
  switch (scope.kind) {
    case 'user':
      return safe`user settings`;
    case 'workspace':
      return safe`workspace settings`;
    case 'folder':
      return safe`folder settings`;
  }
}

/** Who is signed in, for a row. Account names are text of the authorization server, or of an account's provider. */
export function accountText(identity: Identity): SafeText {
  return 'issuer' in identity && identity.account === undefined
    ? safe`signed in at ${issuerHost(identity.issuer)}`
    : safe`signed in as ${safeText(identity.account ?? '', 60)}`;
}

/** The same in full. */
export function signedInText(identity: Identity): SafeText {
  const { account, scopes } = identity;
  const who = account === undefined ? safe`Signed in` : safe`Signed in as ${safeText(account, 120)}`;
  const rights = scopes.length === 0 ? safe`` : safe` for ${safeText(scopes.join(' '), 300)}`;
  const where =
    'provider' in identity
      ? safe`with the editor's ${safeText(identity.provider, 64)} account`
      : safe`at ${issuerHost(identity.issuer)}`;
  return safe`${who} ${where}${rights}`;
}

/** That its changes are not followed any more: in a few words, and in full. */
export function unheardText({ failure }: Unheard): { readonly short: SafeText; readonly full: SafeText } {
  const full = safe`It ended again and again what it tells of changes on, so its lists and open resources do not follow them any more. Refresh reads the lists, and asks it to tell of changes again.`;
  return {
    short: safe`Changes are not followed any more; Refresh tries again`,
    full: failure ? safe`${full} The last time: ${failureText(failure)}` : full,
  };
}

/** Which workspace folders a server may know. */
export function sharedFoldersText(shared: SharedFolders): SafeText {
  if (shared.kind === 'undecided') return safe`Workspace folders: you are asked when it wants to know them`;
  const [first, ...more] = shared.folders.map(({ path }) => exactText(path));
  if (first === undefined) return safe`Workspace folders: none shared`;
  const named = joinSafe([first, ...more.slice(0, MAX_NAMED_FOLDERS - 1)], safe`, `);
  const left = more.length - MAX_NAMED_FOLDERS + 1;
  return left > 0
    ? safe`Workspace folders shared: ${named} and ${left} more`
    : safe`Workspace folders shared: ${named}`;
}

/** More folders than this are counted rather than named. */
const MAX_NAMED_FOLDERS = 8;
