/** The commands for the key of the person's model endpoint, and what is told when a model gave no answer. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Event } from '../../base/event';
import { Commands } from '../../contributions/ids';
import type { ModelError } from '../../host/ports';
import { loadPart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { EndpointKeys } from './endpointKey';

/** Registers the commands. The server only learns that there is no answer; the person learns why. */
export function registerModels(
  ui: UiContext,
  models: { readonly onDidFail: Event<ModelError> },
  endpoint: EndpointKeys,
): Disposable {
  const store = new DisposableStore();
  store.add(
    registerCommand(ui, Commands.setEndpointKey, async () => {
      const run = await loadPart(async () => (await import('./endpointKey')).setKey);
      await run(endpoint);
    }),
  );
  store.add(
    registerCommand(ui, Commands.clearEndpointKey, async () => {
      const run = await loadPart(async () => (await import('./endpointKey')).clearKey);
      await run(endpoint);
    }),
  );
  store.add(models.onDidFail((error) => void tellFailure(error)));
  return store;
}

async function tellFailure({ forPerson, remedy }: ModelError): Promise<void> {
  const set = vscode.l10n.t('Set Key…');
  const choice = await vscode.window.showWarningMessage(forPerson, ...(remedy === undefined ? [] : [set]));
  if (choice === set) await vscode.commands.executeCommand(Commands.setEndpointKey);
}
