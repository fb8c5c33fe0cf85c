/**
 * Asks whether a browser may open to sign in: both hosts and every right are named before anything opens (T079, T092), in a dialog, or,
 * where that has not the room, in a list that scrolls.
 */

import * as vscode from 'vscode';

import type { ConsentEntry, ConsentQueue } from '../../host/consentQueue';
import { safe, safeText } from '../../policy/safeText';
import {
  fitsDialog,
  placeDetails,
  reasonDetails,
  signInLines,
  signInRights,
  type SignInQuestion,
} from '../../presentation/signInTexts';
import { askPick, type PickItem } from '../calls/steps';
import type { Decisions } from './decisions';
import { action, piecesOf, separator, still, type QuestionFrame } from './questionRows';
import { whenSettled } from './whenSettled';

type Answer = 'open' | 'deny';

/** Shows it. Closing it leaves the question waiting, unless the person has just asked for it. */
export async function askToSignIn(
  entry: ConsentEntry,
  decisions: Decisions,
  consent: ConsentQueue,
): Promise<void> {
  const { subject } = entry;
  if (subject.kind !== 'sign-in') return;
  const title = vscode.l10n.t('Sign in to server "{0}"?', safeText(entry.serverName, 64));
  const over = new AbortController();
  void whenSettled(consent, entry).then(() => over.abort());
  const answer = fitsDialog(subject)
    ? await askInDialog(title, subject)
    : await askInList({ title, until: over.signal }, subject);
  // It was settled elsewhere, which closed the list.
  if (answer === undefined && over.signal.aborted) return;
  if (answer === 'open') decisions.decide(entry.id, { kind: 'allow-once' });
  else if (answer === 'deny' || subject.clicked) decisions.decide(entry.id, { kind: 'deny' });
}

async function askInDialog(title: string, question: SignInQuestion): Promise<Answer | undefined> {
  const { l10n } = vscode;
  const open = l10n.t('Open Browser');
  const deny = l10n.t("Don't Sign In");
  const choice = await vscode.window.showInformationMessage(
    title,
    {
      modal: true,
      detail: [
        ...signInLines(question),
        '',
        l10n.t('Your browser opens. What you type there is between you and the site.'),
      ].join('\n'),
    },
    // Who has just asked for it needs no other way to say no than closing the dialog.
    ...(question.clicked ? [open] : [open, deny]),
  );
  return choice === open ? 'open' : choice === deny ? 'deny' : undefined;
}

/** The answers stand behind everything that is asked for: who gives one has gone past it. */
async function askInList(frame: QuestionFrame, question: SignInQuestion): Promise<Answer | undefined> {
  const { l10n } = vscode;
  const { added, all } = signInRights(question);
  const rows = (texts: readonly string[], icon: string): PickItem<Answer>[] =>
    texts.flatMap((text) => piecesOf(text).map((piece, index) => still(piece, index === 0 ? icon : 'blank')));
  const items: PickItem<Answer>[] = [
    ...[...placeDetails(question), ...reasonDetails(question)].map(({ label, value, icon }) =>
      still(safe`${label}: ${value}`, icon.id),
    ),
    ...(added.length === 0
      ? []
      : [separator(l10n.t('new rights: {0}', added.length)), ...rows(added, 'add')]),
    separator(l10n.t('all rights that are asked for: {0}', all.length)),
    ...rows(all, 'key'),
    separator(l10n.t('your answer')),
    action('link-external', l10n.t('Open Browser'), 'open', l10n.t('with all of these rights')),
    action('close', l10n.t("Don't Sign In"), 'deny'),
  ];
  const placeholder = l10n.t('Look through what is asked for; your answer is at the end');
  const outcome = await askPick<Answer>({ ...frame, canGoBack: false }, { placeholder, items });
  return outcome.kind === 'value' ? outcome.value : undefined;
}
