/** Asks which workspace folders a server may know: each with its path, and none checked before the person does (T148). */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry, ConsentOutcome, ConsentQueue } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { askPickMany } from '../calls/steps';
import { folderItems } from '../servers/folderItems';
import { serverNode } from '../servers/nodes';
import type { Decisions } from './decisions';
import { whenSettled } from './whenSettled';

/** Shows it. Closing it decides nothing: the question goes on waiting. */
export async function askForFolders(
  entry: ConsentEntry,
  decisions: Decisions,
  consent: ConsentQueue,
): Promise<void> {
  const { l10n } = vscode;
  const { subject } = entry;
  if (subject.kind !== 'roots') return;
  const over = new AbortController();
  let ended: ConsentOutcome | undefined;
  void whenSettled(consent, entry).then((outcome) => {
    ended = outcome;
    over.abort();
  });
  const outcome = await askPickMany(
    {
      title: l10n.t('Server "{0}" asks which of your folders it may know', safeText(entry.serverName, 64)),
      canGoBack: false,
      until: over.signal,
      buttons: [{ id: 'deny', icon: 'circle-slash', tooltip: l10n.t('Deny') }],
    },
    {
      placeholder: l10n.t('It gets the checked paths, and reads by its own means'),
      items: folderItems(subject.folders),
      selected: [],
    },
  );
  if (over.signal.aborted) return tellClosed(entry, ended);
  // Who goes on without a check shares nothing for now; to share nothing for good there is a command.
  if (outcome.kind === 'button' || (outcome.kind === 'value' && outcome.value.length === 0))
    decisions.decide(entry.id, { kind: 'deny' });
  else if (outcome.kind === 'value') decisions.decide(entry.id, { kind: 'share', uris: outcome.value });
}

/** A list that closes by itself is explained, with the way to choose all the same. Whoever decided knows. */
function tellClosed({ serverId, serverName }: ConsentEntry, ended: ConsentOutcome | undefined): void {
  if (ended?.kind !== 'withdrawn' && ended?.kind !== 'expired') return;
  const choose = vscode.l10n.t('Choose…');
  const message = vscode.l10n.t(
    'Server "{0}" is not waiting for your folders any more. It was told none, and hears of what you choose later.',
    safeText(serverName, 64),
  );
  void vscode.window.showInformationMessage(message, choose).then((picked) => {
    if (picked === choose) void vscode.commands.executeCommand(Commands.chooseRoots, serverNode(serverId));
  });
}
