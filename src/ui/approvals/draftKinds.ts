/** What a person may write about an entry: an answer in the model's place, a request edited, an answer edited. Texts and meaning only. */

import { l10n } from 'vscode';

import { err, ok, type Result } from '../../base/result';
import type { ConsentEntry, PersonDecision } from '../../host/consentQueue';
import type { LanguageId } from '../../contributions/ids';
import type { SafeText } from '../../policy/safeText';
import {
  readRequestDraft,
  requestDraft,
  requestDraftProblems,
  type DraftProblem,
} from '../../presentation/requestDraft';

/** One kind of draft for one entry. */
export interface DraftKind {
  /** Base name of the document. */
  readonly name: string;
  /** What it begins with. */
  readonly text: string;
  readonly language?: LanguageId;
  /** Shown while it is empty. */
  readonly placeholder?: string;
  /** What to do, for those without lenses. */
  readonly hint: string;
  readonly send: string;
  readonly sendTo: (server: SafeText) => string;
  /** What sending the text decides. */
  readonly read: (text: string) => Result<PersonDecision, DraftProblem>;
  /** What is told while it is written. */
  readonly problems: (text: string) => readonly DraftProblem[];
}

/** Names of the kinds. */
export type DraftPurpose = 'answer' | 'edit-request' | 'edit-answer';

/** The draft for an entry; undefined when it takes none of this kind. */
export function draftKind(entry: ConsentEntry, purpose: DraftPurpose): DraftKind | undefined {
  switch (purpose) {
    case 'answer':
      return handAnswer(entry);
    case 'edit-request':
      return editedRequest(entry);
    case 'edit-answer':
      return editedAnswer(entry);
  }
}

/** An answer in the model's place. */
function handAnswer({ subject }: ConsentEntry): DraftKind | undefined {
  if (subject.kind !== 'sampling') return undefined;
  return {
    name: 'Answer',
    text: '',
    placeholder: l10n.t('Write the answer here, in the model’s place. The server gets exactly this text.'),
    hint: l10n.t('Write the answer, then send it.'),
    send: l10n.t('Send This Answer'),
    sendTo: (server) => l10n.t('Send This Answer to "{0}"', server),
    read: (text) =>
      readAnswer(text, l10n.t('The answer is empty. Write something first, or deny the request.')),
    problems: () => [],
  };
}

/** A request as the person would have it. */
function editedRequest({ subject }: ConsentEntry): DraftKind | undefined {
  if (subject.kind !== 'sampling') return undefined;
  const { request } = subject;
  return {
    name: 'Edited request',
    text: requestDraft(request),
    language: 'mcp-json',
    hint: l10n.t('Edit the request, then send it to the model.'),
    send: l10n.t('Send Edited'),
    sendTo: () => l10n.t('Send Edited to the Model'),
    read: (text) => readRequestDraft(request, text),
    problems: (text) => requestDraftProblems(request, text),
  };
}

/** A model's answer as the person would have it. */
function editedAnswer({ subject }: ConsentEntry): DraftKind | undefined {
  if (subject.kind !== 'sampling-answer') return undefined;
  const { answer } = subject;
  const empty = l10n.t('The answer is empty. Write something first, or refuse the answer.');
  return {
    name: 'Edited answer',
    text: answer.text,
    hint: l10n.t('Edit the answer, then return it.'),
    send: l10n.t('Return This Answer'),
    sendTo: (server) => l10n.t('Return This Answer to "{0}"', server),
    read: (text) => readAnswer(isSameText(text, answer.text) ? answer.text : text, empty),
    problems: () => [],
  };
}

/** The editor gives all lines of a text the same end, and drops the mark at its beginning. */
function isSameText(edited: string, original: string): boolean {
  const lines = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  return lines(edited) === lines(original);
}

function readAnswer(text: string, empty: string): Result<PersonDecision, DraftProblem> {
  return text.trim() === '' ? err({ message: empty, harmless: false }) : ok({ kind: 'answer', text });
}
