/** The life of one server as one discriminated union, owned by its supervisor. */

import type { SignedIn, Unheard } from '../client/contract';
import type { Failure, ProcessExit } from '../protocol/failure';
import type { ConnectedServer } from '../protocol/model';
import type { AfterCrash } from '../policy/crashRestart';
import type { EntryProblem } from '../policy/serverEntry';

/** For those that know a server's state, and nothing of clients. */
export type { SignedIn, Unheard };

/** An account that the editor knows, in whose name a server is used. */
export interface EditorAccount {
  /** As `github`. */
  readonly provider: string;
  readonly account: string;
  readonly scopes: readonly string[];
}

/** Whom a server knows us as. */
export type Identity = SignedIn | EditorAccount;

/** Why a server is not running although nothing is wrong with it. */
export type StopReason =
  /** Its entry says `onDemand` or `never`, and nobody started it. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'by-person' }
  | { readonly kind: 'ended-by-itself' }
  /** The workspace is not trusted: nothing is started or even resolved. */
  | { readonly kind: 'trust' }
  /** The person has not approved this launch; `changed` when an earlier form of it was approved. */
  | { readonly kind: 'approval'; readonly changed: boolean }
  /** The person said no to this launch. */
  | { readonly kind: 'denied' }
  /** A narrower scope has an entry of the same name. */
  | { readonly kind: 'shadowed' }
  /** Someone has to sign in first; `asked` is how it ended when they were asked: they closed it, or the authorization server said no. */
  | { readonly kind: 'sign-in'; readonly issuer?: string; readonly asked?: 'closed' | 'declined' }
  /** The editor's own MCP policy forbids it. */
  | { readonly kind: 'policy'; readonly reason: string };

/** Why a server failed. */
export type FailureCause =
  /** Its entry cannot be used. */
  | { readonly kind: 'config'; readonly problems: readonly EntryProblem[] }
  /** It could not be started, ended, or spoke nonsense. */
  | ({ readonly kind: 'failure'; readonly failure: Failure; readonly exit?: ProcessExit } & LastWords)
  /** Its client (thread or process) ended; the server was ended with it. */
  | ({ readonly kind: 'client-lost'; readonly detail: string } & LastWords);

/** What a server wrote for people, raw. */
export interface LastWords {
  /** Its last lines. */
  readonly stderr: readonly string[];
  /** Its first lines in the place of messages. */
  readonly noise?: readonly string[];
}

/** What a server is doing. */
export type ServerState =
  | { readonly kind: 'stopped'; readonly why: StopReason }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running';
      readonly server: ConnectedServer;
      readonly pid?: number;
      /** Who is signed in to it. */
      readonly account?: Identity;
      /** Its lists do not follow its changes by themselves any more. */
      readonly unheard?: Unheard;
    }
  | { readonly kind: 'stopping' }
  | {
      readonly kind: 'failed';
      readonly cause: FailureCause;
      /** Present after a crash that may be followed by a restart. */
      readonly next?: AfterCrash;
    };

/** The state of a server that has come up. @param pid undefined for a remote one */
export function runningState(
  server: ConnectedServer,
  pid: number | undefined,
  account: Identity | undefined,
): ServerState {
  return {
    kind: 'running',
    server,
    ...(pid === undefined ? {} : { pid }),
    ...(account ? { account } : {}),
  };
}

/** What changes about a running server; what is undefined is over. */
export interface RunningNews {
  /** Who is signed in to a remote one, or with which account of the editor it is used. */
  readonly account?: Identity | undefined;
  readonly unheard?: Unheard | undefined;
}

/** The state of a running server behind this news of it. */
export function withNews(state: Extract<ServerState, { kind: 'running' }>, news: RunningNews): ServerState {
  const { account, unheard, ...rest } = { ...state, ...news };
  return { ...rest, ...(account ? { account } : {}), ...(unheard ? { unheard } : {}) };
}

/** True while a process of the server may exist. */
export function isLive(state: ServerState): boolean {
  return state.kind === 'starting' || state.kind === 'running' || state.kind === 'stopping';
}

/** True when both say that the server is stopped, for the same reason. */
export function isSameStop(a: ServerState, b: ServerState): boolean {
  return a.kind === 'stopped' && b.kind === 'stopped' && JSON.stringify(a.why) === JSON.stringify(b.why);
}

/** True when only the person can go on: they stopped it or did not allow it, or have to sign in first. */
export function needsPerson(state: ServerState): boolean {
  return state.kind === 'stopped' && NEEDS_PERSON.has(state.why.kind);
}

const NEEDS_PERSON: ReadonlySet<StopReason['kind']> = new Set(['by-person', 'denied', 'sign-in'] as const);
