/** Why a model endpoint gave no answer, as a sentence for the person. What the endpoint says is foreign, and may repeat the key. */

import { isObject, own, ownString, parseJson, type JsonValue } from '../../base/json';
import type { Clock } from '../../base/clock';
import { ModelError } from '../../host/ports';
import type { ModelEndpoint } from '../../policy/modelEndpoint';
import { safeProse, safeText } from '../../policy/safeText';
import { readStart } from '../../transport/http/bodies';
import type { HttpReply } from '../../transport/http/httpClient';
import { toNetworkError, type NetworkError } from '../../transport/http/networkFailure';
import { RedirectError } from '../../transport/http/redirects';
import { EventTooLarge } from '../../transport/http/sseParser';
import { EndpointSaid } from './chatAnswer';

/** Bytes of an error's body that are read, and how long it may take in milliseconds. */
const MAX_ERROR_BYTES = 65_536;
const EXPLAIN_MS = 5_000;
const MAX_WORDS = 300;

/** Who was asked for what. */
export interface Asked {
  readonly endpoint: ModelEndpoint;
  /** Not quoted in what the endpoint says. */
  readonly key: string | undefined;
  /** Undefined where the list was asked for. */
  readonly model?: string;
}

/** What an error status means, and the parameter that it complains of. Reads the beginning of the body. */
export async function refusalOf(
  reply: HttpReply,
  asked: Asked,
  clock: Clock,
): Promise<{ readonly error: ModelError; readonly param: string | undefined }> {
  const body = (await readStart(reply, MAX_ERROR_BYTES, EXPLAIN_MS, clock)).toString('utf8');
  const value = parseJson(body);
  const said = isObject(value) ? (own(value, 'error') ?? value) : null;
  return {
    error: statusError(reply.status, asked, wordsOf(said)),
    param: isObject(said) ? ownString(said, 'param') : undefined,
  };
}

function statusError(status: number, { endpoint, key, model }: Asked, words: string | undefined): ModelError {
  const host = nameOf(endpoint);
  const quoted = words === undefined ? '' : ` It says: "${clean(words, key)}"`;
  if (status === 401 || status === 403)
    return new ModelError(
      key === undefined
        ? `${host} wants a key. Set it with "MCP Host: Set Model Endpoint Key...".`
        : `${host} does not take the key that is set for it (${status}).${quoted}`,
      'set-endpoint-key',
    );
  if (status === 404)
    return new ModelError(
      model === undefined
        ? `${host} has no list of models there (404). Most addresses end in "/v1"; or name models in the setting mcpHost.sampling.endpointModels.`
        : `${host} has no model "${safeText(model, 80)}", or its address in the settings is not complete (404).${quoted}`,
    );
  if (status === 429) return new ModelError(`${host} takes no more requests for now (429).${quoted}`);
  if (status >= 500) return new ModelError(`${host} failed (${status}).${quoted}`);
  return new ModelError(`${host} did not take the request (${status}).${quoted}`);
}

/** Whatever asking ended with, as an error for the person. */
export function toEndpointError(error: unknown, { endpoint, key }: Asked): ModelError {
  if (error instanceof ModelError) return error;
  const host = nameOf(endpoint);
  if (error instanceof EndpointSaid) {
    const words = wordsOf(error.error);
    return new ModelError(
      words === undefined
        ? `${host} failed without saying why.`
        : `${host} failed. It says: "${clean(words, key)}"`,
    );
  }
  if (error instanceof EventTooLarge)
    return new ModelError(`${host} sent more than an answer of a model can hold.`);
  if (error instanceof RedirectError)
    return new ModelError(
      error.reason === 'other-origin'
        ? `${host} leads to another place, ${safeText(error.to ?? '', 200)}, to which nothing is sent.`
        : `${host} leads to another address in a way that is not followed.`,
    );
  return new ModelError(networkText(host, toNetworkError(error, endpoint.host)));
}

function networkText(host: string, { problem, detail }: NetworkError): string {
  switch (problem) {
    case 'refused':
      return `${host} cannot be reached: nothing answers there. Is it running?`;
    case 'unknown-host':
      return `${host} cannot be reached: there is no such host, or no network.`;
    case 'unreachable':
      return `${host} cannot be reached from here.`;
    case 'timeout':
      return `${host} did not answer in time.`;
    case 'cut':
      return `${host} broke off the connection.`;
    case 'certificate':
    case 'tls':
      return `${host} cannot be reached safely: its certificate or its encryption is not accepted${detail === undefined ? '' : ` (${safeText(detail, 60)})`}.`;
    case 'proxy':
      return `${host} cannot be reached through the proxy that is set up.`;
    case 'not-http':
      return `${host} does not speak HTTP as it should.`;
    default:
      return `${host} cannot be reached${detail === undefined ? '' : ` (${safeText(detail, 60)})`}.`;
  }
}

function nameOf({ host }: ModelEndpoint): string {
  return `The model endpoint ${safeText(host, 100)}`;
}

/** The words of an error in one of the forms that are usual. */
function wordsOf(error: JsonValue): string | undefined {
  if (typeof error === 'string') return error;
  if (!isObject(error)) return undefined;
  return ownString(error, 'message') ?? ownString(error, 'detail') ?? ownString(error, 'error');
}

/** Safe to show, and without the key, however much of it an endpoint repeats of itself. */
function clean(words: string, key: string | undefined): string {
  const without = key === undefined ? words : words.replaceAll(key, '(your key)');
  return safeProse(without, MAX_WORDS);
}
