/** Workspace folders as rows with a check each: by name, with their whole path. */

import * as vscode from 'vscode';

import type { WorkspaceFolder } from '../../host/ports';
import { exactText, LABEL_LENGTH, safeText } from '../../policy/safeText';
import type { PickItem } from '../calls/steps';

/** The value of each is its URI. */
export function folderItems(folders: readonly WorkspaceFolder[]): readonly PickItem<string>[] {
  return folders.map(({ uri, name, path }) => ({
    label: safeText(name, LABEL_LENGTH),
    description: exactText(path),
    iconPath: new vscode.ThemeIcon('folder'),
    value: uri,
  }));
}
