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
  if (edited.messages.length === 0)
    return err({ message: 'Nothing is left of the messages. Put one back or add one, or deny the request.' });
  if (edit.added?.some(({ text }) => text.trim() === '') === true)
    return err({ message: 'A message of your own is empty. Write something first, or leave it out.' });
  const checked = recheckEdit(original, edited);
  return checked.ok ? ok({ kind: 'allow-edited', request: checked.value }) : checked;
}

/** @returns undefined when a text or message is meant that there is not */
function editedRequest(original: SamplingRequest, edit: PageEdit): SamplingRequest | undefined {
  const texts = new Map(edit.texts);
  const { systemPrompt, temperature, ...rest } = original;
  const system = texts.get(SYSTEM_PLACE) ?? systemPrompt;
  texts.delete(SYSTEM_PLACE);
  const messages = editedMessages(original, edit, texts);
  if (!messages || texts.size > 0) return undefined;
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

/** @param texts by their number; those that were found are taken out of it */
function editedMessages(
  { messages }: SamplingRequest,
  { without = [], roles = [], added = [] }: PageEdit,
  texts: Map<number, string>,
): readonly SamplingMessage[] | undefined {
  if ([...without, ...roles.map(([message]) => message)].some((message) => message >= messages.length))
    return undefined;
  const gone = new Set(without);
  const said = new Map(roles);
  let place = SYSTEM_PLACE;
  const all = messages.map(({ role, content }, index): SamplingMessage => ({
    role: said.get(index) ?? role,
    content: content.map((block) => {
      if (block.type !== 'text') return block;
      place += 1;
      const text = texts.get(place);
      texts.delete(place);
      return text === undefined ? block : { type: 'text', text };
    }),
  }));
  const own = added.map(({ role, text }): SamplingMessage => ({ role, content: [{ type: 'text', text }] }));
  return [...all.filter((_, index) => !gone.has(index)), ...own];
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
