/** What a server may ask of this client, in either form: as a request of its own, or as the input a call waits for. */

import type { JsonObject } from '../base/json';
import type { InputRequest } from '../protocol/codec';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError } from '../protocol/failure';
import { ServerMethods } from '../protocol/methods';
import { readSamplingRequest, writeSamplingAnswer } from '../protocol/readSampling';
import type { InboundAnswer } from '../rpc/rpcHandlers';
import type { SessionClock } from '../rpc/sessionClock';
import type { ConnectParams, RequestOrigin, Root, SamplingReply } from './contract';
import type { SamplingRequest } from '../protocol/sampling';

/** The host's side of these requests. */
export interface HostServices {
  sample(request: SamplingRequest, origin: RequestOrigin, signal: AbortSignal): Promise<SamplingReply>;
  roots(signal: AbortSignal): Promise<readonly Root[]>;
}

export class ServerRequests {
  constructor(
    private readonly host: HostServices,
    private readonly offers: ConnectParams['offers'],
    private readonly clock: SessionClock,
    /** False until the handshake is over: nothing but `ping` is served before (LIFE4). */
    private readonly isReady: () => boolean,
  ) {}

  /** Serves a request of the stateful era. */
  async answerRequest(method: string, params: JsonObject, signal: AbortSignal): Promise<InboundAnswer> {
    if (method === ServerMethods.ping) return { kind: 'result', result: {} };
    if (method === ServerMethods.createMessage && this.offers.sampling) {
      if (!this.isReady()) return wireError(ErrorCode.invalidRequest, 'Not initialized.');
      return await this.answerSampling(params, signal);
    }
    if (method === ServerMethods.listRoots && this.offers.roots) {
      if (!this.isReady()) return wireError(ErrorCode.invalidRequest, 'Not initialized.');
      return { kind: 'result', result: await this.listRoots(signal) };
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
    signal: AbortSignal,
  ): Promise<JsonObject> => {
    const serve = inputs.map((input) => [input.key, this.readInput(input, callId)] as const);
    const responses = Object.create(null) as Record<string, JsonObject>;
    // One after the other: a person can only be asked one thing at a time.
    for (const [key, answer] of serve) responses[key] = await answer(signal);
    return responses;
  };

  private readInput(input: InputRequest, callId: number): (signal: AbortSignal) => Promise<JsonObject> {
    if (input.method === ServerMethods.listRoots && this.offers.roots)
      return (signal) => this.listRoots(signal);
    if (input.method !== ServerMethods.createMessage || !this.offers.sampling)
      throw giveUp('The server asked for an input that this host does not offer, so the call was given up.');
    const request = readSamplingRequest(input.params);
    if (!request.ok)
      throw giveUp(`The server sent an invalid model request (${request.error}), so the call was given up.`);
    return (signal) => this.sampleForCall(request.value, callId, signal);
  }

  private async sampleForCall(
    request: SamplingRequest,
    callId: number,
    signal: AbortSignal,
  ): Promise<JsonObject> {
    const reply = await this.host.sample(request, { kind: 'call', callId }, signal);
    switch (reply.kind) {
      case 'answer':
        return writeSamplingAnswer(reply.answer);
      case 'rejected':
        throw giveUp('You denied the model request of this call, so the call was given up.');
      case 'unavailable':
        throw giveUp(
          `The model request of this call was not served, so the call was given up: ${reply.message}`,
        );
    }
  }

  private async answerSampling(params: JsonObject, signal: AbortSignal): Promise<InboundAnswer> {
    const request = readSamplingRequest(params);
    if (!request.ok) return wireError(ErrorCode.invalidParams, `Invalid params: ${request.error}.`);
    // While a person decides, the deadlines of our own calls stand still.
    const pause = this.clock.pause();
    try {
      const reply = await this.host.sample(request.value, { kind: 'unattributed' }, signal);
      switch (reply.kind) {
        case 'answer':
          return { kind: 'result', result: writeSamplingAnswer(reply.answer) };
        case 'rejected':
          return wireError(ErrorCode.userRejected, 'User rejected sampling request');
        case 'unavailable':
          return wireError(ErrorCode.internalError, reply.message);
      }
    } finally {
      pause.dispose();
    }
  }

  private async listRoots(signal: AbortSignal): Promise<JsonObject> {
    const roots = await this.host.roots(signal);
    return { roots: roots.map(({ uri, name }) => ({ uri, name })) };
  }
}

function wireError(code: number, message: string): InboundAnswer {
  return { kind: 'error', code, message };
}

function giveUp(detail: string): FailureError {
  return new FailureError({ code: 'refused', detail });
}
