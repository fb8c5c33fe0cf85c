/** Asks whether a browser may open to sign in: the dialog names both hosts and every right before anything opens (T079, T092). */

import * as vscode from 'vscode';

import type { ConsentEntry } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { signInLines } from '../../presentation/signInTexts';
import type { Decisions } from './decisions';

/** Shows the dialog. Closing it leaves the question waiting, unless the person has just asked for it. */
export async function askToSignIn(entry: ConsentEntry, decisions: Decisions): Promise<void> {
  const { subject } = entry;
  if (subject.kind !== 'sign-in') return;
  const { l10n } = vscode;
  const open = l10n.t('Open Browser');
  const deny = l10n.t("Don't Sign In");
  const choice = await vscode.window.showInformationMessage(
    l10n.t('Sign in to server "{0}"?', safeText(entry.serverName, 64)),
    {
      modal: true,
      detail: [
        ...signInLines(subject),
        '',
        l10n.t('Your browser opens. What you type there is between you and the site.'),
      ].join('\n'),
    },
    // Who has just asked for it needs no other way to say no than closing the dialog.
    ...(subject.clicked ? [open] : [open, deny]),
  );
  if (choice === open) decisions.decide(entry.id, { kind: 'allow-once' });
  else if (choice === deny || subject.clicked) decisions.decide(entry.id, { kind: 'deny' });
}
