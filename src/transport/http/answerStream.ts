/**
 * The stream on which a request is answered: read to its end, and in the stateful era taken up again where it stopped, with measure, for
 * as long as the request waits.
 */

import type { Clock } from '../../base/clock';
import { pauseFor } from '../../base/pauseFor';
import { FailureError, type Failure } from '../../protocol/failure';
import { discard } from './bodies';
import type { StreamPosition } from './eventStream';
import type { HttpReply } from './httpClient';
import { ReconnectPolicy } from './reconnectPolicy';
import { EventTooLarge } from './sseParser';
import { resumeHeaders, visitStream, type Visit } from './streamVisit';

interface AnswerStreamOptions {
  readonly clock: Clock;
  readonly maxBytes: number;
  /** Aborts when the request is no longer waited for. */
  readonly signal: AbortSignal;
  /** False where a stream that ends is lost with its request (HTTPM7). */
  readonly isResumable: boolean;
  readonly take: (data: Buffer) => Promise<void>;
  readonly isAnswered: () => boolean;
  /** Sends the GET. */
  readonly open: (extra: readonly (readonly [string, string])[]) => Promise<HttpReply>;
  /** What it means that there is no stream any more. Reads the body. */
  readonly refusal: (reply: HttpReply) => Promise<Failure>;
}

/**
 * Reads until the request is answered, or until it is clear that it will not be.
 * @throws FailureError, RedirectError, EventTooLarge, or what the connection broke with
 */
export async function readAnswerStream(first: HttpReply, options: AnswerStreamOptions): Promise<void> {
  const { clock, maxBytes, signal, take } = options;
  const policy = new ReconnectPolicy();
  const position: StreamPosition = { sawMessage: false };
  let open = (): Promise<HttpReply> => Promise.resolve(first);
  for (;;) {
    const visit = takenForBusy(await visitStream(open, { clock, maxBytes, position, take }));
    if (options.isAnswered()) return;
    if (visit.kind === 'failed') throw visit.error;
    if (visit.kind === 'refused') throw new FailureError(await options.refusal(visit.reply));
    // A stream that has ids may end and be taken up again, whoever ended it (HTTPL9 to HTTPL11).
    const canResume = options.isResumable && position.lastEventId !== undefined && !signal.aborted;
    if (!canResume || visit.error instanceof EventTooLarge) {
      if (visit.error !== undefined) throw visit.error;
      return;
    }
    // A server that says when to come back, and ends its stream, has its clients poll: that is no failure (HTTPL9, HTTPL10).
    const isPolled = position.retryMs !== undefined && visit.isByServer === true;
    const { sawMessage } = position;
    const wait = policy.next({ ...position, ...visit, sawMessage: sawMessage || isPolled });
    if (wait === undefined) return;
    await pauseFor(wait, clock, signal);
    open = () => options.open(resumeHeaders(position));
  }
}

/** A server that has not noticed yet that the connection before was cut says that there is one already: it will. */
function takenForBusy(visit: Visit): Visit {
  if (visit.kind !== 'refused' || visit.reply.status !== 409) return visit;
  discard(visit.reply);
  return { kind: 'ended', openMs: 0 };
}
