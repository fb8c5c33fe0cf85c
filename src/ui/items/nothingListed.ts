/** Why a picker has nothing to show: a list that is not there yet, or could not be read, is not a list without items. */

import * as vscode from 'vscode';

import type { Host } from '../../host/host';
import type { Failure } from '../../protocol/failure';
import type { ListKind } from '../../protocol/model';
import { failureText } from '../../presentation/failureTexts';
import { serverName } from './listedRows';

/** Says so. @param nothing what is said where all running servers have listed what they offer, a sentence */
export function tellNothing(host: Pick<Host, 'servers'>, kind: ListKind, nothing: string): void {
  const late: string[] = [];
  let broken: { readonly name: string; readonly failure: Failure } | undefined;
  for (const server of host.servers()) {
    const name = serverName({ server });
    const list = server.catalog?.list(kind);
    if (server.state.kind === 'starting' || list?.kind === 'loading') late.push(name);
    else if (list?.kind === 'failed') broken ??= { name, failure: list.failure };
  }
  const [first] = late;
  if (first !== undefined)
    void vscode.window.showInformationMessage(
      late.length === 1
        ? vscode.l10n.t('The server "{0}" has not yet said what it offers. Try again in a moment.', first)
        : vscode.l10n.t('{0} servers have not yet said what they offer. Try again in a moment.', late.length),
    );
  else if (broken)
    void vscode.window.showErrorMessage(
      vscode.l10n.t(
        'What the server "{0}" offers could not be read. {1}',
        broken.name,
        failureText(broken.failure),
      ),
      // A message without any button is cut to one line.
      vscode.l10n.t('OK'),
    );
  else void vscode.window.showInformationMessage(nothing);
}
