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
import type { Failure, ProcessExit } from '../protocol/failure';
import type { LogLevel } from '../protocol/logLevels';
import type { ConnectedServer, Implementation, Listing, ListKind, ToolDefinition } from '../protocol/model';
import type { Era } from '../protocol/revisions';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import type { LaunchSpec } from '../transport/launchSpec';
import type { NetworkSettings, RemoteSpec } from '../transport/remoteSpec';

export type { LaunchSpec, NetworkSettings, RemoteSpec };

/** Clocks of one server, in milliseconds. */
export interface Timeouts {
  /** From spawn to the end of the negotiation. */
  readonly connect: number;
  /** Without any sign of life of a request; progress starts it again. */
  readonly request: number;
  /** The hard end of a request, whatever progress says (TIME2, T058). */
  readonly total: number;
}

export interface ConnectParams {
  /** What to start, or where to connect to. */
  readonly launch: LaunchSpec | RemoteSpec;
  readonly timeouts: Timeouts;
  readonly clientInfo: Implementation;
  /** Features this host serves for this server; what is absent here is never declared. */
  readonly offers: { readonly sampling: boolean; readonly roots: boolean };
  /** From which level on log messages are wanted; what is usual in the server's era when it is absent. */
  readonly logLevel?: LogLevel;
  /** The era this very definition spoke last time, to skip a probe that would time out. */
  readonly eraHint?: Era;
}

/** A tool call. `arguments` leaves exactly as given. */
export interface CallToolParams {
  readonly callId: number;
  readonly name: string;
  readonly arguments: JsonObject;
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
  /** `fresh`: asks the server, whatever it said may still be used. */
  list: { params: { readonly kind: ListKind; readonly fresh?: boolean }; result: Listing };
  describeTool: { params: { readonly name: string }; result: ToolDefinition };
  callTool: { params: CallToolParams; result: ToolCallResult };
  readResource: {
    params: { readonly callId: number; readonly uri: string; readonly fresh?: boolean };
    result: ReadResourceResult;
  };
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
  /** Tells a server of the stateful era that the workspace folders changed (ROOT3). */
  notifyRootsChanged: { params: undefined; result: undefined };
  /** Bytes of a held text, at most 1 MiB a call. */
  readHeld: {
    params: { readonly handle: number; readonly offset: number; readonly length: number };
    result: Uint8Array;
  };
  releaseHeld: { params: { readonly handle: number }; result: undefined };
}

/** What led a server to ask. Only what is certain is stated; the rest is `unattributed`. */
export type RequestOrigin =
  { readonly kind: 'call'; readonly callId: number } | { readonly kind: 'unattributed' };

/** How the host answers a sampling request. */
export type SamplingReply =
  | { readonly kind: 'answer'; readonly answer: SamplingAnswer }
  /** The person said no. */
  | { readonly kind: 'rejected' }
  /** Not served (policy, limits, expiry); `message` is our own text for the server. */
  | { readonly kind: 'unavailable'; readonly message: string };

/** A folder the server may know of (ROOT2). */
export interface Root {
  readonly uri: string;
  readonly name: string;
}

/** Requests from a client to the host. */
export interface HostRequests {
  roots: { params: undefined; result: readonly Root[] };
  sample: {
    params: { readonly request: SamplingRequest; readonly origin: RequestOrigin };
    result: SamplingReply;
  };
}

/** Why a client has no connection any more. */
export type ClientEnd = {
  readonly failure: Failure;
  readonly exit?: ProcessExit;
};

/** One-way reports from a client to the host. */
export interface ClientEvents {
  /** The process runs. Sent before anything else, so that the host can have it ended whatever happens. */
  spawned: { readonly pid: number };
  stderr: { readonly lines: readonly string[]; readonly dropped: number };
  /** Something odd on the wire: our own text, with an excerpt of the server's when that helps. */
  wire: { readonly level: 'debug' | 'info' | 'warn'; readonly message: string; readonly excerpt?: string };
  /** `notifications/message` of the server. */
  logMessage: { readonly level: string; readonly logger?: string; readonly text: string };
  progress: {
    readonly callId: number;
    readonly progress: number;
    readonly total?: number;
    readonly message?: string;
  };
  listChanged: { readonly kind: ListKind };
  resourceUpdated: { readonly uri: string };
  /** The connection ended after it had been established, and not because the host asked. */
  ended: ClientEnd;
}
