/**
 * A server's wish for the person's input, in all its forms: a request, an input of a call, an error that names addresses to open.
 * It reads, bounds and passes on; who decides is the host.
 */

import { abortSignalOf, type CancelSignal } from '../base/cancelSignal';
import { ownString, type JsonObject } from '../base/json';
import { elicitationModes, type ClientOffers } from '../protocol/codec';
import type { ElicitationRequest } from '../protocol/elicitation';
import { ErrorCode } from '../protocol/errorCodes';
import { refused, type Failure } from '../protocol/failure';
import { readElicitation, readRequiredUrls, writeElicitation } from '../protocol/readElicitation';
import type { Revision } from '../protocol/revisions';
import { wireError } from '../rpc/answerWriter';
import type { InboundAnswer } from '../rpc/rpcHandlers';
import type { SessionClock } from '../rpc/sessionClock';
import type { ElicitationReply, ElicitationWait, RequestOrigin } from './contract';
import type { PerSecond } from './perSecond';

/** Questions that wait for the host at once; a person answers them one by one, and each is copied to the host's thread. */
const MAX_OPEN = 3;

/** The host's side. */
export interface ElicitationServices {
  elicit(request: ElicitationRequest, origin: RequestOrigin, signal: CancelSignal): Promise<ElicitationReply>;
  awaitElicitation(
    urls: readonly string[],
    origin: RequestOrigin,
    signal: CancelSignal,
  ): Promise<ElicitationWait>;
}

/** A call that waits for what was opened to be done. */
interface Waiter {
  /** Ids the server has not called complete yet. */
  readonly ids: Set<string>;
  readonly done: AbortController;
}

export class Elicitations {
  private readonly waiters = new Set<Waiter>();
  private open = 0;

  constructor(
    private readonly host: ElicitationServices,
    private readonly offers: ClientOffers,
    private readonly sessionClock: SessionClock,
    private readonly rate: PerSecond,
  ) {}

  /** Serves a request of the stateful era. */
  async answerRequest(
    params: JsonObject,
    revision: Revision,
    signal: CancelSignal,
    origin: RequestOrigin,
  ): Promise<InboundAnswer> {
    if (!elicitationModes(this.offers, revision))
      return wireError(ErrorCode.methodNotFound, 'Method not found.');
    if (this.open >= MAX_OPEN)
      return wireError(ErrorCode.busy, 'Busy: too many elicitation requests are waiting.');
    const request = this.read(params, revision);
    if (typeof request === 'string') return wireError(ErrorCode.invalidParams, `Invalid params: ${request}.`);
    if (!this.rate.admit()) return wireError(ErrorCode.busy, 'Busy: too many elicitation requests a second.');
    // While a person decides, the deadlines of our own calls stand still.
    const pause = this.sessionClock.pause();
    this.open++;
    try {
      const reply = await this.host.elicit(request, origin, signal);
      return reply.kind === 'answer'
        ? { kind: 'result', result: writeElicitation(reply.answer) }
        : wireError(ErrorCode.internalError, reply.message);
    } finally {
      this.open--;
      pause.dispose();
    }
  }

  /**
   * Reads an input request of the stateless era.
   * @throws FailureError when the call must be given up.
   */
  readInput(
    params: JsonObject,
    revision: Revision,
    origin: RequestOrigin,
  ): (signal: CancelSignal) => Promise<JsonObject> {
    const request = this.read(params, revision);
    if (typeof request === 'string')
      throw refused(
        `The server asked for your input in an invalid way (${request}), so the call was given up.`,
      );
    return async (signal) => {
      const reply = await this.host.elicit(request, origin, signal);
      // Whatever the reason, no answer is a way of answering here, and the server may go on without (MRTR8).
      return writeElicitation(reply.kind === 'answer' ? reply.answer : { action: 'cancel' });
    };
  }

  /**
   * Has the person open each address that an error names, and waits until the server or the person says that all is done.
   * @throws FailureError when the call must be given up.
   */
  async openUrls(failure: Failure, origin: RequestOrigin, signal: CancelSignal): Promise<void> {
    const data = failure.code === 'server-error' ? failure.data : undefined;
    const required = readRequiredUrls(data, '2025-11-25');
    if (!required.ok)
      throw refused(
        `The server wants pages opened in an invalid way (${required.error}), so the call was given up.`,
      );
    const ids = required.value.flatMap(({ elicitationId }) => elicitationId ?? []);
    const waiter: Waiter = { ids: new Set(ids), done: new AbortController() };
    // Before anybody is asked: a server may be done as soon as the page is open.
    this.waiters.add(waiter);
    try {
      for (const { request } of required.value) {
        const reply = await this.host.elicit(request, origin, signal);
        if (reply.kind === 'unavailable' || reply.answer.action !== 'accept') throw refused(notOpened(reply));
      }
      await this.untilDone(
        waiter,
        required.value.map(({ request }) => request.url),
        origin,
        signal,
      );
    } finally {
      this.waiters.delete(waiter);
    }
  }

  /** `notifications/elicitation/complete`. */
  completed(params: JsonObject): void {
    const id = ownString(params, 'elicitationId');
    if (id === undefined) return;
    for (const { ids, done } of this.waiters) if (ids.delete(id) && ids.size === 0) done.abort();
  }

  private async untilDone(
    { ids, done }: Waiter,
    urls: readonly string[],
    origin: RequestOrigin,
    signal: CancelSignal,
  ): Promise<void> {
    const isDone = (): boolean => ids.size === 0;
    if (isDone()) return;
    let said: ElicitationWait;
    try {
      said = await this.host.awaitElicitation(
        urls,
        origin,
        AbortSignal.any([abortSignalOf(signal), done.signal]),
      );
    } catch (error) {
      if (isDone() && !signal.aborted) return;
      throw error;
    }
    // What the server says while the person decides comes first.
    if (said.kind === 'give-up' && !isDone())
      throw refused('You gave up what this call waited for in the browser, so the call was given up.');
  }

  private read(params: JsonObject, revision: Revision): ElicitationRequest | string {
    const read = readElicitation(params, revision);
    if (!read.ok) return read.error;
    const { request } = read.value;
    return elicitationModes(this.offers, revision)?.[request.mode] === true
      ? request
      : `the mode ${request.mode} was not declared by this client`;
  }
}

function notOpened(reply: ElicitationReply): string {
  if (reply.kind === 'unavailable')
    return `This call needs a page opened first, which was not served, so the call was given up: ${reply.message}`;
  return reply.answer.action === 'decline'
    ? 'You declined to open a page that this call needs first, so the call was given up.'
    : 'A page that this call needs first was not opened, so the call was given up.';
}
