/** Lets the person choose one of the servers that a command can be about. */

import * as vscode from 'vscode';

import { isObject, ownString } from '../../base/json';
import type { Host } from '../../host/host';
import type { Server } from '../../host/server';
import { statusLabel } from '../../presentation/serverTexts';
import { safeText } from '../../policy/safeText';
import { askPick } from '../calls/steps';

/** @param argument what the command was called with: it only says where the choice begins. */
export async function pickAmongServers(
  host: Host,
  argument: unknown,
  title: string,
  fits: (server: Server) => boolean,
): Promise<Server | undefined> {
  const candidates = host
    .servers()
    .filter((server) => server.definition.shadowedBy === undefined && fits(server));
  if (candidates.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no server to choose.'));
    return undefined;
  }
  const items = candidates.map((server) => ({
    label: safeText(server.definition.name, 80),
    description: statusLabel(server),
    value: server,
  }));
  const wanted = isObject(argument) ? ownString(argument, 'serverId') : undefined;
  const active = items.find(({ value }) => value.id === wanted);
  const placeholder = vscode.l10n.t('Choose a server');
  const outcome = await askPick(
    { title, canGoBack: false },
    { placeholder, items, ignoreFocusOut: false, ...(active ? { active } : {}) },
  );
  return outcome.kind === 'value' ? outcome.value : undefined;
}
