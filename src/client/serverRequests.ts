/** What a server may ask of this client, in either form: as a request of its own, or as the input a call waits for. */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import type { JsonObject } from '../base/json';
import { SharedWork } from '../base/sharedWork';
import { takesSamplingTools, type InputRequest } from '../protocol/codec';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, refused, type Failure } from '../protocol/failure';
import { ServerMethods } from '../protocol/methods';
import { readSamplingRequest, writeSamplingAnswer } from '../protocol/readSampling';
import type { Negotiated } from '../protocol/revisions';
import { wireError } from '../rpc/answerWriter';
import type { InboundAnswer, Led } from '../rpc/rpcHandlers';
import type { SessionClock } from '../rpc/sessionClock';
import type { ConnectParams, RequestOrigin, Root, SamplingReply } from './contract';
import type { SamplingRequest } from '../protocol/sampling';
import { Elicitations, type ElicitationServices } from './elicitations';
import { PerSecond } from './perSecond';

/** Model requests that wait for the host at once; a person decides them one by one, and each is copied to the host's thread. */
const MAX_OPEN_SAMPLINGS = 3;
/** What reaches the host per second: it refuses most at once, and must not be kept busy with that. */
const REQUESTS_PER_SECOND = 20;

type ReadSampling = ReturnType<typeof readSamplingRequest>;

/** The host's side of these requests. */
export interface HostServices extends ElicitationServices {
  sample(request: SamplingRequest, origin: RequestOrigin, signal: CancelSignal): Promise<SamplingReply>;
  roots(origin: RequestOrigin, signal: CancelSignal): Promise<readonly Root[]>;
}

export class ServerRequests {
  private readonly roots = new SharedWork<readonly Root[]>(() => new FailureError({ code: 'cancelled' }));
  private readonly rootsRate: PerSecond;
  private readonly samplingRate: PerSecond;
  private readonly elicitations: Elicitations;
  private openSamplings = 0;

  /** @param negotiated undefined until the handshake is over: nothing is served before (LIFE4). */
  constructor(
    private readonly host: HostServices,
    private readonly offers: ConnectParams['offers'],
    private readonly sessionClock: SessionClock,
    clock: Clock,
    private readonly negotiated: () => Negotiated | undefined,
  ) {
    this.rootsRate = new PerSecond(clock, REQUESTS_PER_SECOND);
    this.samplingRate = new PerSecond(clock, REQUESTS_PER_SECOND);
    this.elicitations = new Elicitations(
      host,
      offers,
      sessionClock,
      new PerSecond(clock, REQUESTS_PER_SECOND),
    );
  }

  /** Serves a request of the stateful era. */
  async answerRequest(
    method: string,
    params: JsonObject,
    signal: CancelSignal,
    led?: Led,
  ): Promise<InboundAnswer> {
    if (method === ServerMethods.createMessage && this.offers.sampling) {
      const negotiated = this.negotiated();
      if (!negotiated) return wireError(ErrorCode.invalidRequest, 'Not initialized.');
      return await this.answerSampling(this.readSampling(params, negotiated), signal, originOf(led));
    }
    if (method === ServerMethods.listRoots && this.offers.roots) {
      if (!this.negotiated()) return wireError(ErrorCode.invalidRequest, 'Not initialized.');
      if (!this.roots.isUnderWay && !this.rootsRate.admit())
        return wireError(ErrorCode.busy, 'Busy: too many requests for roots.');
      return await this.answerRoots(originOf(led), signal);
    }
    if (method === ServerMethods.elicit && this.offers.elicitation) {
      const negotiated = this.negotiated();
      if (!negotiated) return wireError(ErrorCode.invalidRequest, 'Not initialized.');
      return await this.elicitations.answerRequest(params, negotiated.revision, signal, originOf(led));
    }
    return wireError(ErrorCode.methodNotFound, 'Method not found.');
  }

  /**
   * Answers the input requests of one round of the stateless era, under their own keys.
   * All are read before the first is served, so that nobody is asked for a call that must be given up anyway.
   * @throws FailureError when the call must be given up.
   */
  readonly answerInputs = async (
    inputs: readonly InputRequest[],
    callId: number,
    signal: CancelSignal,
  ): Promise<JsonObject> => {
    const serve = inputs.map((input, index) => {
      const part = inputs.length > 1 ? { part: { index: index + 1, of: inputs.length } } : {};
      return [input.key, this.readInput(input, { kind: 'call', callId, ...part })] as const;
    });
    const responses = Object.create(null) as Record<string, JsonObject>;
    // One after the other: a person can only be asked one thing at a time.
    for (const [key, answer] of serve) responses[key] = await answer(signal);
    return responses;
  };

  /**
   * Has the person open what an error asks for, and waits until they are done (URL8).
   * @throws FailureError when the call must be given up.
   */
  async openUrls(failure: Failure, callId: number, signal: CancelSignal): Promise<void> {
    await this.elicitations.openUrls(failure, originOf(callId), signal);
  }

  /** The server says that what it asked for elsewhere is done. Unknown ids are ignored (URL7). */
  elicitationCompleted(params: JsonObject): void {
    this.elicitations.completed(params);
  }

  private readInput(
    input: InputRequest,
    origin: RequestOrigin,
  ): (signal: CancelSignal) => Promise<JsonObject> {
    if (input.method === ServerMethods.listRoots && this.offers.roots)
      return (signal) => this.listRoots(origin, signal);
    const negotiated = this.negotiated();
    if (input.method === ServerMethods.elicit && this.offers.elicitation && negotiated)
      return this.elicitations.readInput(input.params, negotiated.revision, origin);
    if (input.method !== ServerMethods.createMessage || !this.offers.sampling || !negotiated)
      throw refused('The server asked for an input that this host does not offer, so the call was given up.');
    const request = this.readSampling(input.params, negotiated);
    if (!request.ok)
      throw refused(`The server sent an invalid model request (${request.error}), so the call was given up.`);
    return (signal) => this.sampleForCall(request.value, origin, signal);
  }

  private async sampleForCall(
    request: SamplingRequest,
    origin: RequestOrigin,
    signal: CancelSignal,
  ): Promise<JsonObject> {
    const reply = await this.host.sample(request, origin, signal);
    switch (reply.kind) {
      case 'answer':
        return writeSamplingAnswer(reply.answer);
      case 'rejected':
        throw refused(
          'You denied the model request of this call, or refused its answer, so the call was given up.',
        );
      case 'unavailable':
        throw refused(
          `The model request of this call was not served, so the call was given up: ${reply.message}`,
        );
    }
  }

  private readSampling(params: JsonObject, { revision }: Negotiated): ReadSampling {
    return readSamplingRequest(params, { tools: takesSamplingTools(this.offers, revision) });
  }

  private async answerSampling(
    request: ReadSampling,
    signal: CancelSignal,
    origin: RequestOrigin,
  ): Promise<InboundAnswer> {
    if (this.openSamplings >= MAX_OPEN_SAMPLINGS)
      return wireError(ErrorCode.busy, 'Busy: too many sampling requests are waiting.');
    if (!request.ok) return wireError(ErrorCode.invalidParams, `Invalid params: ${request.error}.`);
    if (!this.samplingRate.admit())
      return wireError(ErrorCode.busy, 'Busy: too many sampling requests a second.');
    // While a person decides, the deadlines of our own calls stand still.
    const pause = this.sessionClock.pause();
    this.openSamplings++;
    try {
      const reply = await this.host.sample(request.value, origin, signal);
      switch (reply.kind) {
        case 'answer':
          return { kind: 'result', result: writeSamplingAnswer(reply.answer) };
        case 'rejected':
          return wireError(ErrorCode.userRejected, 'User rejected sampling request');
        case 'unavailable':
          return wireError(ErrorCode.internalError, reply.message);
      }
    } finally {
      this.openSamplings--;
      pause.dispose();
    }
  }

  private async answerRoots(origin: RequestOrigin, signal: CancelSignal): Promise<InboundAnswer> {
    // The person may be asked, and while they decide the deadlines of our own calls stand still.
    const pause = this.sessionClock.pause();
    try {
      return { kind: 'result', result: await this.listRoots(origin, signal) };
    } finally {
      pause.dispose();
    }
  }

  /** @param origin of whoever asked first, when several ask at once: all get the same. */
  private async listRoots(origin: RequestOrigin, signal: CancelSignal): Promise<JsonObject> {
    const roots = await this.roots.join((end) => this.host.roots(origin, end), signal);
    return { roots: roots.map(({ uri, name }) => ({ uri, name })) };
  }
}

/** Which of several running calls led to a request cannot be known without a stream of its own. */
function originOf(led: Led): RequestOrigin {
  if (led === undefined) return { kind: 'unattributed' };
  return led === 'ended' ? { kind: 'ended' } : { kind: 'call', callId: led };
}
