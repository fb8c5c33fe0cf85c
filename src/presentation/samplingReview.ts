/** What the review of a request for a model answer holds: what would answer, and every message in full (T135). */

import type { ConsentSubject } from '../host/consentQueue';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import {
  plainParts,
  type SamplingContent,
  type SamplingMessage,
  type SamplingRequest,
} from '../protocol/sampling';
import { mediaName } from './documentNames';
import { formatBytes, isShowable, sniffMedia } from './media';
import type { ReviewContent } from './reviewLayout';
import { BAR, blank, fact, heading, theirs, type ReviewImage, type ReviewLine } from './reviewLines';
import { limitFacts, modelFacts, ruleFacts, wishFacts, type SamplingFact } from './samplingFacts';
import { toolFacts, toolLines, toolTexts, toolUseLines } from './samplingToolLines';

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
    facts: [
      ...lines(modelFacts(model, editorName)),
      ...lines(limitFacts(request)),
      ...lines(toolFacts(request.tools)),
      ...lines(wishFacts(request)),
      ...lines(ruleFacts(grant)),
    ],
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

function lines(facts: readonly SamplingFact[]): readonly ReviewLine[] {
  return facts.flatMap(({ label, text }) => fact(label, text));
}

/** All foreign texts of a request, for the search for hidden characters. */
export function textsOf(request: SamplingRequest): readonly string[] {
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
