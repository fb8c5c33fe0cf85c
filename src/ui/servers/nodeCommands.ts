/** What a click on a node of the Servers tree does: open what can be opened, show the log for what went wrong. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { Host } from '../../host/host';
import type { ServerTreeNode } from './nodes';

/** The command of a click; undefined where it only selects. */
export function commandOf(host: Host, node: ServerTreeNode): vscode.Command | undefined {
  switch (node.kind) {
    case 'resource':
    case 'template':
      return { command: Commands.openResource, title: vscode.l10n.t('Open Resource'), arguments: [node] };
    case 'skill':
    case 'skill-file':
      return { command: Commands.openSkill, title: vscode.l10n.t('Open Skill'), arguments: [node] };
    case 'task':
      return host.tasks.get(node.key)?.state.kind === 'done'
        ? { command: Commands.openTaskResult, title: vscode.l10n.t('Open Task Result'), arguments: [node] }
        : undefined;
    case 'note':
      return host.server(node.serverId)?.state.kind === 'failed'
        ? { command: Commands.showLog, title: vscode.l10n.t('Show Log'), arguments: [node] }
        : undefined;
    default:
      return undefined;
  }
}
