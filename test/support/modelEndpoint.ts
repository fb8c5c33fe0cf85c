/** An OpenAI-compatible model endpoint on this machine, played by a test, and the product's own side of it without an editor. */

import { Emitter } from '../../src/base/event';
import { systemClock, type Clock } from '../../src/base/clock';
import type { JsonObject, JsonValue } from '../../src/base/json';
import type { SecretsPort } from '../../src/host/ports';
import { EndpointModels } from '../../src/platform/endpoint/endpointModels';
import type { SamplingRequest } from '../../src/protocol/sampling';
import { DIRECT } from './directNetwork';
import { samplingRequest } from './samplingRequests';
import { json, ScriptedHttp, stream, type HttpExchange } from './scriptedHttp';

/** Starts one. It lists `models`; `answer` plays what answers `chat/completions`. */
export async function startEndpoint(
  answer: (exchange: HttpExchange) => void,
  models: readonly string[] = ['small-1', 'large-2'],
): Promise<ScriptedHttp> {
  return await ScriptedHttp.start((exchange) => {
    const { method, path } = exchange;
    if (method === 'GET' && path === '/v1/models')
      json(exchange, 200, { object: 'list', data: models.map((id) => ({ id, object: 'model' })) });
    else if (method === 'POST' && path === '/v1/chat/completions') answer(exchange);
    else json(exchange, 404, { error: { message: 'no such page' } });
  });
}

/** One event with a chunk of an answer. */
export function chunk({ response }: HttpExchange, delta: JsonObject, more: JsonObject = {}): void {
  const choice = { index: 0, delta, finish_reason: null, ...more };
  response.write(`data: ${JSON.stringify({ object: 'chat.completion.chunk', choices: [choice] })}\n\n`);
}

/** A whole answer as a stream. */
export function say(
  exchange: HttpExchange,
  texts: readonly string[],
  finish: string | null = 'stop',
  more: JsonObject = {},
): void {
  stream(exchange);
  for (const content of texts) chunk(exchange, { content });
  chunk(exchange, {}, { finish_reason: finish, ...more });
  exchange.response.end('data: [DONE]\n\n');
}

/** The body of the last request for an answer. */
export function lastBody(http: ScriptedHttp): JsonObject {
  return http.got('POST').at(-1)?.body as JsonObject;
}

/** What the person has set up. */
export class EndpointWorld {
  readonly changed = new Emitter<void>();
  readonly secrets = new Map<string, string>();
  samplingEndpointModels: JsonValue = [];
  insecureHosts: readonly string[] = [];
  readonly models: EndpointModels;

  constructor(
    public samplingEndpoint: string,
    clock: Clock = systemClock,
  ) {
    const settings = {
      onDidChange: this.changed.event,
      url: (): unknown => this.samplingEndpoint,
      models: (): unknown => this.samplingEndpointModels,
      get samplingEndpoint(): unknown {
        return this.url();
      },
      get samplingEndpointModels(): unknown {
        return this.models();
      },
    };
    const secrets: SecretsPort = {
      onDidChange: () => ({ dispose: () => undefined }),
      get: (key) => Promise.resolve(this.secrets.get(key)),
      set: (key, value) => {
        this.secrets.set(key, value);
        return Promise.resolve();
      },
      delete: (key) => {
        this.secrets.delete(key);
        return Promise.resolve();
      },
    };
    const network = { read: () => DIRECT, insecureHosts: () => this.insecureHosts };
    this.models = new EndpointModels(settings, network, secrets, clock);
  }

  /** Key of a model there. */
  keyOf(id: string): string {
    return `endpoint:${this.samplingEndpoint}#${id}`;
  }
}

/** A request of a server. */
export function request(change: Partial<SamplingRequest> = {}): SamplingRequest {
  return samplingRequest([{ type: 'text', text: 'How are you?' }], change);
}
