/** The person's own model endpoint, as their settings name it: which address may be used, and which of its models. Pure. */

import { plainHttpTrouble, urlTrouble } from './remoteUrl';
import { safe, safeText, type SafeText } from './safeText';

/** An OpenAI-compatible endpoint. */
export interface ModelEndpoint {
  /** Without a slash at its end: `http://127.0.0.1:11434/v1`. */
  readonly base: string;
  /** What its key is kept for: scheme, host and port. */
  readonly origin: string;
  readonly host: string;
  /** The models to offer; empty when the endpoint is to be asked. */
  readonly models: readonly string[];
}

/** What the settings say. */
export type EndpointSetting =
  | { readonly kind: 'none' }
  | { readonly kind: 'unusable'; readonly reason: SafeText }
  | { readonly kind: 'usable'; readonly endpoint: ModelEndpoint };

/** Models that are taken of a setting or a list, and characters of an id. */
const MAX_MODELS = 500;
const MAX_ID = 200;

/** A mark that no vendor of the editor's begins with, so that keys of both kinds of models are never the same. */
const KEY_PREFIX = 'endpoint:';

/** What is no model that talks: endpoints of makers list all that they have. */
const OTHER_MODELS =
  /embed|whisper|rerank|moderation|dall-e|transcribe|realtime|(?:^|[-_/])(?:tts|stt|image|sora)(?:[-_]|$)|^(?:babbage|davinci)/i;

/**
 * Reads the two settings.
 * @param url `mcpHost.sampling.endpoint`
 * @param models `mcpHost.sampling.endpointModels`
 * @param insecureHosts as for servers (T074)
 */
export function readEndpoint(
  url: unknown,
  models: unknown,
  insecureHosts: readonly string[],
): EndpointSetting {
  const text = typeof url === 'string' ? url.trim() : '';
  if (text === '') return { kind: 'none' };
  const trouble = urlTrouble(text) ?? plainHttpTrouble(text, insecureHosts);
  if (trouble !== undefined)
    return { kind: 'unusable', reason: safe`The setting mcpHost.sampling.endpoint ${ours(trouble)}.` };
  const address = new URL(text);
  // What people copy is sometimes the address that requests go to.
  address.pathname = address.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '');
  const { origin, host, pathname, search } = address;
  const base = `${origin}${pathname.replace(/\/+$/, '')}${search}`;
  return { kind: 'usable', endpoint: { base, origin, host, models: idsOf(models) } };
}

/** The address of one of its resources, such as `models`. What follows a `?` in the setting stays at the end. */
export function endpointAddress({ base }: ModelEndpoint, resource: string): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${resource}`;
  return url;
}

/** The key of a model there. It names the address, so that what was chosen is never asked of another one. */
export function endpointKey({ base }: ModelEndpoint, id: string): string {
  return `${KEY_PREFIX}${base}#${id}`;
}

/** Whether a key is one of {@link endpointKey}. */
export function isEndpointKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX);
}

/** The model that a key names; undefined when it is one of another address. */
export function endpointModel(endpoint: ModelEndpoint, key: string): string | undefined {
  const prefix = endpointKey(endpoint, '');
  return key.startsWith(prefix) && key.length > prefix.length ? key.slice(prefix.length) : undefined;
}

/** Ids that can be used, each once. */
export function idsOf(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  const ids = list.filter((id): id is string => typeof id === 'string' && id !== '' && id.length <= MAX_ID);
  return [...new Set(ids)].slice(0, MAX_MODELS);
}

/** Whether a listed model talks, as far as its name says. One that the person names is taken whatever its name. */
export function isChatModel(id: string): boolean {
  return !OTHER_MODELS.test(id);
}

/** Whether a text can be a key: it goes into a header. */
export function isUsableKey(key: string): boolean {
  return key.length <= 4_096 && /^[\x21-\x7e]+$/.test(key);
}

/** Our own words, in which what was typed is safe already. */
function ours(text: string): SafeText {
  return safeText(text, 600);
}
