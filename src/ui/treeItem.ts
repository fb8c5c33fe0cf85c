/** Turns a row into the editor's tree item. The only place where rows meet `TreeItem`. */

import * as vscode from 'vscode';

import { SCHEME } from '../contributions/ids';
import type { Row } from '../presentation/row';

const STATES: Readonly<Record<Row['children'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** Path prefix of the URIs that only carry a row's decoration. */
const FADED_PATH = '/faded/';

/** The item of a row. @param command what a click does */
export function toTreeItem(row: Row, command?: vscode.Command): vscode.TreeItem {
  const item = toBareItem(row, command);
  item.tooltip = tooltipOf(row);
  return item;
}

/** A plain string: Markdown makes links of addresses, escaped or not, and nothing of a server's making may become one (T107). */
export function tooltipOf(row: Row): string {
  return row.tooltip().join('\n\n');
}

/** As {@link toTreeItem} without its tooltip, for a view that makes it in `resolveTreeItem`: the editor asks for all rows of a list at once. */
export function toBareItem(row: Row, command?: vscode.Command): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, STATES[row.children]);
  item.id = row.id;
  if (row.description !== undefined) item.description = row.description;
  item.iconPath = new vscode.ThemeIcon(
    row.icon.id,
    row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color),
  );
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  if (command) item.command = command;
  if (row.faded)
    item.resourceUri = vscode.Uri.from({
      scheme: SCHEME,
      path: `${FADED_PATH}${encodeURIComponent(row.id)}`,
    });
  return item;
}

/** Greys the labels of faded rows. */
export const fadedDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === SCHEME && uri.path.startsWith(FADED_PATH)
      ? new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('disabledForeground'))
      : undefined,
};
