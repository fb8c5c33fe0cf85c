/** The contract of a transport: bytes on one side, JSON-RPC messages on the other. It knows nothing of MCP methods. */

import type { Failure, ProcessExit } from '../protocol/failure';
import type { JsonRpcMessage, MessageSubject, RequestId } from '../protocol/jsonrpc';
import type { Negotiated } from '../protocol/revisions';

/** Why a transport is no longer open. */
export type TransportClose =
  /** The server ended it: the process exited or closed its output, or the stream that carries the session is over. */
  | {
      readonly kind: 'ended';
      readonly exit?: ProcessExit;
      /** The way to a remote server broke: what waits for an answer may have been acted upon. */
      readonly isCut?: true;
    }
  /** We closed it. */
  | { readonly kind: 'closed'; readonly exit?: ProcessExit }
  /** It broke a bound and was cut off (endless line, …); `detail` says what the server did, as "wrote …". */
  | { readonly kind: 'violation'; readonly detail: string };

/** What the transport reports. All calls come after `start` was called and before or with `onClose`. */
export interface TransportHandlers {
  /**
   * One valid JSON-RPC message (batches are unpacked).
   * @param during id of the request of ours on whose own stream it came, where the transport has such streams.
   */
  onMessage(message: JsonRpcMessage, during?: RequestId): void;
  /** A request got no answer, and there will be none. */
  onFailed(id: RequestId, failure: Failure): void;
  /** Something odd that belongs to no request, in our own words. */
  onOdd(message: string): void;
  /** Something says that the server may have lost the session; whoever asks it anything finds out. */
  onDoubt?(): void;
  /** A message that was too large or too dense to take. `detail` is our own text. */
  onRefused(refused: {
    readonly subject?: MessageSubject;
    readonly bytes: number;
    readonly detail: string;
  }): void;
  /** A line, or an item of a batch, that is no JSON-RPC message. `excerpt` is at most 200 characters, raw; `reason` is our own text. */
  onNoise(noise: {
    readonly subject?: MessageSubject;
    readonly excerpt: string;
    readonly bytes: number;
    readonly reason: string;
  }): void;
  /** Lines of the server's stderr, each at most 8 KiB. `dropped` counts lines left out by the rate limit. */
  onStderr(lines: readonly string[], dropped: number): void;
  /** Called exactly once. */
  onClose(close: TransportClose): void;
}

/** What a message needs beside its content, where the transport has a place for it. */
export interface SendHints {
  /** Header fields of an HTTP request. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  /** Nobody waits for the answer: no person is asked who they are for its sake. */
  readonly isUnattended?: boolean;
}

/** A stream that ends again and again is given up until somebody wants it tried anew (T062). */
export interface WatchedStream {
  /** Told true when it is given up, and false when it is tried anew. Set by who wants to know. */
  onGivenUp: ((isGivenUp: boolean) => void) | undefined;
  /** Ignored while it is not given up. */
  tryAnew(): void;
}

/** A connection to one server. */
export interface Transport {
  /** The stream on which the server speaks by itself, where there is one apart. */
  readonly ownStream?: WatchedStream;
  /**
   * Opens the connection.
   * @throws FailureError `spawn-failed` when the program cannot be started, or why there is no way to a remote server; `onClose` is not
   * called then.
   */
  start(handlers: TransportHandlers): Promise<void>;
  /** Queues one message. Ignored after close. May throw RangeError for one that nests too deep to be written. */
  send(message: JsonRpcMessage, hints?: SendHints): void;
  /** Tells what the handshake settled, before anything else is sent. */
  established?(negotiated: Negotiated): void;
  /** Takes a request back by the transport's own means; false when the peer has to be told with a message. */
  cancel?(id: RequestId): boolean;
  /** Lets go of what is held open for the answer to a request that nobody waits for any more. The peer is told nothing. */
  abandon?(id: RequestId): void;
  /** Stops reading (back-pressure); the pipe fills and the server blocks. */
  pause(): void;
  resume(): void;
  /** True while the peer is not taking what was written. */
  readonly isCongested: boolean;
  /** Ends the connection in an orderly way; resolves when nothing of it is left, or nothing more can be done about that. Idempotent. */
  close(): Promise<void>;
}
