/** The key of the person's model endpoint, and what is told when a model gave no answer. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Event } from '../../base/event';
import { Commands, Settings, SETTINGS_SECTION } from '../../contributions/ids';
import type { ModelError } from '../../host/ports';
import { isUsableKey, type EndpointSetting } from '../../policy/modelEndpoint';
import { safeText } from '../../policy/safeText';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';

/** The endpoint that is set up, and where its key is kept. */
interface EndpointKeys {
  readonly setting: EndpointSetting;
  setKey(origin: string, key: string | undefined): Promise<void>;
  hasKey(origin: string): Promise<boolean>;
}

/** Registers the commands. The server only learns that there is no answer; the person learns why. */
export function registerModels(
  ui: UiContext,
  models: { readonly onDidFail: Event<ModelError> },
  endpoint: EndpointKeys,
): Disposable {
  const store = new DisposableStore();
  store.add(registerCommand(ui, Commands.setEndpointKey, async () => await setKey(endpoint)));
  store.add(registerCommand(ui, Commands.clearEndpointKey, async () => await clearKey(endpoint)));
  store.add(models.onDidFail((error) => void tellFailure(error)));
  return store;
}

async function tellFailure({ forPerson, remedy }: ModelError): Promise<void> {
  const set = vscode.l10n.t('Set Key…');
  const choice = await vscode.window.showWarningMessage(forPerson, ...(remedy === undefined ? [] : [set]));
  if (choice === set) await vscode.commands.executeCommand(Commands.setEndpointKey);
}

async function setKey(endpoint: EndpointKeys): Promise<void> {
  const origin = await originOf(endpoint);
  if (origin === undefined) return;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key for the Model Endpoint'),
    prompt: vscode.l10n.t('It is kept in the secret storage, and sent to {0} only.', safeText(origin, 200)),
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || isUsableKey(text.trim())
        ? undefined
        : vscode.l10n.t('A key holds only letters, digits and signs, without spaces.'),
  });
  const text = key?.trim() ?? '';
  if (text === '') return;
  await endpoint.setKey(origin, text);
  void vscode.window.showInformationMessage(
    vscode.l10n.t('The key for {0} is kept in the secret storage.', safeText(origin, 200)),
  );
}

async function clearKey(endpoint: EndpointKeys): Promise<void> {
  const origin = await originOf(endpoint);
  if (origin === undefined) return;
  if (!(await endpoint.hasKey(origin))) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('There is no key for {0}.', safeText(origin, 200)),
    );
    return;
  }
  const clear = vscode.l10n.t('Clear Key');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t('Forget the key for {0}?', safeText(origin, 200)),
    { modal: true, detail: vscode.l10n.t('You would have to enter it again.') },
    clear,
  );
  if (choice === clear) await endpoint.setKey(origin, undefined);
}

/** Where the key goes; undefined when no endpoint is set up, which the person is told. */
async function originOf({ setting }: EndpointKeys): Promise<string | undefined> {
  if (setting.kind === 'usable') return setting.endpoint.origin;
  const open = vscode.l10n.t('Open Settings');
  const message =
    setting.kind === 'none'
      ? vscode.l10n.t('No model endpoint is set up yet. Its address comes first.')
      : setting.reason;
  if ((await vscode.window.showInformationMessage(message, open)) === open)
    await vscode.commands.executeCommand(
      'workbench.action.openSettings',
      `@id:${SETTINGS_SECTION}.${Settings.samplingEndpoint}`,
    );
  return undefined;
}
