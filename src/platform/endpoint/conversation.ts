/**
 * Asks an OpenAI-compatible endpoint for its models and for answers, over the one guarded HTTP client. Loaded when an endpoint is first
 * asked. Each question has connections of its own, which end with it.
 */

import type { Clock } from '../../base/clock';
import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../../base/json';
import { ModelError, type OnText } from '../../host/ports';
import { answerTokenLimit } from '../../policy/modelChoice';
import { endpointAddress, idsOf, isChatModel, type ModelEndpoint } from '../../policy/modelEndpoint';
import type { SamplingAnswer, SamplingRequest } from '../../protocol/sampling';
import { readBody } from '../../transport/http/bodies';
import { EVENT_STREAM } from '../../transport/http/eventStream';
import { HttpClient, type HttpReply } from '../../transport/http/httpClient';
import { SseParser } from '../../transport/http/sseParser';
import type { NetworkSettings } from '../../transport/remoteSpec';
import { readAnswer, type AnswerLimits } from '../modelAnswer';
import { ChatAnswer } from './chatAnswer';
import { toChatRequest } from './chatRequest';
import { refusalOf, toEndpointError, type Asked } from './endpointFailure';

/** Until a list of models is there, and bytes of it. */
const LIST_MS = 5_000;
const MAX_LIST_BYTES = 2_097_152;
/** Until an answer begins, and without a word of it: models that are loaded, or think, may be silent for long. */
const SILENCE_MS = 300_000;
/** Bytes of an event, of an answer that comes whole, and of all events of one. */
const MAX_EVENT_BYTES = 1_048_576;
const MAX_WHOLE_BYTES = 8_388_608;
const MAX_STREAM_BYTES = 33_554_432;

/** Which endpoint, and how it is reached. */
export interface EndpointAccess {
  readonly endpoint: ModelEndpoint;
  readonly key: string | undefined;
  readonly network: NetworkSettings;
  readonly clock: Clock;
}

/**
 * The models that the endpoint lists and that seem to talk.
 * @throws ModelError
 */
export async function listModels(access: EndpointAccess): Promise<readonly string[]> {
  const { endpoint, clock } = access;
  const over = new AbortController();
  const late = new ModelError(`The model endpoint ${endpoint.host} did not list its models in time.`);
  const timer = clock.schedule(LIST_MS, () => over.abort(late));
  try {
    return await withClient(access, access, async (http) => {
      const reply = await http.send({
        method: 'GET',
        url: endpointAddress(endpoint, 'models'),
        headers: headersOf(access, 'application/json'),
        signal: over.signal,
      });
      if (reply.status !== 200) throw (await refusalOf(reply, access, clock)).error;
      const body = await readBody(reply, MAX_LIST_BYTES);
      const list = parseJson(body?.toString('utf8') ?? '');
      const data = isObject(list) ? own(list, 'data') : undefined;
      if (!Array.isArray(data))
        throw new ModelError(`The model endpoint ${endpoint.host} sent no list of models that can be read.`);
      return idsOf(
        (data as readonly JsonValue[]).map((item) => (isObject(item) ? ownString(item, 'id') : '')),
      ).filter(isChatModel);
    });
  } finally {
    timer.dispose();
    over.abort();
  }
}

/**
 * Has a model answer a request.
 * @param signal ends the connection at once when it aborts
 * @param onText is told the beginning of the answer while it comes
 * @throws ModelError
 */
export async function converse(
  access: EndpointAccess,
  model: string,
  request: SamplingRequest,
  signal: AbortSignal,
  onText?: OnText,
): Promise<SamplingAnswer> {
  const over = new AbortController();
  const onAbort = (): void => over.abort();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) over.abort();
  try {
    return await withClient(access, { ...access, model }, async (http) => {
      const reply = await ask(http, access, toChatRequest(request, model), over.signal);
      return await readReply(reply, access, model, request, { signal: over.signal, onText });
    });
  } catch (error) {
    throw signal.aborted ? new ModelError('The request was cancelled.') : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Also ends a stream of which no more is wanted, whatever it is just waited for.
    over.abort();
  }
}

/** @throws ModelError for whatever `work` throws */
async function withClient<T>(
  { network, clock }: EndpointAccess,
  asked: Asked,
  work: (http: HttpClient) => Promise<T>,
): Promise<T> {
  const http = new HttpClient(network, clock);
  try {
    return await work(http);
  } catch (error) {
    throw toEndpointError(error, asked);
  } finally {
    http.close();
  }
}

/** Newer models of OpenAI have another name for the limit, and refuse this one; all others know only this one. */
async function ask(
  http: HttpClient,
  access: EndpointAccess,
  body: JsonObject,
  signal: AbortSignal,
): Promise<HttpReply> {
  const { max_tokens: limit, ...rest } = body;
  const first = await post(http, access, body, signal);
  if (first.status === 200) return first;
  const asked = { ...access, model: ownString(body, 'model') ?? '' };
  const refusal = await refusalOf(first, asked, access.clock);
  if (first.status !== 400 || refusal.param !== 'max_tokens') throw refusal.error;
  const second = await post(http, access, { ...rest, max_completion_tokens: limit }, signal);
  if (second.status === 200) return second;
  throw (await refusalOf(second, asked, access.clock)).error;
}

async function post(
  http: HttpClient,
  access: EndpointAccess,
  body: JsonObject,
  signal: AbortSignal,
): Promise<HttpReply> {
  return await http.send({
    method: 'POST',
    url: endpointAddress(access.endpoint, 'chat/completions'),
    headers: {
      ...headersOf(access, `${EVENT_STREAM}, application/json`),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    signal,
    answerMs: SILENCE_MS,
  });
}

function headersOf({ key }: EndpointAccess, accept: string): Record<string, string> {
  return { accept, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) };
}

async function readReply(
  reply: HttpReply,
  { endpoint, clock }: EndpointAccess,
  model: string,
  request: SamplingRequest,
  { signal, onText }: Pick<AnswerLimits, 'signal' | 'onText'>,
): Promise<SamplingAnswer> {
  const chat = new ChatAnswer(endpoint.host, request);
  const texts = reply.contentType === EVENT_STREAM ? streamed(reply, chat, endpoint) : whole(reply, chat);
  const answer = await readAnswer(texts, {
    maxTokens: answerTokenLimit(request),
    stopSequences: request.stopSequences,
    countTokens: (text) => Promise.resolve(chat.tokensOf(text)),
    silenceMs: SILENCE_MS,
    signal,
    clock,
    onText,
    endReason: () => chat.stopReason,
  });
  const uses = answer.stopReason === 'toolUse' ? { toolUses: chat.toolUses() } : {};
  return { role: 'assistant', model, ...answer, ...uses };
}

/** The text of each event. One without text, as while a model thinks, is empty: the endpoint is alive. */
async function* streamed(
  reply: HttpReply,
  chat: ChatAnswer,
  { host }: ModelEndpoint,
): AsyncGenerator<string> {
  const parser = new SseParser(MAX_EVENT_BYTES);
  let bytes = 0;
  for await (const chunk of reply.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_STREAM_BYTES)
      throw new ModelError(`The model endpoint ${host} sent more than an answer of a model can hold.`);
    for (const { data } of parser.push(chunk)) {
      const text = data.toString('utf8');
      if (text.trim() === '[DONE]') return chat.check();
      if (text !== '') yield chat.take(text);
    }
  }
  chat.check();
}

/** An endpoint that does not know streams answers at once. */
async function* whole(reply: HttpReply, chat: ChatAnswer): AsyncGenerator<string> {
  const body = await readBody(reply, MAX_WHOLE_BYTES);
  yield chat.take(body?.toString('utf8') ?? '');
  chat.check();
}
