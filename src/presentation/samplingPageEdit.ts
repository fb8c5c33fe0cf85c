/** What a person changed on the page that reviews sampling, as what it decides; or what is wrong with it, and where. */

import { err, ok, type Result } from '../base/result';
import { isObject, parseJson } from '../base/json';
import type { PersonDecision } from '../host/consentQueue';
import { recheckEdit } from '../protocol/samplingEdit';
import type { SamplingAnswer, SamplingMessage, SamplingRequest } from '../protocol/sampling';
import type { PageAnswer, PageEdit, PageField } from './samplingPageMessages';

/** In our own words; without a field when it is about the whole. */
export interface PageProblem {
  readonly field?: PageField;
  readonly message: string;
}

/** The number of the system prompt among the texts of a request; those of its messages follow, as they stand there. */
export const SYSTEM_PLACE = 0;

/** Sending the request: as it is when nothing was changed. */
export function sendDecision(original: SamplingRequest, edit: PageEdit): Result<PersonDecision, PageProblem> {
  // Nothing of it is the person's to mend: a temperature below zero, for example, is the model's to judge.
  if (edit.texts.length === 0 && Object.keys(edit).length === 1) return ok({ kind: 'allow-once' });
  const edited = editedRequest(original, edit);
  if (!edited) return err({ message: 'The request has no such text.' });
  const checked = recheckEdit(original, edited);
  if (!checked.ok) {
    const { path, message } = checked.error;
    const field = fieldAt(path, original);
    return err(field === undefined ? { message } : { field, message });
  }
  return ok({ kind: 'allow-edited', request: checked.value });
}

/** @returns undefined when a text is meant that there is not */
function editedRequest(original: SamplingRequest, edit: PageEdit): SamplingRequest | undefined {
  const texts = new Map(edit.texts);
  const { systemPrompt, temperature, ...rest } = original;
  const system = texts.get(SYSTEM_PLACE) ?? systemPrompt;
  texts.delete(SYSTEM_PLACE);
  let place = SYSTEM_PLACE;
  const messages = original.messages.map(({ role, content }): SamplingMessage => ({
    role,
    content: content.map((block) => {
      if (block.type !== 'text') return block;
      place += 1;
      const text = texts.get(place);
      texts.delete(place);
      return text === undefined ? block : { type: 'text', text };
    }),
  }));
  if (texts.size > 0) return undefined;
  const warmth = edit.temperature === undefined ? temperature : (edit.temperature ?? undefined);
  return {
    ...rest,
    messages,
    maxTokens: edit.maxTokens ?? original.maxTokens,
    stopSequences: edit.stopSequences ?? original.stopSequences,
    ...(system === undefined || system === '' ? {} : { systemPrompt: system }),
    ...(warmth === undefined ? {} : { temperature: warmth }),
  };
}

/** @param path a JSON pointer into the form of an edited request */
function fieldAt(path: string, { messages }: SamplingRequest): PageField | undefined {
  const [, name, index, , part = '0'] = path.split('/');
  switch (name) {
    case 'maxTokens':
    case 'temperature':
    case 'stopSequences':
      return name;
    case 'systemPrompt':
      return SYSTEM_PLACE;
    case 'messages': {
      const before = messages.slice(0, Number(index)).flatMap(({ content }) => content);
      const within = messages[Number(index)]?.content.slice(0, Number(part) + 1) ?? [];
      return [...before, ...within].filter(({ type }) => type === 'text').length;
    }
    default:
      return undefined;
  }
}

/** Answering in the model's place. */
export function handDecision({ text, stopReason, tool }: PageAnswer): Result<PersonDecision, PageProblem> {
  if (!tool) {
    const empty = 'The answer is empty. Write something first, or deny the request.';
    if (stopReason === 'toolUse') return err({ field: 'toolInput', message: 'Choose a tool to be used.' });
    return text.trim() === ''
      ? err({ field: 'answer', message: empty })
      : ok({ kind: 'answer', text, stopReason });
  }
  const input = parseJson(tool.input.trim() === '' ? '{}' : tool.input);
  if (!isObject(input))
    return err({ field: 'toolInput', message: 'What goes to a tool must be a JSON object.' });
  const use = {
    type: 'tool_use',
    id: 'by-hand-1',
    name: tool.name,
    input: JSON.stringify(input),
  } as const;
  return ok({ kind: 'answer', text, stopReason, toolUses: [use] });
}

/** Returning what the model said, or what the person made of it. */
export function returnDecision(
  { text, toolUses }: SamplingAnswer,
  edited: string | undefined,
): Result<PersonDecision, PageProblem> {
  // A text field gives all lines the same end.
  if (edited === undefined || edited === text.replaceAll(/\r\n?/g, '\n')) return ok({ kind: 'allow-once' });
  const empty = 'The answer is empty. Write something first, or refuse the answer.';
  return edited.trim() === '' && toolUses === undefined
    ? err({ field: 'answer', message: empty })
    : ok({ kind: 'answer', text: edited });
}
