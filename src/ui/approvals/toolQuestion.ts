/** Asks whether a tool is run that something else than a view of ours has named. */

import * as vscode from 'vscode';

import type { ConsentEntry, ConsentOutcome, ConsentQueue } from '../../host/consentQueue';
import { LABEL_LENGTH, safeText } from '../../policy/safeText';
import { askPick } from '../calls/steps';
import type { Decisions } from './decisions';
import { whenSettled } from './whenSettled';

/** Shows it. Closing it decides nothing: the question goes on waiting. */
export async function askToRun(
  entry: ConsentEntry,
  decisions: Decisions,
  consent: ConsentQueue,
): Promise<void> {
  const { l10n } = vscode;
  const { subject } = entry;
  if (subject.kind !== 'tool') return;
  const over = new AbortController();
  let ended: ConsentOutcome | undefined;
  void whenSettled(consent, entry).then((outcome) => {
    ended = outcome;
    over.abort();
  });
  const named = safeText(subject.title ?? subject.name, LABEL_LENGTH);
  const server = safeText(entry.serverName, LABEL_LENGTH);
  const outcome = await askPick(
    {
      title: l10n.t('Run the tool "{0}" of server "{1}"?', named, server),
      canGoBack: false,
      until: over.signal,
    },
    {
      placeholder: l10n.t('Something outside the views of MCP Host names it'),
      items: [
        {
          label: l10n.t('Run Tool'),
          description: safeText(subject.name, LABEL_LENGTH),
          iconPath: new vscode.ThemeIcon('play'),
          value: true,
        },
        { label: l10n.t("Don't Run"), iconPath: new vscode.ThemeIcon('circle-slash'), value: false },
      ],
    },
  );
  if (over.signal.aborted) {
    if (ended?.kind === 'withdrawn' || ended?.kind === 'expired')
      void vscode.window.showInformationMessage(
        l10n.t('The tool "{0}" was not run: nothing waits for it any more.', named),
      );
    return;
  }
  if (outcome.kind === 'value') decisions.decide(entry.id, { kind: outcome.value ? 'allow-once' : 'deny' });
}
