/**
 * Finds out which era and revision a server speaks (spec: 2026-07-28 basic/versioning and basic/transports/stdio, dual-era clients).
 * `server/discover` goes first; anything but a modern answer, or silence, means `initialize`.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../base/json';
import { clientCapabilities, modernMeta, type ClientOffers } from '../protocol/codec';
import { cutText } from '../protocol/cutText';
import { isModernErrorCode, ErrorCode } from '../protocol/errorCodes';
import { FailureError, invalidResult, toFailure, type Failure } from '../protocol/failure';
import { Handshake } from '../protocol/methods';
import type { ConnectedServer, Implementation } from '../protocol/model';
import {
  readDiscoverResult,
  readInitializeResult,
  readStrings,
  readSupportedVersions,
} from '../protocol/readServer';
import {
  LEGACY_REVISIONS,
  MODERN_REVISIONS,
  newestLegacy,
  newestModern,
  type LegacyRevision,
  type ModernRevision,
} from '../protocol/revisions';
import type { RpcConnection } from '../rpc/rpcConnection';

/** What finding out how to talk to a server needs. */
export interface Negotiation {
  readonly rpc: Pick<RpcConnection, 'request' | 'notify' | 'established'>;
  readonly clientInfo: Implementation;
  readonly offers: ClientOffers;
  /**
   * Milliseconds a server may take to answer the probe before `initialize` is tried as well; infinite over HTTP, where silence says
   * nothing about the era.
   */
  readonly probeMs: number;
  /** Milliseconds for each step in all. */
  readonly stepMs: number;
  /** Skips the probe: it ended a server that was started for it, or the form of HTTP is of the stateful era alone. */
  readonly isLegacy?: true;
  readonly signal: CancelSignal;
  readonly clock: Clock;
  /** Called when the server answered the probe, whatever it said. */
  readonly onProbeAnswered?: () => void;
}

/** Whoever asks must sign in first, may not, or asks too often. */
const MAY_NOT: readonly number[] = [401, 403, 429];

/** What the probe said. */
type Probe =
  | { readonly kind: 'modern'; readonly server: ConnectedServer }
  /** The versions a modern server named, none of them modern to us. */
  | { readonly kind: 'versions'; readonly offered: readonly string[] }
  | { readonly kind: 'legacy' }
  /** An error by which some servers of the stateful era say that they do not know the probe, and which says nothing of any other. */
  | { readonly kind: 'unclear'; readonly failure: Failure }
  | { readonly kind: 'failed'; readonly failure: Failure };

/**
 * Negotiates.
 * @throws FailureError `unsupported-version`, `connection-closed`, `timeout`, `cancelled`, `server-error` or `invalid-result`.
 */
export async function negotiate(n: Negotiation): Promise<ConnectedServer> {
  if (n.isLegacy) return await initialize(n, LEGACY_REVISIONS[0]);
  const abandon = new AbortController();
  const onAbort = (): void => abandon.abort(n.signal.reason);
  n.signal.addEventListener('abort', onAbort, { once: true });
  const attempt: Negotiation = { ...n, signal: abandon.signal };
  try {
    const probe = discover(attempt, MODERN_REVISIONS[0]);
    const first = await withinProbeTime(n, probe);
    return first === 'silent' ? await askBoth(attempt, probe) : await follow(attempt, first);
  } finally {
    // Whichever of the two was not needed is not waited for: a late answer changes nothing any more.
    abandon.abort('no longer needed');
    n.signal.removeEventListener('abort', onAbort);
  }
}

/** Slow or silent: `initialize` is asked too, but a late answer to the probe still counts until that is answered. */
async function askBoth(n: Negotiation, probe: Promise<Probe>): Promise<ConnectedServer> {
  const late = new Deferred<ConnectedServer>();
  void probe.then((answer) => {
    if (answer.kind === 'modern') late.resolve(answer.server);
  });
  const handshake = initialize(n, LEGACY_REVISIONS[0]).catch(async (error: unknown) => {
    // A server that must look up what it is may refuse `initialize` before it answers the probe.
    const answer = await withinProbeTime(n, probe);
    if (answer !== 'silent' && answer.kind === 'modern') return answer.server;
    throw error;
  });
  return await Promise.race([late.promise, handshake]);
}

async function follow(n: Negotiation, probe: Probe): Promise<ConnectedServer> {
  switch (probe.kind) {
    case 'modern':
      return probe.server;
    case 'legacy':
      return await initialize(n, LEGACY_REVISIONS[0]);
    case 'versions': {
      // A legacy version in a modern list exists only behind the handshake.
      const legacy = newestLegacy(probe.offered);
      if (legacy) return await initialize(n, legacy);
      throw new FailureError({ code: 'unsupported-version', offered: probe.offered });
    }
    case 'unclear':
      // Whoever takes the handshake is of the stateful era; of anybody else the first answer tells most.
      return await initialize(n, LEGACY_REVISIONS[0]).catch((error: unknown) => {
        throw saysLess(toFailure(error)) ? new FailureError(probe.failure) : error;
      });
    case 'failed':
      throw new FailureError(probe.failure);
  }
}

async function withinProbeTime(n: Negotiation, probe: Promise<Probe>): Promise<Probe | 'silent'> {
  const silence = new Deferred<'silent'>();
  const timer = n.clock.schedule(n.probeMs, () => silence.resolve('silent'));
  try {
    return await Promise.race([probe, silence.promise]);
  } finally {
    timer.dispose();
  }
}

/** Never rejects: every outcome of the probe is a step of the algorithm. */
async function discover(n: Negotiation, revision: ModernRevision, retried = false): Promise<Probe> {
  let raw: JsonValue;
  try {
    raw = await n.rpc.request(
      Handshake.discover,
      { _meta: modernMeta(revision, n.clientInfo, n.offers) },
      { deadlines: { idle: n.stepMs, total: n.stepMs }, signal: n.signal },
    );
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'server-error') n.onProbeAnswered?.();
    return await followProbeError(n, failure, retried);
  }
  n.onProbeAnswered?.();
  const offered = readSupportedVersions(raw);
  if (!isObject(raw) || !offered) return { kind: 'legacy' };
  const chosen = newestModern(offered);
  if (!chosen) return { kind: 'versions', offered };
  const negotiated = { era: 'modern', revision: chosen } as const;
  n.rpc.established(negotiated);
  return { kind: 'modern', server: readDiscoverResult(raw, negotiated) };
}

async function followProbeError(n: Negotiation, failure: Failure, retried: boolean): Promise<Probe> {
  if (isUnclear(failure)) return { kind: 'unclear', failure };
  if (saysNothing(failure, n.probeMs)) return { kind: 'failed', failure };
  // Any error but a modern one means legacy; the code itself decides nothing else (VER4).
  if (failure.code !== 'server-error' || !isModernErrorCode(failure.rpcCode)) return { kind: 'legacy' };
  if (failure.rpcCode !== ErrorCode.unsupportedProtocolVersion) return { kind: 'failed', failure };
  const offered = readOffered(failure.data);
  const chosen = newestModern(offered);
  // One that refuses the very revision that it names is told in its own words.
  if (chosen) return retried ? { kind: 'failed', failure } : await discover(n, chosen, true);
  return { kind: 'versions', offered };
}

/** True for the HTTP errors of a program that fails at a request it does not know. Others come from what stands before the server. */
function isUnclear(failure: Failure): boolean {
  return failure.code === 'http-error' && (failure.status === 500 || failure.status === 501);
}

/** True for how a server that has no handshake refuses it. */
function saysLess(failure: Failure): boolean {
  if (failure.code === 'http-error') return !MAY_NOT.includes(failure.status);
  return failure.code === 'invalid-result' || failure.code === 'unsupported-version';
}

/** True when the server was not reached or not asked, so that nothing is known of its era. */
function saysNothing(failure: Failure, probeMs: number): boolean {
  switch (failure.code) {
    case 'connection-closed':
    case 'cancelled':
    case 'network':
    case 'redirected':
    case 'answer-lost':
    case 'sign-in-needed':
    case 'sign-in-closed':
    case 'sign-in-denied':
    case 'authorization':
      return true;
    case 'timeout':
      return probeMs === Number.POSITIVE_INFINITY;
    case 'http-error':
      return failure.status >= 500 || MAY_NOT.includes(failure.status);
    case 'server-error':
      // What is busy, or refuses whoever asks, may say so in JSON-RPC.
      return failure.httpStatus !== undefined && [...MAY_NOT, 503].includes(failure.httpStatus);
    default:
      return false;
  }
}

/**
 * Opens a new session with a server of the stateful era that has lost the one before.
 * @throws FailureError also when it is not the same revision any more.
 */
export async function renewSession(n: Negotiation, revision: LegacyRevision): Promise<void> {
  const { negotiated } = await initialize(n, revision);
  if (negotiated.revision !== revision)
    throw new FailureError({ code: 'unsupported-version', offered: [negotiated.revision] });
}

async function initialize(n: Negotiation, wanted: LegacyRevision, retried = false): Promise<ConnectedServer> {
  const params: JsonObject = {
    protocolVersion: wanted,
    capabilities: clientCapabilities(n.offers, wanted),
    clientInfo: { ...n.clientInfo },
  };
  let raw: JsonValue;
  try {
    raw = await n.rpc.request(Handshake.initialize, params, {
      deadlines: { idle: n.stepMs, total: n.stepMs },
      signal: n.signal,
      neverCancel: true,
    });
  } catch (error) {
    const offered = versionsInRefusal(error);
    if (!offered) throw error;
    const chosen = newestLegacy(offered);
    // Some servers refuse what they do not speak instead of answering with what they do.
    if (chosen && chosen !== wanted && !retried) return await initialize(n, chosen, true);
    const modern = newestModern(offered);
    throw modern ? notAsItSays(modern) : new FailureError({ code: 'unsupported-version', offered });
  }
  const version = isObject(raw) ? ownString(raw, 'protocolVersion') : undefined;
  if (!isObject(raw) || version === undefined)
    throw invalidResult('the answer to initialize has no protocolVersion');
  const revision = LEGACY_REVISIONS.find((known) => known === version);
  if (newestModern([version])) throw notAsItSays(version);
  if (!revision) throw new FailureError({ code: 'unsupported-version', offered: [cutText(version, 64)] });
  const negotiated = { era: 'legacy', revision } as const;
  n.rpc.established(negotiated);
  n.rpc.notify(Handshake.initialized);
  return readInitializeResult(raw, negotiated);
}

/** A server that names, behind the handshake, a revision that has none, and gave no answer to the probe that belongs to it. */
function notAsItSays(revision: string): FailureError {
  return invalidResult(`it names revision ${revision}, but does not answer server/discover as that says`);
}

/** The versions that a refusal of `initialize` names, if any. */
function versionsInRefusal(error: unknown): readonly string[] | undefined {
  const failure = toFailure(error);
  if (failure.code !== 'server-error') return undefined;
  const offered = readOffered(failure.data);
  return offered.length > 0 ? offered : undefined;
}

function readOffered(data: string | undefined): readonly string[] {
  // Data that were cut are too long to be a list of versions.
  const parsed = parseJson(data ?? '');
  return isObject(parsed) ? (readStrings(own(parsed, 'supported')) ?? []) : [];
}
