/**
 * What a person may change in a server's request for a model answer: a plain form of it, and the way back. It knows what a request may
 * hold, and nothing of who sends or shows it.
 */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { readSamplingRequest, STOP_LIMITS } from './readSampling';
import type { SamplingContent, SamplingMessage, SamplingRequest } from './sampling';

/** What is wrong with an edited form. `path` is a JSON pointer (RFC 6901); `message` is our own sentence. */
interface EditProblem {
  readonly path: string;
  readonly message: string;
}

type Media = Exclude<SamplingContent, { type: 'text' }>;
type Checked<T> = Result<T, EditProblem>;

const FIELDS = ['systemPrompt', 'messages', 'maxTokens', 'temperature', 'stopSequences'];
/** What is no text is called so in the form. */
const MEDIA_NAMES = {
  image: 'image',
  audio: 'sound',
  tool_use: 'toolUse',
  tool_result: 'toolResult',
} as const;

/**
 * The form: `{ systemPrompt, messages, maxTokens, temperature, stopSequences }`. An absent system prompt is empty, an absent temperature
 * null. The content of a message is its text, or a list of texts and of references such as `{ "image": 1 }`: pictures, sounds, uses and
 * results of tools stay as they are, and are counted from 1 throughout the request.
 */
export function editableSampling(request: SamplingRequest): JsonObject {
  return formOf(request, mediaOf(request));
}

/**
 * Reads the form back. Nothing is dropped or corrected silently: whatever would not reach the model as it stands there is a problem.
 * @param original what the server sent; what the form does not hold stays as it is there
 */
export function readSamplingEdit(original: SamplingRequest, form: JsonObject): Checked<SamplingRequest> {
  const problem = fieldProblem(original, form);
  if (problem) return err(problem);
  const media = mediaOf(original);
  const messages = readMessages(own(form, 'messages'), media);
  if (!messages.ok) return messages;
  const temperature = own(form, 'temperature');
  const systemPrompt = own(form, 'systemPrompt');
  const raw: JsonObject = {
    messages: messages.value,
    maxTokens: own(form, 'maxTokens') ?? null,
    stopSequences: own(form, 'stopSequences') ?? [],
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof systemPrompt === 'string' && systemPrompt !== '' ? { systemPrompt } : {}),
  };
  const read = readSamplingRequest(raw, { tools: true, readBlock: (block) => blockOf(block, media) });
  if (!read.ok) return problemAt('', read.error);
  const { preferences, includeContext, tools, ignored } = original;
  return ok({
    ...read.value,
    preferences,
    ...(includeContext === undefined ? {} : { includeContext }),
    ...(tools === undefined ? {} : { tools }),
    ignored,
  });
}

/**
 * Looks again at a request that claims to be an edited one, by the same rules as its form.
 * @returns what may be sent: only what can be edited comes from `edited`.
 */
export function recheckEdit(original: SamplingRequest, edited: SamplingRequest): Checked<SamplingRequest> {
  return readSamplingEdit(original, formOf(edited, mediaOf(original)));
}

function mediaOf({ messages }: SamplingRequest): readonly Media[] {
  return messages.flatMap(({ content }) => content.filter((block): block is Media => block.type !== 'text'));
}

/** @param media what may be referred to; anything else becomes a reference to nothing */
function formOf(request: SamplingRequest, media: readonly Media[]): JsonObject {
  const { systemPrompt = '', messages, maxTokens, temperature = null, stopSequences } = request;
  return {
    systemPrompt,
    messages: messages.map(({ role, content }) => ({ role, content: contentForm(content, media) })),
    maxTokens,
    temperature,
    stopSequences,
  };
}

function contentForm(content: SamplingMessage['content'], media: readonly Media[]): JsonValue {
  const [first] = content;
  if (content.length === 1 && first?.type === 'text') return first.text;
  return content.map((block) => {
    if (block.type === 'text') return block.text;
    const place = media.findIndex((known) => isSame(known, block));
    return { [MEDIA_NAMES[block.type]]: place + 1 };
  });
}

/** True for what an edit cannot have made: the very data, or the very block. */
function isSame(known: Media, block: Media): boolean {
  if (known.type !== block.type) return false;
  if ('data' in known && 'data' in block)
    return known.mimeType === block.mimeType && known.data === block.data;
  return known === block;
}

function fieldProblem({ maxTokens: most }: SamplingRequest, form: JsonObject): EditProblem | undefined {
  const unknown = Object.keys(form).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined)
    return { path: pointer(unknown), message: `There is no such field. Fields are ${FIELDS.join(', ')}.` };
  const systemPrompt = own(form, 'systemPrompt');
  if (systemPrompt !== undefined && typeof systemPrompt !== 'string')
    return { path: '/systemPrompt', message: 'The system prompt must be a text.' };
  const maxTokens = own(form, 'maxTokens');
  if (typeof maxTokens !== 'number' || !Number.isInteger(maxTokens) || maxTokens < 1)
    return { path: '/maxTokens', message: 'The limit must be a whole number of tokens, at least 1.' };
  // More would break what the server relies on (SAMP4).
  if (maxTokens > most) return { path: '/maxTokens', message: `The server takes at most ${most} tokens.` };
  const temperature = own(form, 'temperature') ?? null;
  if (temperature !== null && (typeof temperature !== 'number' || !(temperature >= 0)))
    return {
      path: '/temperature',
      message: 'The temperature must be a number that is not negative, or null.',
    };
  return stopProblem(own(form, 'stopSequences') ?? []);
}

function stopProblem(stops: JsonValue): EditProblem | undefined {
  const path = '/stopSequences';
  if (!Array.isArray(stops)) return { path, message: 'Stop sequences must be a list of texts.' };
  const { count, length } = STOP_LIMITS;
  if (stops.length > count) return { path, message: `At most ${count} stop sequences are taken.` };
  const wrong = (stops as readonly JsonValue[]).findIndex(
    (stop) => typeof stop !== 'string' || stop === '' || stop.length > length,
  );
  if (wrong === -1) return undefined;
  return {
    path: `${path}/${wrong}`,
    message: `A stop sequence must be a text of 1 to ${length} characters.`,
  };
}

/** Messages as the reader takes them, with references into `media` instead of pictures and sounds. */
function readMessages(given: JsonValue | undefined, media: readonly Media[]): Checked<readonly JsonValue[]> {
  if (!Array.isArray(given) || given.length === 0)
    return problemAt('/messages', 'Messages must be a list with at least one message.');
  const wire: JsonValue[] = [];
  for (const [index, message] of (given as readonly JsonValue[]).entries()) {
    const read = readMessage(message, `/messages/${index}`, media);
    if (!read.ok) return read;
    wire.push(read.value);
  }
  return ok(wire);
}

function readMessage(raw: JsonValue, path: string, media: readonly Media[]): Checked<JsonObject> {
  if (!isObject(raw)) return problemAt(path, 'A message must be an object with a role and a content.');
  const unknown = Object.keys(raw).find((key) => key !== 'role' && key !== 'content');
  if (unknown !== undefined)
    return problemAt(path + pointer(unknown), 'A message has a role and a content only.');
  const role = own(raw, 'role');
  if (role !== 'user' && role !== 'assistant')
    return problemAt(`${path}/role`, 'The role must be "user" or "assistant".');
  const given = own(raw, 'content');
  if (typeof given === 'string') return ok({ role, content: { type: 'text', text: given } });
  if (!Array.isArray(given) || given.length === 0)
    return problemAt(`${path}/content`, 'The content must be a text, or a list with at least one part.');
  const content: JsonValue[] = [];
  for (const [index, part] of (given as readonly JsonValue[]).entries()) {
    const block = readPart(part, media);
    if (!block.ok) return problemAt(`${path}/content/${index}`, block.error);
    content.push(block.value);
  }
  return ok({ role, content });
}

function readPart(part: JsonValue, media: readonly Media[]): Result<JsonObject, string> {
  if (typeof part === 'string') return ok({ type: 'text', text: part });
  const [name, ...more] = isObject(part) ? Object.keys(part) : [];
  const number = isObject(part) && name !== undefined ? own(part, name) : undefined;
  const block = typeof number === 'number' ? media[number - 1] : undefined;
  if (more.length > 0 || !block || name !== MEDIA_NAMES[block.type] || typeof number !== 'number')
    return err('A part must be a text, or name what the request holds beside texts, such as { "image": 1 }.');
  return ok({ type: 'reference', number });
}

function blockOf(raw: JsonValue, media: readonly Media[]): Result<SamplingContent, string> {
  const type = isObject(raw) ? own(raw, 'type') : undefined;
  const text = isObject(raw) ? own(raw, 'text') : undefined;
  if (type === 'text' && typeof text === 'string') return ok({ type, text });
  const number = isObject(raw) ? own(raw, 'number') : undefined;
  const block = typeof number === 'number' ? media[number - 1] : undefined;
  return block ? ok(block) : err('a part of a message refers to nothing');
}

function problemAt(path: string, message: string): { readonly ok: false; readonly error: EditProblem } {
  return err({ path, message });
}

function pointer(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
