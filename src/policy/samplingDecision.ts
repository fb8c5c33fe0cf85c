/** Whether a server's request for a model answer is put before the person, and the answer to it as well. */

import { safe, type SafeText } from './safeText';
import type { SamplingRule } from './serverEntry';

/** Bounds per server (T134, T136). */
export const SAMPLING_LIMITS = {
  waiting: 3,
  perCall: 10,
  perHour: 30,
  /** This many denials within {@link SAMPLING_LIMITS.denialWindowMs} mute the server for the rest of the session. */
  denials: 3,
  denialWindowMs: 300_000,
} as const;

/** What is known when a request arrives. Counts are those before it. */
export interface SamplingSituation {
  readonly rule: SamplingRule;
  /** Calls of the person to this server that are running. */
  readonly callsRunning: number;
  /** Requests of this server that wait for a decision. */
  readonly waiting: number;
  readonly recent: {
    /** Requests of this server in the last hour, whatever became of them. */
    readonly requests: number;
    /** When the person denied one in this session: monotonic milliseconds, ascending. Never shortened. */
    readonly deniedAt: readonly number[];
    /** Requests that count against the call that led to this one. Where that is not known, against each that may have: the most of them. */
    readonly ofThisCall: number;
  };
}

/** Why a request is refused without asking the person. */
export type RefusalCause = 'off' | 'muted' | 'unprompted' | 'hourly' | 'per-call' | 'busy';

/** `message` goes to the server and tells nothing of the person; `reason` is for the person. */
type SamplingDecision =
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'refuse';
      readonly cause: RefusalCause;
      readonly message: string;
      readonly reason: SafeText;
    };

/** Decides whether the person is asked. There is no way to an answer without asking. */
export function decideSampling(situation: SamplingSituation): SamplingDecision {
  const { rule, recent } = situation;
  if (rule.kind === 'off') {
    return refuse('off', 'Sampling is not available.', safe`Sampling is off for this server.`);
  }
  if (isMuted(recent.deniedAt)) {
    return refuse(
      'muted',
      'Sampling is not available.',
      safe`Muted for the rest of this session: its requests were denied ${SAMPLING_LIMITS.denials} times in a short while.`,
    );
  }
  if (situation.callsRunning <= 0 && !rule.outsideCalls) {
    return refuse(
      'unprompted',
      'Sampling is only available while a call is running.',
      safe`The server asked although no call to it was running.`,
    );
  }
  if (recent.requests >= SAMPLING_LIMITS.perHour) {
    return refuse(
      'hourly',
      'Too many sampling requests; try again later.',
      safe`The server asked more than ${SAMPLING_LIMITS.perHour} times in an hour.`,
    );
  }
  if (recent.ofThisCall >= SAMPLING_LIMITS.perCall) {
    return refuse(
      'per-call',
      'Too many sampling requests in one call.',
      safe`More than ${SAMPLING_LIMITS.perCall} requests came in one call.`,
    );
  }
  if (situation.waiting >= SAMPLING_LIMITS.waiting) {
    return refuse(
      'busy',
      'Busy: too many sampling requests are waiting.',
      safe`More than ${SAMPLING_LIMITS.waiting} requests of this server would wait.`,
    );
  }
  return { kind: 'ask' };
}

function refuse(cause: RefusalCause, message: string, reason: SafeText): SamplingDecision {
  return { kind: 'refuse', cause, message, reason };
}

/** True once any {@link SAMPLING_LIMITS.denials} denials lie within the window; time alone never takes it back. */
export function isMuted(deniedAt: readonly number[]): boolean {
  const { denials, denialWindowMs } = SAMPLING_LIMITS;
  return deniedAt.some((last, index) => {
    const first = deniedAt[index - denials + 1];
    return first !== undefined && last - first <= denialWindowMs;
  });
}

/** What decides whether the person sees a model's answer before the server gets it. */
interface AnswerSituation {
  readonly rule: SamplingRule;
  /** The entry is the person's own; what another one says about reviews does not count (T007). */
  readonly isOwn: boolean;
  /** The setting for all servers. */
  readonly reviewAnswers: boolean;
  /** The person edited the request. */
  readonly edited: boolean;
}

/**
 * Whether an answer waits for the person (SAMP2). One to an edited request always does: it may hold what the person wrote there, which the
 * server has never seen (T141); any other is made of the server's own text, so its review can be switched off.
 */
export function mustReviewAnswer({ rule, isOwn, reviewAnswers, edited }: AnswerSituation): boolean {
  if (edited) return true;
  const ofEntry = isOwn && rule.kind === 'ask' ? rule.reviewAnswer : undefined;
  return ofEntry ?? reviewAnswers;
}
