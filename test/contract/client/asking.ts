/** A server that asks for model answers, and what answers it. */

import assert from 'node:assert/strict';

import type { CancelSignal } from '../../../src/base/cancelSignal';
import { Deferred } from '../../../src/base/deferred';
import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { HostRequests, SamplingReply } from '../../../src/client/contract';
import type { JsonRpcMessage, RequestId } from '../../../src/protocol/jsonrpc';
import type { ClientHarness } from '../../support/clientHarness';

export const TEXT = { type: 'text', text: 'x' };

/** A model's answer, as the host gives it. */
export const ANSWER: SamplingReply = {
  kind: 'answer',
  answer: { role: 'assistant', text: 'yes', model: 'm' },
};

/** A request for a model answer among the inputs that a call needs. */
export const SAMPLE_INPUT = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'hello' } }], maxTokens: 20 },
};

/** The parameters of a request for a model answer. */
export function sampling(content: JsonValue = TEXT, more: JsonObject = {}): JsonObject {
  return { messages: [{ role: 'user', content }], maxTokens: 5, ...more };
}

/** The server sends a request with this id. */
export function send(harness: ClientHarness, id: RequestId, method: string, params?: JsonObject): void {
  harness.server.transport.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
}

/** Samplings that stay open until the test answers them. */
export function openSamplings(harness: ClientHarness): {
  replies: Deferred<SamplingReply>[];
  signals: CancelSignal[];
} {
  const replies: Deferred<SamplingReply>[] = [];
  const signals: CancelSignal[] = [];
  harness.serve.sample = (_params, signal) => {
    const reply = new Deferred<SamplingReply>();
    replies.push(reply);
    signals.push(signal);
    return reply.promise;
  };
  return { replies, signals };
}

/** Samplings that are answered at once. @returns what the host was asked, in order */
export function answerSamplings(harness: ClientHarness): HostRequests['sample']['params'][] {
  const asked: HostRequests['sample']['params'][] = [];
  harness.serve.sample = (params) => {
    asked.push(params);
    return Promise.resolve(ANSWER);
  };
  return asked;
}

/** The error that a request was answered with. */
export function errorOf(answer: JsonRpcMessage | undefined): { code: number; message: string } {
  assert.ok(answer && 'error' in answer, JSON.stringify(answer));
  return answer.error;
}
