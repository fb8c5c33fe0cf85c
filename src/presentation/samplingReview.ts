/** What the review of a request for a model answer holds: what would answer, and every message in full (T135). */

import type { ConsentSubject } from '../host/consentQueue';
import { answerTokenLimit } from '../policy/modelChoice';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import {
  plainParts,
  type SamplingContent,
  type SamplingMessage,
  type SamplingRequest,
} from '../protocol/sampling';
import { countOf, joinSafe } from './consentTexts';
import { mediaName } from './documentNames';
import { formatBytes, isShowable, sniffMedia } from './media';
import type { ReviewContent } from './reviewLayout';
import { BAR, blank, fact, heading, theirs, type ReviewImage, type ReviewLine } from './reviewLines';
import { toolFact, toolLines, toolTexts, toolUseLines } from './samplingToolLines';

type Subject = Extract<ConsentSubject, { kind: 'sampling' }>;

/** What a review of it holds. @param serverName names its pictures. */
export function samplingReview(
  { request, cause, model, grant }: Subject,
  serverName: string,
  editorName: string,
): ReviewContent {
  const images: ReviewImage[] = [];
  const count = request.messages.length;
  return {
    title: (server) => safe`The server "${server}" asks for a model answer`,
    standing: safe`Nothing has been sent. The server gets an answer only if you allow it once, as it is or edited, or answer by hand.`,
    cause,
    expiresAs: safe`as an error to the server`,
    facts: [...modelFacts(model, editorName), ...limits(request), ...ruleFacts(grant)],
    hiddenWarning: textsOf(request).some(hasHidden)
      ? safe`It holds characters that cannot be seen, which a model would read.`
      : undefined,
    author: safe`server's`,
    body: [
      ...systemPrompt(request, model),
      ...toolLines(request.tools),
      ...request.messages.flatMap((message, index) => [
        blank(),
        heading(safe`Message ${index + 1} of ${count}, ${roleText(message)}`),
        ...message.content.flatMap((block) => blockLines(block, serverName, images)),
      ]),
    ],
    images,
    closing: safe`This is all that would be sent.`,
  };
}

function modelFacts(model: Subject['model'], editorName: string): ReviewLine[] {
  if (model.kind === 'none')
    return [
      ...fact('Model', safe`none. ${safeText(model.reason)}`),
      ...fact('Instead', safe`you can answer by hand, or deny`),
    ];
  return [
    ...fact('Model', safe`${safeText(model.name)} (${safeText(model.vendor)})`),
    ...fact('Why this one', safeText(model.why)),
    ...(model.allowedByEditor
      ? []
      : fact('Permission', safe`${safeText(editorName)} will ask you itself, once for this model`)),
  ];
}

function ruleFacts(offer: Subject['grant']): ReviewLine[] {
  if (!offer) return [];
  return [
    ...fact('Tokens', safe`about ${countOf(offer.facts.tokens, 'token')} at most, with the answer`),
    ...(offer.whyAsked === undefined ? [] : fact('Your rule', safe`does not cover it: ${offer.whyAsked}`)),
  ];
}

function limits(request: SamplingRequest): ReviewLine[] {
  const { maxTokens, temperature, stopSequences, includeContext, ignored } = request;
  const limit = answerTokenLimit(request);
  const stops = joinSafe(
    stopSequences.map((stop) => safe`"${exactText(stop)}"`),
    safe` `,
  );
  return [
    ...fact(
      'At most',
      limit < maxTokens
        ? safe`${countOf(limit, 'token')}; the server wanted ${countOf(maxTokens, 'token')}`
        : countOf(limit, 'token'),
    ),
    ...(temperature === undefined ? [] : fact('Temperature', safeText(String(temperature)))),
    ...(stopSequences.length === 0 ? [] : fact('Stops at', stops)),
    ...toolFact(request.tools),
    ...wishes(request),
    ...(includeContext === undefined || includeContext === 'none'
      ? []
      : fact('Context', safe`nothing is added, although the server asks for "${safeText(includeContext)}"`)),
    ...(ignored.length === 0
      ? []
      : fact(
          'Not used',
          joinSafe(
            ignored.map((name) => safeText(name)),
            safe`, `,
          ),
        )),
    ...fact('Size', sizeOf(request)),
  ];
}

function wishes({ preferences }: SamplingRequest): ReviewLine[] {
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
  return parts.length === 0 ? [] : fact('It would like', joinSafe(parts, safe`; `));
}

/** How much is in a request. */
export function sizeOf({ systemPrompt = '', messages }: SamplingRequest): SafeText {
  const blocks = plainParts({ messages });
  const characters = blocks.reduce(
    (sum, block) => sum + (block.type === 'text' ? block.text.length : 0),
    systemPrompt.length,
  );
  const files = blocks.filter(({ type }) => type !== 'text').length;
  const text = safe`${countOf(messages.length, 'message')}, ${countOf(characters, 'character')}`;
  return files === 0 ? text : safe`${text}, ${countOf(files, 'image or sound', 'images or sounds')}`;
}

function textsOf(request: SamplingRequest): readonly string[] {
  const { systemPrompt: text = '' } = request;
  const parts = plainParts(request).map((block) => (block.type === 'text' ? block.text : ''));
  return [text, ...parts, ...toolTexts(request)];
}

function systemPrompt({ systemPrompt: text }: SamplingRequest, model: Subject['model']): ReviewLine[] {
  if (text === undefined || text === '') return [];
  const takesIt = model.kind === 'model' && model.systemRole === true;
  return [
    blank(),
    heading(
      takesIt ? safe`System prompt` : safe`System prompt, sent as the first message and marked as such`,
    ),
    ...theirs(text),
  ];
}

function roleText({ role }: SamplingMessage): SafeText {
  return role === 'user' ? safe`user` : safe`assistant (the server wrote this, not a model)`;
}

function blockLines(block: SamplingContent, serverName: string, images: ReviewImage[]): ReviewLine[] {
  if (block.type === 'text') return theirs(block.text);
  if (block.type === 'tool_use') return toolUseLines(block);
  if (block.type === 'tool_result')
    return [
      heading(
        safe`Result of the tool use ${exactText(block.toolUseId)}${block.isError ? safe`, which failed` : safe``}`,
      ),
      ...block.content.flatMap((part) => blockLines(part, serverName, images)),
    ];
  const size = safeText(formatBytes(block.data.byteLength));
  const what = safe`${block.type === 'image' ? safe`Image` : safe`Sound`}, said to be ${safeText(block.mimeType, 80)}, ${size}`;
  const media = sniffMedia(block.data);
  if (block.type === 'audio' || media?.kind !== 'image' || !isShowable(media, block.data.byteLength))
    return [{ kind: 'theirs', text: `${BAR}(${what}; it cannot be shown)` }];
  const image = images.length;
  const name = mediaName(`image ${image + 1}.${media.extension}`, serverName, media.extension);
  images.push({ name, data: block.data });
  return [{ kind: 'image', text: `${BAR}(${what})`, image }];
}
