/** What a session and its owner tell each other. Types only. */

import type { CancelSignal } from '../base/cancelSignal';
import type { JsonObject } from '../base/json';
import type { RequestId } from '../protocol/jsonrpc';
import type { SendHints, TransportClose } from '../transport/transport';
import type { Progress } from './progressTokens';
import type { Deadlines } from './sessionClock';

/** A handler's answer to a server's request. */
export type InboundAnswer =
  | { readonly kind: 'result'; readonly result: JsonObject }
  /** `message` is our own text: it goes onto the wire. */
  | { readonly kind: 'error'; readonly code: number; readonly message: string };

/**
 * The call on whose own stream a request of the server came, by its id; `ended` when what the stream belongs to is over; undefined when
 * it is not known.
 */
export type Led = number | 'ended' | undefined;

/** Reports of a session, all synchronous and in arrival order. */
export interface RpcHandlers {
  /**
   * Serves a server's request. Must not reject; a rejection is answered with a fixed internal error.
   * @param led to which call it belongs.
   */
  onRequest(method: string, params: JsonObject, signal: AbortSignal, led?: Led): Promise<InboundAnswer>;
  onNotification(method: string, params: JsonObject): void;
  /** Our own text about something odd on the wire; `excerpt` is raw text of the server. */
  onOdd(message: string, excerpt?: string): void;
  /** The server may have lost the session, which a request would find out. */
  onDoubt?(): void;
  onStderr(lines: readonly string[], dropped: number): void;
  /** Once; every pending request has been rejected by then. */
  onClose(close: TransportClose): void;
}

/** How one request is made. */
export interface RequestOptions {
  readonly deadlines: Deadlines;
  /** A reason that is a string is told to the server. */
  readonly signal?: CancelSignal;
  /** Asks the server for progress by adding a token to `_meta`. */
  readonly onProgress?: (progress: Progress) => void;
  /** `initialize` must never be cancelled (LIFE6); it is abandoned instead. */
  readonly neverCancel?: boolean;
  /** The server may carry it out although no answer comes, which is said then (T127). */
  readonly acts?: boolean;
  /** The call that this is a request of. */
  readonly callId?: number;
  /** What the transport needs beside the message. */
  readonly hints?: SendHints;
  /** Called with the JSON-RPC id once the request is on its way. */
  readonly onSent?: (id: RequestId) => void;
}
