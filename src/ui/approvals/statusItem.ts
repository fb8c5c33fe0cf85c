/** The status-bar item that is there while something waits for the person. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { UiContext } from '../uiContext';

/** Shows the count of what waits; a click opens the review. */
export function showWaitingCount({ host }: UiContext): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mcpHost.approvals', vscode.StatusBarAlignment.Left, 0);
  item.name = vscode.l10n.t('MCP Host Approvals');
  item.command = Commands.reviewRequest;
  item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
  const update = (): void => {
    const count = host.consent.entries().length;
    if (count === 0) {
      item.hide();
      return;
    }
    const text =
      count === 1
        ? vscode.l10n.t('1 request of an MCP server waits for your decision')
        : vscode.l10n.t('{0} requests of MCP servers wait for your decision', count);
    item.text = `$(bell-dot) MCP: ${count}`;
    item.tooltip = text;
    item.accessibilityInformation = { label: text, role: 'button' };
    item.show();
  };
  update();
  const subscription = host.consent.onDidChange(update);
  return vscode.Disposable.from(item, subscription);
}
