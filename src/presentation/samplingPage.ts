/** A request for a model answer, and what becomes of it, as the content of the page in which the person reviews it (T135, T141). */

import type { ConsentSubject } from '../host/consentQueue';
import type { ChosenModel } from '../host/ports';
import { answerTokenLimit } from '../policy/modelChoice';
import { exactText, hasHidden, safe, safeText, type SafeText } from '../policy/safeText';
import type { SamplingRequest } from '../protocol/sampling';
import { stopReasons, type HandAnswer } from '../protocol/samplingHand';
import { causeText, countOf, entryLabel } from './consentTexts';
import { SETTLE_MS } from './launchReviewPage';
import { answerParts, MOST_CHARACTERS, PageRoom, requestBlocks } from './samplingBlocks';
import { namesOf } from './samplingDrawn';
import { answerFacts, permissionText, sizeOf, wishFacts, type SamplingFact } from './samplingFacts';
import type {
  AnsweredStage,
  AskedStage,
  PageBlock,
  PageLimits,
  PageModel,
  PageStage,
  SamplingPage,
  WorkingStage,
} from './samplingPageMessages';
import { WORDS } from './samplingPageWords';
import { textsOf } from './samplingReview';
import { conversationOf, type SamplingEntry, type SamplingStage } from './samplingStage';
import { toolFacts, useTexts } from './samplingToolLines';
import { VisibleTexts } from './visibleText';

/** What a page needs beside what it shows. */
export interface SamplingPageOptions {
  /** Writes a time (milliseconds since the epoch) as the person reads it. */
  readonly formatTime: (time: number) => string;
  readonly editorName: string;
  /** Everything about sampling that waits. */
  readonly waiting: readonly SamplingEntry[];
  /** The model that the person chose instead. */
  readonly chosen?: ChosenModel | undefined;
  /** The person wants all of it on the page, however long it is. */
  readonly whole?: boolean;
  /** Whether the person has gathered any context. */
  readonly hasContext: boolean;
  /** What a request that waits may cost. */
  readonly cost: readonly SamplingFact[];
  /** Makes foreign text visible. While it is behind, the page is not whole and must not be shown. */
  readonly texts: VisibleTexts;
}

type StageOf<K extends SamplingStage['kind']> = Extract<SamplingStage, { readonly kind: K }>;

/** Characters of a request that is only shown below something else. */
const MAX_REQUEST = 65_536;
const CUT =
  'All of it is more than 256 KB on this page; only its beginning is shown. Show all of it before you let it go.';
const TOO_LONG =
  'It is too long to be shown here whole. Open it as a document: there all of it stands, and there you can decide.';

/** The page. */
export function samplingPage(stage: SamplingStage, options: SamplingPageOptions): SamplingPage {
  const conversation = conversationOf(stage);
  const shown = stageOf(stage, options);
  return {
    settleMs: SETTLE_MS,
    ...namesOf(shown),
    stage: shown,
    others: options.waiting
      .filter(({ subject }) => subject.conversation !== conversation)
      .map((entry) => ({ conversation: entry.subject.conversation, label: entryLabel(entry) })),
    words: WORDS,
  };
}

function stageOf(stage: SamplingStage, options: SamplingPageOptions): PageStage {
  switch (stage.kind) {
    case 'asked':
      return askedStage(stage, options);
    case 'working':
      return workingStage(stage, options);
    case 'answered':
      return answeredStage(stage, options);
    case 'over':
      return {
        kind: 'over',
        conversation: stage.conversation,
        title: safe`The request of "${exactText(stage.serverName)}" is over`,
        standing: stage.text,
        facts: [],
        warnings: [],
        isOfOtherWindow: false,
      };
  }
}

function askedStage({ entry }: StageOf<'asked'>, options: SamplingPageOptions): AskedStage {
  const { request, grant, model, conversation } = entry.subject;
  const room = roomFor(options);
  const answering = options.chosen ?? model;
  const systemRole = answering.kind === 'model' && answering.systemRole === true;
  const blocks = requestBlocks(request, room, { editable: true, systemRole });
  const { temperature, stopSequences } = request;
  const limit = answerTokenLimit(request);
  const cut = cutText(room, options);
  return {
    kind: 'asked',
    id: entry.id,
    conversation,
    title: safe`The server "${exactText(entry.serverName)}" asks for a model answer`,
    standing: 'Nothing has been sent. What you send goes to the model exactly as it stands here.',
    facts: askedFacts(entry, options),
    wishes: [...toolFacts(request.tools), ...wishFacts(request)],
    warnings: [
      ...(textsOf(request).some((text) => options.texts.hides(text))
        ? [
            'It holds characters that cannot be seen, which a model would read. They are marked like ⟨U+200B⟩.',
          ]
        : []),
      ...cut,
    ],
    cost: options.cost,
    model: pageModel(answering, options.editorName),
    limits: {
      maxTokens: limit,
      mostTokens: limit,
      ...(temperature === undefined ? {} : { temperature }),
      stopSequences,
      notes: limitNotes(request),
    },
    blocks,
    ...whyNotSent(answering, cut),
    hasMore: hasMore(room, options),
    canGrant:
      grant !== undefined && answering.kind === 'model' && options.chosen === undefined && room.holdsAll,
    canAttach: options.hasContext && blocks.some(takesMore),
    reasons: stopReasons(request).map((value) => ({ value, label: REASONS[value] })),
    tools: handTools(request),
  };
}

/** Only what would be said by the person: the server's own words are not continued. */
function takesMore({ role, parts }: PageBlock): boolean {
  return role === 'user' && parts.some((part) => part.kind === 'text' && part.edit !== undefined);
}

/** What the fields of the limits do not show. */
function limitNotes({ maxTokens, stopSequences }: SamplingRequest): PageLimits['notes'] {
  const limit = answerTokenLimit({ maxTokens });
  return {
    ...(limit < maxTokens
      ? {
          maxTokens: safe`The server wanted ${countOf(maxTokens, 'token')}; a model is asked for ${countOf(limit, 'token')} at most.`,
        }
      : {}),
    ...(stopSequences.some(hasHidden)
      ? { stopSequences: safe`One holds characters that cannot be seen.` }
      : {}),
  };
}

function whyNotSent(model: PageModel | ConsentModel, [cut]: readonly string[]): { readonly whyNot?: string } {
  if (model.kind === 'none')
    return { whyNot: 'No language model can answer this request. You can answer it yourself, or deny it.' };
  return cut === undefined ? {} : { whyNot: cut };
}

function roomFor({ whole, texts }: SamplingPageOptions): PageRoom {
  return whole === true ? new PageRoom(texts, MOST_CHARACTERS) : new PageRoom(texts);
}

function hasMore(room: PageRoom, { whole }: SamplingPageOptions): boolean {
  return !room.holdsAll && whole !== true;
}

/** What has to be said when not all of it is on the page. */
function cutText(room: PageRoom, options: SamplingPageOptions): readonly string[] {
  if (room.holdsAll) return [];
  return [hasMore(room, options) ? CUT : TOO_LONG];
}

type ConsentModel = Extract<ConsentSubject, { readonly kind: 'sampling' }>['model'];

function pageModel(model: ConsentModel, editorName: string): PageModel {
  if (model.kind === 'none') return { kind: 'none', why: safeText(model.reason) };
  return {
    kind: 'model',
    name: safe`${safeText(model.name)} (${safeText(model.vendor)})`,
    why: safeText(model.why),
    notes: model.allowedByEditor ? [] : [safe`${permissionText(editorName)}.`],
  };
}

const REASONS: Readonly<Record<NonNullable<HandAnswer['stopReason']>, string>> = {
  endTurn: 'endTurn: the answer is complete',
  maxTokens: 'maxTokens: the limit was reached',
  stopSequence: 'stopSequence: a stop sequence was reached',
  toolUse: 'toolUse: a tool is to be used',
};

/** Names as they are: what is chosen goes to the server, which wrote them. Those that do not show what they are cannot be chosen here. */
function handTools({ tools }: SamplingRequest): readonly string[] {
  if (!tools || tools.choice === 'none') return [];
  return tools.list.map(({ name }) => name).filter((name) => exactText(name) === name);
}

function askedFacts(
  { since, expiresAt, subject }: SamplingEntry,
  { formatTime }: SamplingPageOptions,
): readonly SamplingFact[] {
  const { cause } = subject;
  return [
    {
      label: 'Cause',
      text: cause.kind === 'call' ? causeText(cause) : safe`unknown; ${causeText(cause)}`,
    },
    { label: 'Since', text: safeText(formatTime(since)) },
    ...(expiresAt === undefined
      ? []
      : [{ label: 'Expires', text: safe`${safeText(formatTime(expiresAt))}, as an error to the server` }]),
  ];
}

function workingStage(stage: StageOf<'working'>, { texts }: SamplingPageOptions): WorkingStage {
  const { conversation, serverName, request, modelName, text } = stage;
  return {
    kind: 'working',
    conversation,
    title: safe`The model answers "${exactText(serverName)}"`,
    standing: 'The server gets nothing of it while it comes.',
    facts: [
      ...(modelName === undefined ? [] : [{ label: 'Model', text: safeText(modelName) }]),
      { label: 'Request', text: sizeOf(request) },
    ],
    warnings: [],
    text: saidText(text),
    request: requestBelow(request, texts),
  };
}

/** What a model has said so far, as the page shows it. */
export function saidText(text: string): WorkingStage['text'] {
  return new PageRoom(new VisibleTexts()).text(text);
}

function requestBelow(request: SamplingRequest, texts: VisibleTexts): AnsweredStage['request'] {
  return requestBlocks(request, new PageRoom(texts, MAX_REQUEST), { editable: false, systemRole: true });
}

function answeredStage({ entry }: StageOf<'answered'>, options: SamplingPageOptions): AnsweredStage {
  const { answer, request, edited, asksLeft, conversation, failure } = entry.subject;
  const room = roomFor(options);
  const parts = answerParts(answer, room);
  const cut = cutText(room, options);
  const texts = [answer.text, ...useTexts(answer.toolUses ?? [])];
  const size: SafeText = edited ? safe`${sizeOf(request)}; edited by you` : sizeOf(request);
  return {
    kind: 'answered',
    id: entry.id,
    conversation,
    title: safe`A model's answer for the server "${exactText(entry.serverName)}" waits for your review`,
    standing: 'The server has got nothing of it. It gets it only if you return it, as it is or edited.',
    facts: [
      { label: 'Model', text: safeText(answer.model) },
      ...answerFacts(entry.subject),
      { label: 'Request', text: size },
      ...askedFacts(entry, options),
    ],
    warnings: [
      ...(failure === undefined ? [] : ['The model gave no other answer, so this is the one from before.']),
      ...(texts.some((text) => options.texts.hides(text))
        ? [
            'It holds characters that cannot be seen, which the server would get. They are marked like ⟨U+200B⟩.',
          ]
        : []),
      ...cut,
    ],
    parts,
    request: requestBelow(request, options.texts),
    ...(cut[0] === undefined ? {} : { whyNot: cut[0] }),
    hasMore: hasMore(room, options),
    again: asksLeft > 0 ? safe`${countOf(asksLeft, 'more time')} at most` : '',
  };
}
