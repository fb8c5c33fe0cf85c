/**
 * A request for a model answer as a document that holds all of it: who asks, what led to it, what would answer, and every
 * message in full (T135). The server's words stand behind a bar, so that no text of theirs can look like one of ours (T112).
 */

import type { ConsentEntry, ConsentSubject } from '../host/consentQueue';
import { answerTokenLimit } from '../policy/modelChoice';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { SamplingContent, SamplingMessage, SamplingRequest } from '../protocol/sampling';
import { causeText, countOf, joinSafe } from './consentTexts';
import { mediaName } from './documentNames';
import { formatBytes, isShowable, sniffMedia } from './media';
import {
  BAR,
  blank,
  fact,
  heading,
  notes,
  theirs,
  warning,
  type Review,
  type ReviewImage,
  type ReviewLine,
  type ReviewOptions,
} from './reviewLines';

type SamplingEntry = ConsentEntry & { readonly subject: Extract<ConsentSubject, { kind: 'sampling' }> };

/** True for an entry that {@link samplingReview} can show. */
export function isSampling(entry: ConsentEntry): entry is SamplingEntry {
  return entry.subject.kind === 'sampling';
}

/** Lays out the document. */
export function samplingReview(entry: SamplingEntry, options: ReviewOptions): Review {
  const { request } = entry.subject;
  const images: ReviewImage[] = [];
  const lines = [
    ...header(entry, options),
    ...facts(entry, options),
    ...warnings(request),
    blank(),
    ...notes(
      safe`Everything behind a bar │ is the server's own text, ┊ continues its line, and ⟨…⟩ stands for characters that cannot be seen.`,
    ),
    ...systemPrompt(request),
    ...request.messages.flatMap((message, index) => messageLines(message, index, entry, images)),
    blank(),
    ...notes(safe`This is all that would be sent.`),
  ];
  return { lines, images };
}

function header({ serverName }: ConsentEntry, { ended }: ReviewOptions): ReviewLine[] {
  return [
    { kind: 'title', text: safe`The server "${exactText(serverName)}" asks for a model answer` },
    blank(),
    ...(ended === undefined
      ? notes(
          safe`Nothing has been sent. The server gets an answer only if you allow it once, as it is or edited, or answer by hand.`,
        )
      : warning(safe`No longer waiting. ${ended}`)),
    blank(),
  ];
}

function facts(
  { subject, since, expiresAt }: SamplingEntry,
  { formatTime, editorName }: ReviewOptions,
): ReviewLine[] {
  const { request, cause, model } = subject;
  const asked = cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`;
  return [
    ...fact('Cause', asked),
    ...fact('Since', safeText(formatTime(since))),
    ...(expiresAt === undefined
      ? []
      : fact('Expires', safe`${safeText(formatTime(expiresAt))}, as an error to the server`)),
    ...(model.kind === 'model'
      ? [
          ...fact('Model', safe`${safeText(model.name)} (${safeText(model.vendor)})`),
          ...fact('Why this one', safeText(model.why)),
          ...(model.allowedByEditor
            ? []
            : fact('Permission', safe`${safeText(editorName)} will ask you itself, once for this model`)),
        ]
      : [
          ...fact('Model', safe`none. ${safeText(model.reason)}`),
          ...fact('Instead', safe`you can answer by hand, or deny`),
        ]),
    ...limits(request),
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
  const blocks = messages.flatMap(({ content }) => content);
  const characters = blocks.reduce(
    (sum, block) => sum + (block.type === 'text' ? block.text.length : 0),
    systemPrompt.length,
  );
  const files = blocks.filter(({ type }) => type !== 'text').length;
  const text = safe`${countOf(messages.length, 'message')}, ${countOf(characters, 'character')}`;
  return files === 0 ? text : safe`${text}, ${countOf(files, 'image or sound', 'images or sounds')}`;
}

function warnings(request: SamplingRequest): ReviewLine[] {
  const texts = [
    request.systemPrompt ?? '',
    ...request.messages.flatMap(({ content }) =>
      content.map((block) => (block.type === 'text' ? block.text : '')),
    ),
  ];
  if (!texts.some(hasHidden)) return [];
  return [blank(), ...warning(safe`It holds characters that cannot be seen, which a model would read.`)];
}

function systemPrompt({ systemPrompt: text }: SamplingRequest): ReviewLine[] {
  if (text === undefined || text === '') return [];
  return [
    blank(),
    heading(safe`System prompt, sent as the first message and marked as such`),
    ...theirs(text),
  ];
}

function messageLines(
  { role, content }: SamplingMessage,
  index: number,
  entry: SamplingEntry,
  images: ReviewImage[],
): ReviewLine[] {
  const count = entry.subject.request.messages.length;
  const who = role === 'user' ? safe`user` : safe`assistant (the server wrote this, not a model)`;
  return [
    blank(),
    heading(safe`Message ${index + 1} of ${count}, ${who}`),
    ...content.flatMap((block) => blockLines(block, entry.serverName, images)),
  ];
}

function blockLines(block: SamplingContent, serverName: string, images: ReviewImage[]): ReviewLine[] {
  if (block.type === 'text') return theirs(block.text);
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
