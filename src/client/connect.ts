/** Starts a server and brings it to a negotiated session; a server that dies of the probe is started once more without it. */

import type { Clock } from '../base/clock';
import { legacyCodec, modernCodec, type EraCodec } from '../protocol/codec';
import { FailureError, isUnknownMethod, refused, toFailure, type Failure } from '../protocol/failure';
import type { ConnectedServer } from '../protocol/model';
import { RpcConnection } from '../rpc/rpcConnection';
import type { RpcHandlers } from '../rpc/rpcHandlers';
import type { SessionClock } from '../rpc/sessionClock';
import { isRemote, type RemoteSpec } from '../transport/remoteSpec';
import type { Transport, TransportClose } from '../transport/transport';
import type { ConnectParams } from './contract';
import { negotiate, type Negotiation } from './negotiate';

/** How long a silent server keeps the probe waiting before `initialize` is tried as well (T038). */
const PROBE_MS = 5_000;

/** Makes a transport for one attempt; `oldHttp` asks for HTTP+SSE of 2024-11-05. */
export type OpenTransport = (form?: 'oldHttp') => Transport | Promise<Transport>;

interface ConnectOptions {
  readonly params: ConnectParams;
  readonly openTransport: OpenTransport;
  readonly clock: Clock;
  readonly sessionClock: SessionClock;
  /** Handlers of the session; `onClose` is only called for a session that was established. */
  readonly handlers: RpcHandlers;
  readonly signal: AbortSignal;
  /** Told of every connection that is tried, so that it can be closed while it still negotiates. */
  readonly onTrying: (rpc: RpcConnection) => void;
}

/** A session that is established. */
export interface Connected {
  readonly rpc: RpcConnection;
  readonly server: ConnectedServer;
  readonly codec: EraCodec;
}

/**
 * Connects within the connect deadline.
 * @throws FailureError
 */
export async function connect(options: ConnectOptions): Promise<Connected> {
  mustGoOn(options.signal);
  const abort = new AbortController();
  const onAbort = (): void => abort.abort();
  options.signal.addEventListener('abort', onAbort, { once: true });
  const ms = options.params.timeouts.connect;
  // It stands still while a person signs in.
  const deadline = options.sessionClock.start({ idle: ms, total: ms }, () => abort.abort('timeout'));
  try {
    const { launch } = options.params;
    return await (isRemote(launch)
      ? tryRemote(options, launch.transport, abort.signal)
      : tryTwice(options, abort.signal));
  } catch (error) {
    if (abort.signal.aborted && !options.signal.aborted)
      throw new FailureError({ code: 'timeout', ms, limit: 'connect' });
    throw error;
  } finally {
    deadline.dispose();
    options.signal.removeEventListener('abort', onAbort);
  }
}

async function tryTwice(options: ConnectOptions, signal: AbortSignal): Promise<Connected> {
  let probeAnswered = false;
  try {
    return await tryOnce(options, signal, { onProbeAnswered: () => (probeAnswered = true) });
  } catch (error) {
    const failure = toFailure(error);
    // Some servers of the stateful era end when the first request is not `initialize`.
    const mayHaveDiedOfProbe = failure.code === 'connection-closed' && !probeAnswered;
    if (!mayHaveDiedOfProbe || signal.aborted) throw error;
    return await tryOnce(options, signal, { isLegacy: true });
  }
}

/** A server that takes neither form of Streamable HTTP may be one of the first revision, which had HTTP+SSE (SSE2). */
async function tryRemote(
  options: ConnectOptions,
  transport: RemoteSpec['transport'],
  signal: AbortSignal,
): Promise<Connected> {
  if (transport === 'sse') return await tryOnce(options, signal, OLD_HTTP);
  try {
    return await tryOnce(options, signal, {});
  } catch (error) {
    if (transport === 'http' || signal.aborted || !mayBeOldServer(toFailure(error))) throw error;
    try {
      return await tryOnce(options, signal, OLD_HTTP);
    } catch (second) {
      // That it is no such server either is less telling than what it said first.
      throw mayBeOldServer(toFailure(second)) ? error : second;
    }
  }
}

/** What a server of HTTP+SSE answers to a POST at its stream's address. A 404 for a method that is not known comes from an endpoint. */
function mayBeOldServer(failure: Failure): boolean {
  if (isUnknownMethod(failure)) return false;
  const status =
    failure.code === 'http-error'
      ? failure.status
      : failure.code === 'server-error'
        ? failure.httpStatus
        : undefined;
  return status === 400 || status === 404 || status === 405;
}

/** How one attempt differs from the first. */
interface Attempt {
  readonly isLegacy?: true;
  readonly onProbeAnswered?: () => void;
  readonly form?: 'oldHttp';
}

const OLD_HTTP: Attempt = { isLegacy: true, form: 'oldHttp' };

async function tryOnce(
  options: ConnectOptions,
  signal: AbortSignal,
  { isLegacy, onProbeAnswered, form }: Attempt,
): Promise<Connected> {
  const { params, handlers } = options;
  let established = false;
  let closed: TransportClose | undefined;
  const transport = await options.openTransport(form);
  // Given up while its code was loaded: nothing is open yet, and nothing is to be.
  mustGoOn(signal);
  const rpc = new RpcConnection(transport, options.sessionClock, {
    ...handlers,
    onClose: (close) => {
      closed = close;
      if (established) handlers.onClose(close);
    },
  });
  options.onTrying(rpc);
  // Some transports are open only when the server has said something; one that never does must not be waited for.
  const giveUp = (): void => void rpc.close();
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    await rpc.start();
    signal.removeEventListener('abort', giveUp);
    const server = await negotiate({
      ...negotiationOf(rpc, params, options.clock, signal),
      ...(isLegacy ? { isLegacy } : {}),
      ...(onProbeAnswered === undefined ? {} : { onProbeAnswered }),
    });
    if (closed) throw closedFailure(closed);
    established = true;
    if (server.negotiated.era === 'modern') rpc.ignoreInboundRequests();
    return { rpc, server, codec: codecFor(server, params) };
  } catch (error) {
    signal.removeEventListener('abort', giveUp);
    await rpc.close();
    throw violationOr(closed, error);
  }
}

/** @throws FailureError when it was given up */
function mustGoOn({ aborted }: AbortSignal): void {
  if (aborted) throw new FailureError({ code: 'connection-closed' });
}

/** What every handshake with this server needs. */
export function negotiationOf(
  rpc: RpcConnection,
  params: ConnectParams,
  clock: Clock,
  signal: AbortSignal,
): Negotiation {
  return {
    rpc,
    clientInfo: params.clientInfo,
    offers: params.offers,
    probeMs: isRemote(params.launch) ? Number.POSITIVE_INFINITY : PROBE_MS,
    stepMs: params.timeouts.connect,
    signal,
    clock,
  };
}

function codecFor(server: ConnectedServer, params: ConnectParams): EraCodec {
  return server.negotiated.era === 'legacy'
    ? legacyCodec
    : modernCodec(server.negotiated.revision, params.clientInfo, params.offers);
}

/** The end of a connection as a failure, with how the process ended where that is known. */
export function closedFailure(close: TransportClose): FailureError {
  const exit = close.kind === 'violation' ? undefined : close.exit;
  return new FailureError({ code: 'connection-closed', ...(exit === undefined ? {} : { exit }) });
}

/** A connection that was cut for a violation says so, instead of only that it closed. */
export function violationOr(close: TransportClose | undefined, error: unknown): unknown {
  return close?.kind === 'violation' ? refused(`The server ${close.detail}.`) : error;
}
