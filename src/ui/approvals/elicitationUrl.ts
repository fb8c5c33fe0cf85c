/** Shows an address in full before it is opened, and opens it only then, in the browser outside the editor (URL1–URL4). */

import { domainToUnicode } from 'node:url';

import * as vscode from 'vscode';

import { hasHidden, safeLines, safeText } from '../../policy/safeText';
import { urlReview } from '../../presentation/urlReview';
import { askPick, type PickItem } from '../calls/steps';
import { action, COLUMNS, piecesOf, separator, still, type QuestionFrame } from './questionRows';

/** Of the address before the answers; a longer one goes on below them. */
const MAX_LINES_FIRST = 8;
const MAX_MESSAGE_LINES = 6;

type UrlAnswer = 'open' | 'decline' | 'cancel' | 'read' | 'left';

/** Shows an address and asks what to do about it. */
export async function askAboutUrl(frame: QuestionFrame, url: string, message: string): Promise<UrlAnswer> {
  const { l10n } = vscode;
  const review = urlReview(url, domainToUnicode);
  const address = piecesOf(review.whole);
  const isShort = address.length <= MAX_LINES_FIRST;
  const whole = [separator(l10n.t('the whole address')), ...address.map((piece) => still(piece))];
  const items: PickItem<UrlAnswer>[] = [
    separator(l10n.t('where it leads')),
    still(review.host, 'globe'),
    ...(review.inLetters === undefined
      ? []
      : [still(review.inLetters, 'globe', l10n.t('the same in its own letters'))]),
    ...(isShort ? whole : []),
    ...review.warnings.map((text) => still(text, 'warning')),
    ...messageItems(message),
    separator(l10n.t('your answer')),
    action(
      'link-external',
      l10n.t('Open in Browser'),
      'open',
      l10n.t('the server learns only that you agreed'),
    ),
    ...refusals(),
    ...(isShort ? [] : whole),
  ];
  // The address comes first and does nothing: Enter alone opens nothing.
  const outcome = await askPick<UrlAnswer>(
    { ...frame, canGoBack: false },
    { placeholder: l10n.t('Open this page only if you expect it and know its host'), items },
  );
  return outcome.kind === 'value' ? outcome.value : 'left';
}

/** Asks whether the person is done with what they opened. */
export async function askAboutWait(
  frame: QuestionFrame,
  urls: readonly string[],
): Promise<'continue' | 'give-up' | undefined> {
  const { l10n } = vscode;
  const items: PickItem<'continue' | 'give-up'>[] = [
    action('debug-continue', l10n.t('Continue'), 'continue', l10n.t('the call is made again')),
    action('close', l10n.t('Give Up the Call'), 'give-up'),
    separator(l10n.t('what you opened')),
    ...urls.map((url) => still(urlReview(url, domainToUnicode).host, 'globe')),
  ];
  const placeholder = l10n.t('Are you done with what you opened?');
  const outcome = await askPick({ ...frame, canGoBack: false }, { placeholder, items });
  return outcome.kind === 'value' ? outcome.value : undefined;
}

/** Opens an address that the person has just agreed to, or tells them that it could not be opened. */
export async function openInBrowser(url: string): Promise<void> {
  const copy = vscode.l10n.t('Copy Address');
  let isOpen: boolean;
  try {
    // The editor's own type of address writes some characters in another way; as text it stays exactly what was shown.
    isOpen = await vscode.env.openExternal(url as unknown as vscode.Uri);
  } catch {
    // The editor says no more about it than that it did not.
    isOpen = false;
  }
  if (isOpen) return;
  const message = vscode.l10n.t(
    'The page was not opened. The server was told that you agreed to it, and nothing more.',
  );
  void vscode.window.showWarningMessage(message, copy).then((choice) => {
    if (choice === copy) void vscode.env.clipboard.writeText(url);
  });
}

/** What the server says, as rows that do nothing; the beginning of it when it is long. */
export function messageItems(message: string): PickItem<never>[] {
  const lines = safeLines(message, { maxLines: MAX_MESSAGE_LINES, maxColumns: COLUMNS });
  return [
    separator(vscode.l10n.t('what the server says')),
    ...lines.map((line) => still(safeText(line, COLUMNS * 2))),
    ...(hasHidden(message)
      ? [still(vscode.l10n.t('It holds characters that cannot be seen.'), 'warning')]
      : []),
  ];
}

/** The two ways of not answering, and one to look closer. */
export function refusals(): PickItem<'decline' | 'cancel' | 'read'>[] {
  const { l10n } = vscode;
  return [
    action('close', l10n.t('Decline'), 'decline', l10n.t('tell the server no')),
    action('circle-slash', l10n.t('Cancel'), 'cancel', l10n.t('tell the server neither yes nor no')),
    action('go-to-file', l10n.t('Read It in a Document'), 'read', l10n.t('it goes on waiting')),
  ];
}
