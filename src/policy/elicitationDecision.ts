/** Whether a server's request for the person's input is put before them. */

import { safe, type SafeText } from './safeText';

/** Bounds per server (ELIC7, T145). */
export const ELICITATION_LIMITS = { waiting: 3, perCall: 5, perHour: 60 } as const;

/** What is known when a request arrives. Counts are those before it. */
export interface ElicitationSituation {
  /** Calls of the person to this server that are running. */
  readonly callsRunning: number;
  /** True when the person lets it ask at any time. */
  readonly outsideCalls: boolean;
  /** Requests of this server that wait. */
  readonly waiting: number;
  /** Requests of this server in the last hour, whatever became of them. */
  readonly requests: number;
  /** Requests that count against the call that led to this one. Where that is not known, against each that may have: the most of them. */
  readonly ofThisCall: number;
}

/** `message` goes to the server and tells nothing of the person; `reason` is for the person. */
type ElicitationDecision =
  | { readonly kind: 'ask' }
  | {
      readonly kind: 'refuse';
      readonly cause: 'unprompted' | 'hourly' | 'per-call' | 'busy';
      readonly message: string;
      readonly reason: SafeText;
    };

/** Decides whether the person is asked. Saying no is a proper answer here, so it mutes nobody. */
export function decideElicitation(situation: ElicitationSituation): ElicitationDecision {
  const { waiting, perCall, perHour } = ELICITATION_LIMITS;
  if (situation.callsRunning <= 0 && !situation.outsideCalls)
    return refuse(
      'unprompted',
      'Elicitation is only available while a call is running.',
      safe`The server asked although no call to it was running.`,
    );
  if (situation.requests >= perHour)
    return refuse(
      'hourly',
      'Too many elicitation requests; try again later.',
      safe`The server asked more than ${perHour} times in an hour.`,
    );
  if (situation.ofThisCall >= perCall)
    return refuse(
      'per-call',
      'Too many elicitation requests in one call.',
      safe`More than ${perCall} requests came in one call.`,
    );
  if (situation.waiting >= waiting)
    return refuse(
      'busy',
      'Busy: too many elicitation requests are waiting.',
      safe`More than ${waiting} requests of this server would wait.`,
    );
  return { kind: 'ask' };
}

type Refusal = Extract<ElicitationDecision, { kind: 'refuse' }>;

function refuse(cause: Refusal['cause'], message: string, reason: SafeText): Refusal {
  return { kind: 'refuse', cause, message, reason };
}
