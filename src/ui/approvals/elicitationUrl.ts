/** What happens around an address that a person agreed to: it is opened in the browser outside the editor (URL3), and they say when they are done. */

import { domainToUnicode } from 'node:url';

import * as vscode from 'vscode';

import { urlReview } from '../../presentation/urlReview';
import { askPick, type PickItem } from '../calls/steps';
import { action, separator, still, type QuestionFrame } from './questionRows';

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
