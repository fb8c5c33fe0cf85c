/** Reads what the page that reviews sampling says (T116): only what a page of ours sends, and only about what it shows. */

import { STOP_LIMITS } from '../protocol/readSampling';
import type { PageAnswer, PageEdit, PageRole, SamplingPageMessage } from './samplingPageMessages';

/** Characters in one message, all in all; no request holds more (`protocol/readSampling`). */
const MAX_TEXT = 2_097_152;
const MAX_TEXTS = 1_001;
const MAX_MESSAGES = 500;

/** What the page shows: nothing else can be meant. */
interface ShownOnPage {
  readonly conversation: number | undefined;
  /** Of the entry that waits, if one does. */
  readonly id: number | undefined;
  readonly others: ReadonlySet<number>;
}

type Fields = ReadonlyMap<string, unknown>;

/** @returns undefined unless it is exactly what a page of ours sends */
export function readSamplingMessage(raw: unknown, shown: ShownOnPage): SamplingPageMessage | undefined {
  const fields = fieldsOf(raw);
  const type = fields?.get('type');
  if (!fields) return undefined;
  switch (type) {
    case 'ready':
    case 'close':
      return fields.size === 1 ? { type } : undefined;
    case 'select':
    case 'stop':
      return readConversation(type, fields, shown);
    case 'deny':
    case 'allow-for':
    case 'model':
    case 'document':
    case 'again':
    case 'attach':
    case 'show-all':
    case 'send':
    case 'answer':
    case 'return': {
      const id = fields.get('id');
      return typeof id === 'number' && id === shown.id ? readAboutEntry(type, id, fields) : undefined;
    }
    default:
      return undefined;
  }
}

function readConversation(
  type: 'select' | 'stop',
  fields: Fields,
  shown: ShownOnPage,
): SamplingPageMessage | undefined {
  const conversation = fields.get('conversation');
  if (fields.size !== 2 || typeof conversation !== 'number') return undefined;
  const isMeant = type === 'stop' ? conversation === shown.conversation : shown.others.has(conversation);
  return isMeant ? { type, conversation } : undefined;
}

type AboutEntry = Extract<SamplingPageMessage, { readonly id: number }>;

function readAboutEntry(type: AboutEntry['type'], id: number, fields: Fields): AboutEntry | undefined {
  switch (type) {
    case 'send': {
      const edit = readEdit(fields.get('edit'));
      return edit && fields.size === 3 ? { type, id, edit } : undefined;
    }
    case 'answer': {
      const answer = readAnswer(fields.get('answer'));
      return answer && fields.size === 3 ? { type, id, answer } : undefined;
    }
    case 'return': {
      if (fields.size === 2) return { type, id };
      const text = fields.get('text');
      return fields.size === 3 && isText(text) ? { type, id, text } : undefined;
    }
    case 'deny':
    case 'allow-for':
    case 'model':
    case 'document':
    case 'again':
    case 'attach':
    case 'show-all':
      return fields.size === 2 ? { type, id } : undefined;
  }
}

function readEdit(raw: unknown): PageEdit | undefined {
  const fields = fieldsOf(raw);
  const texts = fields && readTexts(fields.get('texts'));
  if (!fields || !texts) return undefined;
  const edit: { -readonly [K in keyof PageEdit]: PageEdit[K] } = { texts };
  for (const [name, value] of fields) {
    if (name === 'texts') continue;
    if (name === 'without' && isWithout(value)) edit.without = value;
    else if (name === 'roles' && isRoles(value)) edit.roles = value;
    else if (name === 'added' && isAdded(value, texts)) edit.added = value;
    else if (name === 'maxTokens' && typeof value === 'number') edit.maxTokens = value;
    else if (name === 'temperature' && (value === null || typeof value === 'number'))
      edit.temperature = value;
    else if (name === 'stopSequences' && isStops(value)) edit.stopSequences = value;
    else return undefined;
  }
  return edit;
}

function readTexts(raw: unknown): PageEdit['texts'] | undefined {
  if (!Array.isArray(raw) || raw.length > MAX_TEXTS) return undefined;
  const texts = new Map<number, string>();
  let length = 0;
  for (const pair of raw as readonly unknown[]) {
    if (!Array.isArray(pair) || pair.length !== 2) return undefined;
    const [place, text] = pair as readonly unknown[];
    if (typeof place !== 'number' || !Number.isSafeInteger(place) || place < 0 || texts.has(place))
      return undefined;
    if (!isText(text)) return undefined;
    length += text.length;
    texts.set(place, text);
  }
  return length > MAX_TEXT ? undefined : [...texts];
}

function isList(raw: unknown): raw is readonly unknown[] {
  return Array.isArray(raw) && raw.length <= MAX_MESSAGES;
}

/** Each once. */
function isWithout(raw: unknown): raw is readonly number[] {
  return isList(raw) && raw.every(isMessage) && new Set(raw).size === raw.length;
}

function isRoles(raw: unknown): raw is NonNullable<PageEdit['roles']> {
  return (
    isList(raw) &&
    raw.every((pair) => Array.isArray(pair) && pair.length === 2 && isMessage(pair[0]) && isRole(pair[1])) &&
    new Set((raw as readonly (readonly unknown[])[]).map(([message]) => message)).size === raw.length
  );
}

function isAdded(raw: unknown, texts: PageEdit['texts']): raw is NonNullable<PageEdit['added']> {
  if (!isList(raw)) return false;
  let length = texts.reduce((sum, [, text]) => sum + text.length, 0);
  return raw.every((one) => {
    const fields = fieldsOf(one);
    const text = fields?.get('text');
    if (fields?.size !== 2 || !isRole(fields.get('role')) || !isText(text)) return false;
    length += text.length;
    return length <= MAX_TEXT;
  });
}

function isMessage(raw: unknown): raw is number {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0;
}

function isRole(raw: unknown): raw is PageRole {
  return raw === 'user' || raw === 'assistant';
}

const REASONS: ReadonlyMap<unknown, PageAnswer['stopReason']> = new Map(
  (['endTurn', 'maxTokens', 'stopSequence', 'toolUse'] as const).map((reason) => [reason, reason]),
);

function readAnswer(raw: unknown): PageAnswer | undefined {
  const fields = fieldsOf(raw);
  const text = fields?.get('text');
  const stopReason = REASONS.get(fields?.get('stopReason'));
  if (!fields || !isText(text) || stopReason === undefined) return undefined;
  if (fields.size === 2) return { text, stopReason };
  const tool = fieldsOf(fields.get('tool'));
  const name = tool?.get('name');
  const input = tool?.get('input');
  if (fields.size !== 3 || tool?.size !== 2 || !isText(name) || !isText(input)) return undefined;
  return stopReason === 'toolUse' ? { text, stopReason, tool: { name, input } } : undefined;
}

function isStops(raw: unknown): raw is readonly string[] {
  return Array.isArray(raw) && raw.length <= STOP_LIMITS.count && (raw as readonly unknown[]).every(isText);
}

function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && raw.length <= MAX_TEXT;
}

/** Own fields of a plain object. */
function fieldsOf(raw: unknown): Fields | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  return new Map<string, unknown>(Object.entries(raw));
}
