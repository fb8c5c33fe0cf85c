/** What decides about a request for a model answer beside its texts: the model, its limits and wishes. For documents and pages alike. */

import type { ConsentSubject } from '../host/consentQueue';
import { answerTokenLimit } from '../policy/modelChoice';
import { exactText, safe, safeText, type SafeText } from '../policy/safeText';
import { plainParts, type SamplingAnswer, type SamplingRequest } from '../protocol/sampling';
import { countOf, joinSafe } from './consentTexts';

type Subject = Extract<ConsentSubject, { kind: 'sampling' }>;
type AnswerSubject = Extract<ConsentSubject, { kind: 'sampling-answer' }>;

/** A named fact. */
export interface SamplingFact {
  readonly label: string;
  readonly text: SafeText;
}

/** The model that would answer. */
export function modelFacts(model: Subject['model'], editorName: string): readonly SamplingFact[] {
  if (model.kind === 'none')
    return [
      { label: 'Model', text: safe`none. ${safeText(model.reason)}` },
      { label: 'Instead', text: safe`you can answer by hand, or deny` },
    ];
  return [
    { label: 'Model', text: safe`${safeText(model.name)} (${safeText(model.vendor)})` },
    { label: 'Why this one', text: safeText(model.why) },
    ...(model.allowedByEditor ? [] : [{ label: 'Permission', text: permissionText(editorName) }]),
  ];
}

/** Before a model that the editor does not let us use yet. */
export function permissionText(editorName: string): SafeText {
  return safe`${safeText(editorName)} will ask you itself, once for this model`;
}

/** What it may cost, and which rule of the person's does not cover it. */
export function ruleFacts(offer: Subject['grant']): readonly SamplingFact[] {
  if (!offer) return [];
  return [
    {
      label: 'Tokens',
      text: safe`about ${countOf(offer.facts.tokens, 'token')} at most, with the answer`,
    },
    ...(offer.whyAsked === undefined
      ? []
      : [{ label: 'Your rule', text: safe`does not cover it: ${offer.whyAsked}` }]),
  ];
}

/** The limits that the request sets. */
export function limitFacts({
  maxTokens,
  temperature,
  stopSequences,
}: SamplingRequest): readonly SamplingFact[] {
  const limit = answerTokenLimit({ maxTokens });
  const stops = joinSafe(
    stopSequences.map((stop) => safe`"${exactText(stop)}"`),
    safe` `,
  );
  return [
    {
      label: 'At most',
      text:
        limit < maxTokens
          ? safe`${countOf(limit, 'token')}; the server wanted ${countOf(maxTokens, 'token')}`
          : countOf(limit, 'token'),
    },
    ...(temperature === undefined ? [] : [{ label: 'Temperature', text: safeText(String(temperature)) }]),
    ...(stopSequences.length === 0 ? [] : [{ label: 'Stops at', text: stops }]),
  ];
}

/** What the server would like, and what is not done of it. */
export function wishFacts(request: SamplingRequest): readonly SamplingFact[] {
  const { includeContext, ignored } = request;
  const wishes = wishText(request);
  return [
    ...(wishes === undefined ? [] : [{ label: 'It would like', text: wishes }]),
    ...(includeContext === undefined || includeContext === 'none'
      ? []
      : [
          {
            label: 'Context',
            text: safe`nothing is added, although the server asks for "${safeText(includeContext)}"`,
          },
        ]),
    ...(ignored.length === 0
      ? []
      : [
          {
            label: 'Not used',
            text: joinSafe(
              ignored.map((name) => safeText(name)),
              safe`, `,
            ),
          },
        ]),
    { label: 'Size', text: sizeOf(request) },
  ];
}

function wishText({ preferences }: SamplingRequest): SafeText | undefined {
  const { hints, costPriority, speedPriority, intelligencePriority } = preferences;
  const named = hints.map((hint) => safe`"${safeText(hint, 100)}"`);
  const weights: readonly (readonly [SafeText, number | undefined])[] = [
    [safe`low cost`, costPriority],
    [safe`speed`, speedPriority],
    [safe`intelligence`, intelligencePriority],
  ];
  const parts = [
    ...(named.length === 0 ? [] : [safe`named ${joinSafe(named, safe`, else `)}`]),
    ...weights.flatMap(([name, weight]) => (weight === undefined ? [] : [safe`${name} ${weight}`])),
  ];
  return parts.length === 0 ? undefined : joinSafe(parts, safe`; `);
}

/** How much is in a request. */
export function sizeOf({
  systemPrompt = '',
  messages,
}: Pick<SamplingRequest, 'systemPrompt' | 'messages'>): SafeText {
  const blocks = plainParts({ messages });
  const characters = blocks.reduce(
    (sum, block) => sum + (block.type === 'text' ? block.text.length : 0),
    systemPrompt.length,
  );
  const files = blocks.filter(({ type }) => type !== 'text').length;
  const text = safe`${countOf(messages.length, 'message')}, ${countOf(characters, 'character')}`;
  return files === 0 ? text : safe`${text}, ${countOf(files, 'image or sound', 'images or sounds')}`;
}

/** How an answer came about. */
export function answerFacts({ answer, stopped, failure }: AnswerSubject): readonly SamplingFact[] {
  const ended = stopped === true ? safe`where you stopped the model` : endText(answer);
  return [
    ...(ended === undefined ? [] : [{ label: 'Ended', text: ended }]),
    ...(failure === undefined
      ? []
      : [{ label: 'Asked again', text: safe`there was no other answer. ${safeText(failure)}` }]),
    { label: 'Size', text: countOf(answer.text.length, 'character') },
  ];
}

/** Why the model ended, where it said so. */
function endText({ stopReason }: SamplingAnswer): SafeText | undefined {
  switch (stopReason) {
    case 'maxTokens':
      return safe`at the limit of tokens, so it may be cut off`;
    case 'stopSequence':
      return safe`at a text that the request names as its end`;
    case 'endTurn':
      return safe`by itself`;
    case 'toolUse':
      return safe`to have tools of the server used; what comes of it is the server's to decide`;
    default:
      return undefined;
  }
}
