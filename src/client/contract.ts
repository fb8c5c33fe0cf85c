/**
 * What crosses the link between the host and one client, in both directions. Types only: the host imports this file and
 * nothing else of the client. Everything here must survive a structured clone.
 */

import type { JsonObject } from '../base/json';
import type {
  CompletionResult,
  GetPromptResult,
  ReadResourceResult,
  ToolCallResult,
} from '../protocol/content';
import type { ClientOffers } from '../protocol/codec';
import type { ElicitationAnswer, ElicitationRequest } from '../protocol/elicitation';
import type { Failure, ProcessExit } from '../protocol/failure';
import type { LogLevel } from '../protocol/logLevels';
import type { ConnectedServer, Implementation, Listing, ListKind, ToolDefinition } from '../protocol/model';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import type {
  AuthorizationSettings,
  SignedIn,
  SignInGrant,
  SignInReply,
  SignInRequest,
  SignOutOutcome,
} from '../authorization/contract';
import type { Task } from '../protocol/tasks';
import type { LaunchSpec } from '../transport/launchSpec';
import type { NetworkSettings, RemoteSpec as ReachedBy } from '../transport/remoteSpec';

export type {
  AuthorizationSettings,
  LaunchSpec,
  NetworkSettings,
  SignedIn,
  SignInGrant,
  SignInReply,
  SignInRequest,
  SignOutOutcome,
};

/** A remote server, and how it is signed in to; undefined when nobody is ever asked to. */
export interface RemoteSpec extends ReachedBy {
  readonly authorization?: AuthorizationSettings;
  /** Requests are made in the name of an account of the editor, and nobody signs in beside it; see `accountHeader`. */
  readonly hasAccount?: true;
}

/** Clocks of one server, in milliseconds. */
export interface Timeouts {
  /** From spawn to the end of the negotiation. */
  readonly connect: number;
  /** Without any sign of life of a request; progress starts it again. */
  readonly request: number;
  /** The hard end of a request, whatever progress says (TIME2, T058). */
  readonly total: number;
}

/** What the client is told once, before it starts anything. */
export interface ConnectParams {
  /** What to start, or where to connect to. */
  readonly launch: LaunchSpec | RemoteSpec;
  readonly timeouts: Timeouts;
  /** For how long at most one request's clocks stand still, in all, while the person is asked for the server; an hour when it is absent. */
  readonly longestPauseMs?: number;
  readonly clientInfo: Implementation;
  /** Features this host serves for this server; what is absent here is never declared. */
  readonly offers: ClientOffers;
  /** From which level on log messages are wanted; what is usual in the server's era when it is absent. */
  readonly logLevel?: LogLevel;
}

/** A tool call. `arguments` leaves exactly as given. */
export interface CallToolParams {
  readonly callId: number;
  readonly name: string;
  readonly arguments: JsonObject;
}

/** One file of a listed skill. */
export interface ReadSkillFileParams {
  readonly callId: number;
  /** Address of the skill's SKILL.md, as listed. */
  readonly uri: string;
  /** Within the skill's folder, as listed; its SKILL.md when absent. */
  readonly path?: string;
}

/** What completion is asked for (COMP1). */
export interface CompleteParams {
  readonly ref:
    | { readonly kind: 'prompt'; readonly name: string }
    | { readonly kind: 'resource'; readonly uriTemplate: string };
  readonly argument: { readonly name: string; readonly value: string };
  /** Arguments that are already decided. */
  readonly resolved: Readonly<Record<string, string>>;
}

/** Requests from the host to a client: name → params and result. */
export interface ClientRequests {
  connect: { params: ConnectParams; result: ConnectedServer };
  /** Ends the session and the process (stdin, SIGTERM, SIGKILL). */
  close: { params: undefined; result: undefined };
  /** Waits, behind `close`, until no tokens are being exchanged any more. */
  settle: { params: undefined; result: undefined };
  /** `fresh`: asks the server, whatever it said may still be used. */
  list: { params: { readonly kind: ListKind; readonly fresh?: boolean }; result: Listing };
  /**
   * As `list`, for a host that has one already, and with its digest; undefined when that is the `known` one: copying a long list stalls
   * whoever gets it. The first list comes without, so that a client whose lists never change loads nothing for it.
   */
  relist: {
    params: { readonly kind: ListKind; readonly fresh?: boolean; readonly known: string | undefined };
    result: Listing | undefined;
  };
  describeTool: { params: { readonly name: string }; result: ToolDefinition };
  callTool: { params: CallToolParams; result: ToolCallResult };
  /** Waits for the task of a call that an earlier client made. */
  resumeTask: { params: { readonly callId: number; readonly taskId: string }; result: ToolCallResult };
  cancelTask: { params: { readonly taskId: string }; result: undefined };
  readResource: {
    params: { readonly callId: number; readonly uri: string; readonly fresh?: boolean };
    result: ReadResourceResult;
  };
  /** Exactly one content, verified against the skill's entry (SEP-2640). */
  readSkillFile: { params: ReadSkillFileParams; result: ReadResourceResult };
  getPrompt: {
    params: {
      readonly callId: number;
      readonly name: string;
      readonly arguments: Readonly<Record<string, string>>;
    };
    result: GetPromptResult;
  };
  complete: { params: CompleteParams; result: CompletionResult };
  subscribe: { params: { readonly uri: string }; result: undefined };
  unsubscribe: { params: { readonly uri: string }; result: undefined };
  /** Forgets who is signed in to a remote server, and tells its authorization server. A client that never connects is told of whom. */
  signOut: { params: RemoteSpec | undefined; result: SignOutOutcome };
  /** What is stored has changed, by whichever window: goes on with it. `isSignedOut`: somebody has signed out in another one. */
  followCredentials: { params: undefined; result: { readonly isSignedOut: boolean } };
  /** Tells a server of the stateful era that the workspace folders changed (ROOT3). */
  notifyRootsChanged: { params: undefined; result: undefined };
  /** Bytes of a held text, at most 1 MiB a call. */
  readHeld: {
    params: { readonly handle: number; readonly offset: number; readonly length: number };
    result: Uint8Array;
  };
  releaseHeld: { params: { readonly handle: number }; result: undefined };
}

/** Of several requests that a call waits for together: which one of how many, from 1. They are put one after the other. */
export interface RequestPart {
  readonly index: number;
  readonly of: number;
}

/** What led a server to ask. Only what is certain is stated; the rest is `unattributed`. */
export type RequestOrigin =
  | { readonly kind: 'call'; readonly callId: number; readonly part?: RequestPart }
  /** It belongs to something that is over: its own call cannot use an answer any more. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'unattributed' };

/** How the host answers a sampling request. */
export type SamplingReply =
  | { readonly kind: 'answer'; readonly answer: SamplingAnswer }
  /** The person said no. */
  | { readonly kind: 'rejected' }
  /** Not served (policy, limits, expiry); `message` is our own text for the server. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** How the host answers a request for the person's input. */
export type ElicitationReply =
  | { readonly kind: 'answer'; readonly answer: ElicitationAnswer }
  /** Not put before the person (policy, limits); `message` is our own text for the server. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** Whether a call that needed addresses opened first is to be made again. */
export type ElicitationWait = { readonly kind: 'continue' | 'give-up' };

/** A folder the server may know of (ROOT2). */
export interface Root {
  readonly uri: string;
  readonly name: string;
}

/** Requests from a client to the host. */
export interface HostRequests {
  roots: { params: { readonly origin: RequestOrigin }; result: readonly Root[] };
  sample: {
    params: { readonly request: SamplingRequest; readonly origin: RequestOrigin };
    result: SamplingReply;
  };
  /** What signing in to this server has left, in text of the client's own making; undefined when there is nothing. */
  loadCredentials: { params: undefined; result: string | undefined };
  saveCredentials: { params: { readonly record: string | undefined }; result: undefined };
  /** Waits until no other window works on this server's credentials; the result is given back to `unlockCredentials`. */
  lockCredentials: { params: undefined; result: number };
  unlockCredentials: { params: { readonly lease: number }; result: undefined };
  /** The value of `Authorization` of the account that this server is used with, as it is now; undefined when it may not be used (any more). */
  accountHeader: { params: undefined; result: string | undefined };
  beginSignIn: { params: SignInRequest; result: SignInGrant };
  openSignIn: {
    params: { readonly ticket: string; readonly url: string; readonly state: string };
    result: SignInReply;
  };
  elicit: {
    params: { readonly request: ElicitationRequest; readonly origin: RequestOrigin };
    result: ElicitationReply;
  };
  /** Waits until the person is done with what was opened; taken back when the server says so first (URL7). */
  awaitElicitation: {
    params: { readonly urls: readonly string[]; readonly origin: RequestOrigin };
    result: ElicitationWait;
  };
}

/** Why a client has no connection any more. */
export type ClientEnd = {
  readonly failure: Failure;
  readonly exit?: ProcessExit;
};

/** That a server's changes are not listened to any more. */
export interface Unheard {
  /** What its subscription ended with the last time; absent when the server ended it, or its stream, in order. */
  readonly failure?: Failure;
}

/** One-way reports from a client to the host. */
export interface ClientEvents {
  /** The process runs. Sent before anything else, so that the host can have it ended whatever happens. */
  spawned: { readonly pid: number };
  stderr: { readonly lines: readonly string[]; readonly dropped: number };
  /** Something odd on the wire: our own text, with an excerpt of the server's when that helps. */
  wire: { readonly message: string; readonly excerpt?: string };
  /** `notifications/message` of the server. */
  logMessage: { readonly level: string; readonly logger?: string; readonly text: string };
  /** What must not be quoted from now on: tokens and client secrets, or the id of a session. Sent before the server could repeat it. */
  secrets: { readonly of: 'credentials' | 'session'; readonly values: readonly string[] };
  progress: {
    readonly callId: number;
    readonly progress: number;
    readonly total?: number;
    readonly message?: string;
  };
  /** What a call's task is now; at every look at it. Its end is the end of the call. */
  task: { readonly callId: number; readonly task: Task };
  listChanged: { readonly kind: ListKind };
  resourceUpdated: { readonly uri: string };
  /** A subscription, or the server's own stream, that ended again and again was given up; undefined once it is asked for again. */
  unheard: { readonly unheard: Unheard | undefined };
  /** Who is signed in to a remote server; undefined when nobody is any more. */
  signedIn: { readonly account: SignedIn | undefined };
  /** The connection ended after it had been established, and not because the host asked. */
  ended: ClientEnd;
}
