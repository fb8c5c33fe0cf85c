/** Turns a row into the editor's tree item. The only place where rows meet `TreeItem` and `MarkdownString`. */

import * as vscode from 'vscode';

import { SCHEME } from '../contributions/ids';
import type { Row } from '../presentation/row';

const STATES: Readonly<Record<Row['children'], vscode.TreeItemCollapsibleState>> = {
  none: vscode.TreeItemCollapsibleState.None,
  collapsed: vscode.TreeItemCollapsibleState.Collapsed,
  expanded: vscode.TreeItemCollapsibleState.Expanded,
};

/** Path prefix of the URIs that only carry a row's decoration. */
export const FADED_PATH = '/faded/';

export function toTreeItem(row: Row, command?: vscode.Command): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, STATES[row.children]);
  item.id = row.id;
  if (row.description !== undefined) item.description = row.description;
  item.tooltip = toTooltip(row.tooltip);
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

/** Plain text: nothing of a server's making becomes a link, an image or an icon (T107). */
function toTooltip(lines: readonly string[]): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString(undefined, false);
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  lines.forEach((line, index) => {
    if (index > 0) tooltip.appendMarkdown('\n\n');
    tooltip.appendText(line);
  });
  return tooltip;
}

/** Greys the labels of faded rows. */
export const fadedDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === SCHEME && uri.path.startsWith(FADED_PATH)
      ? new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('disabledForeground'))
      : undefined,
};
