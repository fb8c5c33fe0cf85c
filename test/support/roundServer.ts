/**
 * A server of 2026-07-28 whose one tool, `plan`, needs three things at once: a model's answer, the person's input and the workspace folders.
 * Its result is what it got.
 */

import type { JsonObject } from '../../src/base/json';
import { json, paramsOf, result, rpcError, ScriptedHttp, type HttpExchange } from './scriptedHttp';

const STATE = 'plan-1';

const INPUTS: JsonObject = {
  trail: {
    method: 'sampling/createMessage',
    params: {
      messages: [{ role: 'user', content: { type: 'text', text: 'Name a dry trail near the lake.' } }],
      maxTokens: 100,
    },
  },
  who: {
    method: 'elicitation/create',
    params: {
      mode: 'form',
      message: 'Who comes along?',
      requestedSchema: {
        type: 'object',
        properties: { name: { type: 'string', title: 'Name' } },
        required: ['name'],
      },
    },
  },
  where: { method: 'roots/list' },
};

/** Starts one. */
export async function startRoundServer(): Promise<ScriptedHttp> {
  return await ScriptedHttp.start(answer);
}

function answer(exchange: HttpExchange): void {
  const { method, response, body } = exchange;
  if (method !== 'POST') return void response.writeHead(405).end();
  switch ((body as { readonly method?: string }).method) {
    case 'server/discover':
      return result(exchange, {
        resultType: 'complete',
        supportedVersions: ['2026-07-28'],
        capabilities: { tools: {} },
      });
    case 'tools/list':
      return result(exchange, {
        resultType: 'complete',
        tools: [{ name: 'plan', title: 'Plan a walk', inputSchema: { type: 'object' } }],
      });
    case 'tools/call':
      return call(exchange);
    case undefined:
      return json(exchange, 400, {});
    default:
      return rpcError(exchange, 400, -32601);
  }
}

function call(exchange: HttpExchange): void {
  const { inputResponses, requestState } = paramsOf(exchange);
  if (inputResponses === undefined)
    return result(exchange, { resultType: 'input_required', inputRequests: INPUTS, requestState: STATE });
  const text = requestState === STATE ? JSON.stringify(inputResponses) : 'another walk';
  return result(exchange, { resultType: 'complete', content: [{ type: 'text', text }] });
}
