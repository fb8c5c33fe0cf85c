/** Readers for the entries of the four lists. One malformed entry is told with its reason and never spoils the others (T101). */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { cutText } from './cutText';
import { itemMembers, readExtras } from './readExtras';
import type {
  Annotations,
  PromptArgument,
  PromptSummary,
  ResourceSummary,
  ResourceTemplateSummary,
  ToolAnnotations,
  ToolDefinition,
  ToolSummary,
} from './model';

/** Longer names and URIs cannot be used. */
const MAX_NAME = 1_024;
const MAX_URI = 8_192;
/** Longer titles and descriptions are cut: lists hold many of them. */
const MAX_TITLE = 300;
const MAX_DESCRIPTION = 2_048;
/** A definition that is asked for on its own shows more. */
const MAX_TOOL_DESCRIPTION = 32_768;
const MAX_PROMPT_ARGUMENTS = 100;
/** Characters of the names of all arguments of one prompt, and of their titles and descriptions. */
const MAX_ARGUMENT_NAMES = 16_384;
const MAX_ARGUMENT_TEXTS = 16_384;

const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;
/** What is read of each kind of item. */
const TOOL = itemMembers(
  ['inputSchema', 'outputSchema'],
  new Map([
    ['annotations', new Map([...HINTS, 'title'].map((name) => [name, true] as const))],
    ['execution', new Map([['taskSupport', true] as const])],
  ]),
);
const RESOURCE = itemMembers(
  ['uri', 'mimeType', 'size'],
  new Map([
    ['annotations', new Map(['audience', 'priority', 'lastModified'].map((name) => [name, true] as const))],
  ]),
);
const TEMPLATE = itemMembers(['uriTemplate', 'mimeType']);
const PROMPT = itemMembers(['arguments']);

/** A tool with its schemas, which are not bounded here. */
export function readTool(raw: JsonValue): Result<ToolDefinition, string> {
  if (!isObject(raw)) return err('is not an object');
  const name = readName(raw, 'name', MAX_NAME);
  if (!name.ok) return name;
  const inputSchema = own(raw, 'inputSchema');
  if (!isObject(inputSchema)) return err('has no inputSchema object');
  // Many a server writes null for what it has none of.
  const outputSchema = own(raw, 'outputSchema') ?? undefined;
  if (outputSchema !== undefined && !isObject(outputSchema))
    return err('has an outputSchema that is not an object');
  const annotations = own(raw, 'annotations');
  const hints = isObject(annotations) ? annotations : {};
  const texts = readTexts(raw, { description: MAX_TOOL_DESCRIPTION });
  // `title` before `annotations.title` before `name` (TOOL9).
  const title = texts.title ?? readTexts(hints).title;
  return ok({
    name: name.value,
    ...texts,
    ...(title === undefined ? {} : { title }),
    ...(isObject(annotations) ? { annotations: readHints(hints) } : {}),
    ...readExtras(raw, TOOL),
    ...readTaskSupport(own(raw, 'execution')),
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
  });
}

/** A tool as lists hold it. */
export function summarizeTool(tool: ToolDefinition): ToolSummary {
  const { name, title, description, annotations, taskSupport } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description: cutText(description, MAX_DESCRIPTION) }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(taskSupport === undefined ? {} : { taskSupport }),
  };
}

/** Reads one entry of `resources/list`; the error says what is wrong with it. */
export function readResource(raw: JsonValue): Result<ResourceSummary, string> {
  if (!isObject(raw)) return err('is not an object');
  const uri = readName(raw, 'uri', MAX_URI);
  if (!uri.ok) return uri;
  const size = own(raw, 'size');
  const annotations = readAnnotations(own(raw, 'annotations'));
  return ok({
    uri: uri.value,
    // A name is required by the schema, but an entry without one can still be opened.
    name: cutText(ownString(raw, 'name') ?? uri.value, MAX_NAME),
    ...readTexts(raw),
    ...readMimeType(raw),
    ...(typeof size === 'number' && Number.isFinite(size) && size >= 0 ? { size } : {}),
    ...(annotations === undefined ? {} : { annotations }),
    ...readExtras(raw, RESOURCE),
  });
}

/** Reads one entry of `resources/templates/list`; the error says what is wrong with it. */
export function readResourceTemplate(raw: JsonValue): Result<ResourceTemplateSummary, string> {
  if (!isObject(raw)) return err('is not an object');
  const uriTemplate = readName(raw, 'uriTemplate', MAX_URI);
  if (!uriTemplate.ok) return uriTemplate;
  return ok({
    uriTemplate: uriTemplate.value,
    name: cutText(ownString(raw, 'name') ?? uriTemplate.value, MAX_NAME),
    ...readTexts(raw),
    ...readMimeType(raw),
    ...readExtras(raw, TEMPLATE),
  });
}

/** Reads one entry of `prompts/list`; the error says what is wrong with it. */
export function readPrompt(raw: JsonValue): Result<PromptSummary, string> {
  if (!isObject(raw)) return err('is not an object');
  const name = readName(raw, 'name', MAX_NAME);
  if (!name.ok) return name;
  const given = own(raw, 'arguments') ?? [];
  if (!Array.isArray(given)) return err('has arguments that are not a list');
  const prompt = readPromptArguments(given);
  if (!prompt.ok) return prompt;
  return ok({ name: name.value, ...readTexts(raw), arguments: prompt.value, ...readExtras(raw, PROMPT) });
}

/** Every name is kept, because the prompt cannot be used without; titles and descriptions are while there is room. */
function readPromptArguments(items: readonly JsonValue[]): Result<readonly PromptArgument[], string> {
  if (items.length > MAX_PROMPT_ARGUMENTS) return err(`has ${items.length} arguments`);
  const found: PromptArgument[] = [];
  let names = 0;
  let room = MAX_ARGUMENT_TEXTS;
  for (const item of items) {
    const name = isObject(item) ? readName(item, 'name', MAX_NAME) : err('is not an object');
    if (!name.ok || !isObject(item)) return err('has an argument without a name');
    names += name.value.length;
    if (names > MAX_ARGUMENT_NAMES) return err('has arguments whose names are too long together');
    const texts = readTexts(item, { room });
    room -= (texts.title?.length ?? 0) + (texts.description?.length ?? 0);
    found.push({ name: name.value, ...texts, required: own(item, 'required') === true });
  }
  return ok(found);
}

/** Hints about audience, priority and age; malformed parts are left out. */
function readAnnotations(raw: JsonValue | undefined): Annotations | undefined {
  if (!isObject(raw)) return undefined;
  const audience = own(raw, 'audience');
  const priority = own(raw, 'priority');
  const lastModified = ownString(raw, 'lastModified');
  return {
    ...(Array.isArray(audience)
      ? { audience: (['user', 'assistant'] as const).filter((who) => audience.includes(who)) }
      : {}),
    ...(typeof priority === 'number' && priority >= 0 && priority <= 1 ? { priority } : {}),
    ...(lastModified === undefined ? {} : { lastModified: cutText(lastModified, 64) }),
  };
}

function readHints(raw: JsonObject): ToolAnnotations {
  const found: Record<string, boolean> = {};
  for (const hint of HINTS) {
    const value = own(raw, hint);
    if (typeof value === 'boolean') found[hint] = value;
  }
  return found;
}

function readTaskSupport(execution: JsonValue | undefined): Pick<ToolSummary, 'taskSupport'> {
  const given = isObject(execution) ? own(execution, 'taskSupport') : undefined;
  return given === 'optional' || given === 'required' ? { taskSupport: given } : {};
}

function readName(raw: JsonObject, key: string, max: number): Result<string, string> {
  const value = own(raw, key);
  if (typeof value !== 'string' || value === '') return err(`has no ${key}`);
  return value.length > max ? err(`has a ${key} of ${value.length} characters`) : ok(value);
}

/** Title and description, each within its bound and both within `room`; an empty one counts as absent. */
function readTexts(
  raw: JsonObject,
  bounds: { readonly description?: number; readonly room?: number } = {},
): { title?: string; description?: string } {
  const { description: most = MAX_DESCRIPTION, room = MAX_TITLE + most } = bounds;
  const title = cutText(ownString(raw, 'title') ?? '', Math.min(MAX_TITLE, room));
  const description = cutText(ownString(raw, 'description') ?? '', Math.min(most, room - title.length));
  return { ...(title === '' ? {} : { title }), ...(description === '' ? {} : { description }) };
}

function readMimeType(raw: JsonObject): { mimeType?: string } {
  const mimeType = ownString(raw, 'mimeType');
  return mimeType === undefined ? {} : { mimeType: cutText(mimeType, 200) };
}
