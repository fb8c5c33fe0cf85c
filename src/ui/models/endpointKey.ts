/** The key of the person's model endpoint: set and forgotten by command, never shown. */

import * as vscode from 'vscode';

import { Settings, SETTINGS_SECTION } from '../../contributions/ids';
import { isUsableKey, type EndpointSetting } from '../../policy/modelEndpoint';
import { safeText } from '../../policy/safeText';

/** The endpoint that is set up, and where its key is kept. */
export interface EndpointKeys {
  readonly setting: EndpointSetting;
  setKey(origin: string, key: string | undefined): Promise<void>;
  hasKey(origin: string): Promise<boolean>;
}

/** Asks for the key, and keeps it. */
export async function setKey(endpoint: EndpointKeys): Promise<void> {
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

/** Forgets the key, when the person confirms that. */
export async function clearKey(endpoint: EndpointKeys): Promise<void> {
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
