/**
 * A session after negotiation: dresses requests for the era, respects what the server declared, and carries the rounds in which a
 * server of the stateless era asks for input before it answers.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { Deferred } from '../base/deferred';
import type { JsonObject, JsonValue } from '../base/json';
import { LOG_LEVEL, type EraCodec, type InputRequest } from '../protocol/codec';
import { pauseFor } from '../base/pauseFor';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, invalidResult, refused, toFailure, type Failure } from '../protocol/failure';
import { ClientMethods, type ClientMethod } from '../protocol/methods';
import type { LogLevel } from '../protocol/logLevels';
import type { ConnectedServer } from '../protocol/model';
import type { Task } from '../protocol/tasks';
import type { OpenToken, Progress } from '../rpc/progressTokens';
import { unanswered } from '../rpc/requestFailure';
import type { RpcConnection } from '../rpc/rpcConnection';
import type { RequestOptions } from '../rpc/rpcHandlers';
import type { SendHints } from '../transport/transport';
import type { Timeouts } from './contract';
import type { ResultCache } from './resultCache';
import type { SessionRenewal } from './sessionRenewal';

/** Rounds of input a server may ask for in one call (T147). */
const MAX_ROUNDS = 10;
/** Times a call is made again because the person has opened what it needed first; each takes their word (URL8). */
const MAX_URL_ROUNDS = 3;
/** Pause before an answerless retry, doubled each time up to the longest. */
const RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

/** Of one call of the person. */
export interface CallOptions {
  /** Names the call in what the server asks for on its way. */
  readonly callId: number;
  readonly signal: CancelSignal;
  readonly onProgress?: (progress: Progress) => void;
  readonly hints?: SendHints;
  /** Gives other hints for a request that the server of the stateless era refused to read for its headers (HDR6). @throws FailureError */
  readonly newHints?: () => Promise<SendHints>;
  /** Takes over when the server makes a task of the call, until that has a result. */
  readonly onTask?: (task: Task) => Promise<JsonObject>;
}

/** What a session may have beside its connection. */
interface SessionParts {
  /** Where sessions can be lost. */
  readonly renewal?: SessionRenewal | undefined;
  /** In the stateless era, which alone says how long a result may be used. */
  readonly cache?: ResultCache | undefined;
  /** Goes with every request, so that its log messages come (LOG2). */
  readonly logLevel?: LogLevel | undefined;
}

/**
 * Answers what a running call is waiting for: key of the request → its response.
 * @throws FailureError when the call must be given up: the stateless era has no way to say no (SAMP12, MRTR8).
 */
type AnswerInputs = (
  requests: readonly InputRequest[],
  callId: number,
  signal: CancelSignal,
) => Promise<JsonObject>;

/** What a call can need before it is answered. */
export interface CallInputs {
  readonly answerInputs: AnswerInputs;
  /** True for the error that asks for addresses to be opened first. */
  needsUrls(failure: Failure): boolean;
  /** @throws FailureError when the call must be given up. */
  openUrls(failure: Failure, callId: number, signal: CancelSignal): Promise<void>;
}

export class ServerSession {
  private readonly deadlines: RequestOptions['deadlines'];

  constructor(
    readonly server: ConnectedServer,
    private readonly rpc: RpcConnection,
    private readonly codec: EraCodec,
    timeouts: Timeouts,
    readonly inputs: CallInputs,
    private readonly clock: Clock,
    private readonly parts: SessionParts = {},
  ) {
    this.deadlines = { idle: timeouts.request, total: timeouts.total };
  }

  /** True when the server can be asked this. */
  offers(method: ClientMethod): boolean {
    return method.offered(this.server.capabilities, this.server.negotiated);
  }

  /** What the server answered to this before, while it may be used again. */
  cached(method: ClientMethod, params: JsonObject): JsonObject | undefined {
    return this.parts.cache?.find(method, params);
  }

  /**
   * Sends one request that is no call of the person, or only a part of one: lists, subscriptions, completion, tasks.
   * @throws FailureError
   */
  async ask(
    method: ClientMethod,
    params: JsonObject,
    signal: CancelSignal,
    more: Partial<RequestOptions> = {},
  ): Promise<JsonObject> {
    this.requireOffered(method);
    const keep = this.parts.cache?.begin(method);
    const options = { deadlines: this.deadlines, signal, ...more };
    const outcome = this.codec.read(method, await this.send(method, params, options));
    if (outcome.kind === 'complete') {
      keep?.(params, outcome.result);
      return outcome.result;
    }
    throw invalidResult(
      outcome.kind === 'invalid' ? outcome.detail : `${method.method} must not ask for input`,
    );
  }

  /**
   * Makes a call, answering what the server asks for in between (MRTR).
   * @throws FailureError
   */
  async call(method: ClientMethod, params: JsonObject, options: CallOptions): Promise<JsonObject> {
    this.requireOffered(method);
    const acts = isToolCall(method);
    let requestOptions: RequestOptions = { ...options, deadlines: this.deadlines, acts };
    let { newHints } = options;
    let asked = params;
    let refusals = 0;
    for (let round = 0; ;) {
      const keep = this.parts.cache?.begin(method);
      let raw: JsonValue;
      try {
        raw = await this.send(method, asked, requestOptions);
      } catch (error) {
        if (newHints && this.isHeaderMismatch(error)) {
          // It has read nothing of this one, so asking again repeats nothing (T127).
          requestOptions = { ...requestOptions, hints: await newHints() };
          newHints = undefined;
        } else await this.prepareAgain(error, refusals++, options);
        continue;
      }
      const outcome = this.codec.read(method, raw);
      if (outcome.kind === 'complete') {
        // What was made with answers of the moment is nobody's answer to the bare request (CACHE3).
        if (round === 0) keep?.(params, outcome.result);
        return outcome.result;
      }
      if (outcome.kind === 'invalid')
        throw unanswered({ code: 'invalid-result', detail: outcome.detail }, requestOptions);
      if (outcome.kind === 'task') return await becomeTask(outcome.task, options);
      // Nobody is asked for a round that would not be sent.
      if (round === MAX_ROUNDS) throw tooManyRounds();
      const { requests, requestState } = outcome;
      if (requests.length === 0)
        await pauseFor(Math.min(RETRY_MS * 2 ** round, LONGEST_RETRY_MS), this.clock, options.signal);
      if (options.signal.aborted) throw new FailureError({ code: 'cancelled' });
      // Only the newest state is echoed, byte for byte, and only in this retry (MRTR3, MRTR5).
      asked = {
        ...params,
        ...(requests.length === 0
          ? {}
          : { inputResponses: await this.inputs.answerInputs(requests, options.callId, options.signal) }),
        ...(requestState === undefined ? {} : { requestState }),
      };
      round += 1;
      refusals = 0;
    }
  }

  /**
   * Sends, and sends once more whenever the server wanted addresses opened first and the person has done that (URL8).
   * @throws FailureError
   */
  async opening<T>(send: () => Promise<T>, options: CallOptions): Promise<T> {
    for (let refusals = 0; ; refusals++) {
      try {
        return await send();
      } catch (error) {
        await this.prepareAgain(error, refusals, options);
      }
    }
  }

  /**
   * Has the person open what the server wants opened before it does anything (URL8).
   * @param refusals how often the server has refused the same request before
   * @throws FailureError `error` itself when it asks for nothing, or too often
   */
  private async prepareAgain(error: unknown, refusals: number, options: CallOptions): Promise<void> {
    const { callId, signal } = options;
    const failure = toFailure(error);
    if (refusals === MAX_URL_ROUNDS || !this.inputs.needsUrls(failure)) throw error;
    // The error says that nothing was done yet, so asking again repeats nothing (T127).
    await this.inputs.openUrls(failure, callId, signal);
    if (signal.aborted) throw new FailureError({ code: 'cancelled' });
  }

  /** Holds an answer that was asked for without the usual deadlines to them, from now on (T040). @throws FailureError `timeout` */
  async soon<T>(answer: Promise<T>): Promise<T> {
    const late = new Deferred<never>();
    const deadline = this.rpc.clock.start(this.deadlines, (failure) =>
      late.reject(new FailureError(failure)),
    );
    try {
      return await Promise.race([answer, late.promise]);
    } finally {
      deadline.dispose();
    }
  }

  /** Hears of progress beyond the request whose params the token is added to. */
  openProgress(report: (progress: Progress) => void): OpenToken {
    return this.rpc.progress.open(report, () => undefined);
  }

  private send(method: ClientMethod, params: JsonObject, options: RequestOptions): Promise<JsonValue> {
    const { renewal } = this.parts;
    return renewal
      ? this.requestRenewing(renewal, method, params, options)
      : this.request(method, params, options);
  }

  private request(method: ClientMethod, params: JsonObject, options: RequestOptions): Promise<JsonValue> {
    return this.rpc.request(method.method, this.codec.dress(this.withLogLevel(params)), options);
  }

  /** Where the server can lose the session: there is a new one then, and what may be repeated is asked again. */
  private async requestRenewing(
    renewal: SessionRenewal,
    method: ClientMethod,
    params: JsonObject,
    options: RequestOptions,
  ): Promise<JsonValue> {
    const renewing = renewal.renewing();
    if (renewing) await renewing;
    const { session } = renewal;
    try {
      return await this.request(method, params, options);
    } catch (error) {
      if (toFailure(error).code !== 'session-lost') throw error;
      const isCall = isToolCall(method);
      // It may be that the server acted before it forgot, and a tool is never called twice (T127).
      await renewal.replace(session).catch((reason: unknown) => {
        throw isCall ? new FailureError({ ...toFailure(reason), mayHaveActed: true }) : reason;
      });
      if (isCall) throw new FailureError(NOT_REPEATED);
      return await this.request(method, params, options);
    }
  }

  /** Log messages of the stateless era come only with the request that asks for them, from servers that have any (LOG2). */
  private withLogLevel(params: JsonObject): JsonObject {
    const { logLevel } = this.parts;
    const { capabilities, negotiated } = this.server;
    if (logLevel === undefined || negotiated.era === 'legacy' || !capabilities.logging) return params;
    return { ...params, _meta: { [LOG_LEVEL]: logLevel } };
  }

  private isHeaderMismatch(error: unknown): boolean {
    const failure = toFailure(error);
    const { era } = this.server.negotiated;
    return (
      era === 'modern' && failure.code === 'server-error' && failure.rpcCode === ErrorCode.headerMismatch
    );
  }

  private requireOffered(method: ClientMethod): void {
    if (!this.offers(method)) throw new FailureError({ code: 'not-offered', feature: method.feature });
  }
}

const NOT_REPEATED: Failure = {
  code: 'refused',
  detail:
    'The server had lost its session. There is a new one now, but the call was not repeated, because the server may have acted.',
};

function isToolCall({ method }: ClientMethod): boolean {
  return method === ClientMethods.toolsCall.method;
}

async function becomeTask(task: Task, { onTask }: CallOptions): Promise<JsonObject> {
  if (!onTask) throw invalidResult('it must not become a task');
  return await onTask(task);
}

function tooManyRounds(): FailureError {
  return refused(`The server wanted yet another round after ${MAX_ROUNDS}, which is as far as a call goes.`);
}
