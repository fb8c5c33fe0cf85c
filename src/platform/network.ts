/** How the editor is set up to reach the network (`http.*`). */

import * as vscode from 'vscode';

import { Settings, SETTINGS_SECTION } from '../contributions/ids';
import type { NetworkPort } from '../host/ports';
import { networkSettings, textsOf } from '../transport/networkSettings';

/** Read anew for every connection. None of these settings can be a workspace's. */
export function editorNetwork(environment: Readonly<Record<string, string | undefined>>): NetworkPort {
  return {
    read: () => networkSettings((key) => vscode.workspace.getConfiguration('http').get(key), environment),
    insecureHosts: () =>
      textsOf(vscode.workspace.getConfiguration(SETTINGS_SECTION).get(Settings.insecureHosts)),
  };
}
