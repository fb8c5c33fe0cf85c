/** How an attempt to start a server ends. */

import { isBusy, type Failure, type NetworkProblem } from '../protocol/failure';
import type { ConnectedServer } from '../protocol/model';
import type { ConnectionLoss, ServerConnection } from './serverConnection';
import type { FailureCause, Identity, LastWords, StopReason } from './serverState';

/** `stopped` when nothing is wrong, and it is not to run; `failed` when something is. */
export type AttemptOutcome =
  | { readonly kind: 'stopped'; readonly why: StopReason }
  | { readonly kind: 'failed'; readonly cause: FailureCause }
  | {
      readonly kind: 'running';
      readonly connection: ServerConnection;
      readonly server: ConnectedServer;
      readonly account?: Identity;
    };

/** Nothing is wrong, and nothing runs. */
export function stopped(why: StopReason): AttemptOutcome {
  return { kind: 'stopped', why };
}

/** Something is wrong. */
export function failed(cause: FailureCause): AttemptOutcome {
  return { kind: 'failed', cause };
}

/** An unasked end as a cause. */
export function lossCause(loss: ConnectionLoss, words: LastWords): FailureCause {
  return loss.kind === 'client-lost'
    ? { kind: 'client-lost', detail: loss.detail, ...words }
    : { kind: 'failure', ...loss.end, ...words };
}

/**
 * True when another start may go better: the process, or its client, ended by itself. What was ended from here, cannot be started, or is not
 * understood, is no crash.
 */
export function isCrash(cause: FailureCause): boolean {
  if (cause.kind !== 'failure') return cause.kind === 'client-lost';
  return cause.failure.code === 'connection-closed' || cause.failure.code === 'timeout';
}

/** Where a server that is being started again may not be there yet. */
const NOT_THERE: readonly NetworkProblem[] = ['refused', 'unknown-host', 'unreachable', 'cut', 'timeout'];

/** The same of a remote server: the way to it broke, or it cannot be reached for now. */
export function isCutOff(cause: FailureCause): boolean {
  if (cause.kind !== 'failure') return false;
  const { failure } = cause;
  if (failure.code === 'network') return NOT_THERE.includes(failure.problem);
  if (failure.code === 'http-error' && failure.status >= 500) return true;
  return isBusy(failure) || ['connection-closed', 'timeout', 'answer-lost'].includes(failure.code);
}

/** What kept a server from running. @param loss how its connection ended, if it did so by itself */
export function startCause(
  failure: Failure,
  loss: ConnectionLoss | undefined,
  words: LastWords,
): FailureCause {
  if (loss?.kind === 'client-lost') return lossCause(loss, words);
  const exit = failure.code === 'connection-closed' ? failure.exit : undefined;
  return { kind: 'failure', failure, ...(exit === undefined ? {} : { exit }), ...words };
}
