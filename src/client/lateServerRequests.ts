/**
 * What a server asks of this client is read, checked and passed on by code that is loaded with the first question: most servers never ask,
 * and each has a thread whose memory it would take.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { JsonObject } from '../base/json';
import { elicitationModes, type ClientOffers } from '../protocol/codec';
import { ErrorCode } from '../protocol/errorCodes';
import type { Failure } from '../protocol/failure';
import { ServerMethods } from '../protocol/methods';
import type { Negotiated } from '../protocol/revisions';
import { Late } from '../transport/latePart';
import type { InboundAnswer, RpcHandlers } from '../rpc/rpcHandlers';
import type { ServerRequests } from './serverRequests';
import type { CallInputs } from './serverSession';

export class LateServerRequests implements CallInputs {
  private readonly requests: Late<ServerRequests>;

  /** @param negotiated undefined until the handshake is over. */
  constructor(
    private readonly offers: ClientOffers,
    private readonly negotiated: () => Negotiated | undefined,
    load: () => Promise<ServerRequests>,
  ) {
    this.requests = new Late(load);
  }

  /** Serves a request of the stateful era. */
  async answerRequest(...asked: Parameters<RpcHandlers['onRequest']>): Promise<InboundAnswer> {
    if (asked[0] === ServerMethods.ping) return { kind: 'result', result: {} };
    return await (await this.requests.get()).answerRequest(...asked);
  }

  /** @throws FailureError when the call must be given up. */
  readonly answerInputs: CallInputs['answerInputs'] = async (...asked) =>
    await (await this.requests.get()).answerInputs(...asked);

  /**
   * True for the error with which a server of the stateful era says that addresses must be opened first, where this client has declared
   * that it can have them opened (URL8).
   */
  needsUrls(failure: Failure): boolean {
    if (failure.code !== 'server-error' || failure.rpcCode !== ErrorCode.urlElicitationRequired) return false;
    const negotiated = this.negotiated();
    return negotiated?.era === 'legacy' && elicitationModes(this.offers, negotiated.revision)?.url === true;
  }

  /** @throws FailureError when the call must be given up. */
  async openUrls(failure: Failure, callId: number, signal: CancelSignal): Promise<void> {
    await (await this.requests.get()).openUrls(failure, callId, signal);
  }

  /** The server says that what it asked for elsewhere is done (URL7). It concerns nobody who has not asked before. */
  elicitationCompleted(params: JsonObject): void {
    this.requests.ifAsked?.then((requests) => requests.elicitationCompleted(params)).catch(() => undefined); // Whoever asked is told.
  }
}
