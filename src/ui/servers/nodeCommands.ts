/** What a click on a node of the Servers tree does: open what can be opened, show the log for what went wrong, go on with a sign-in. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { Host } from '../../host/host';
import { ApprovalTarget } from '../approvals/decisions';
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
    case 'usage':
      return { command: Commands.showUsage, title: vscode.l10n.t('Show Usage'), arguments: [node] };
    case 'note':
      return node.list === undefined ? noteCommand(host, node) : undefined;
    default:
      return undefined;
  }
}

/** A note below a server: what went wrong is in the log, and what somebody has to do is done from here. */
function noteCommand(
  host: Host,
  node: Extract<ServerTreeNode, { kind: 'note' }>,
): vscode.Command | undefined {
  const server = host.server(node.serverId);
  if (server?.state.kind === 'failed')
    return { command: Commands.showLog, title: vscode.l10n.t('Show Log'), arguments: [node] };
  if (server?.awaitedSignIn === 'browser')
    return { command: Commands.pasteCallback, title: vscode.l10n.t('Paste Callback URL'), arguments: [node] };
  if (server?.awaitedSignIn !== 'answer') return undefined;
  const question = host.consent
    .entries()
    .find(({ serverId, subject }) => serverId === node.serverId && subject.kind === 'sign-in');
  return (
    question && {
      command: Commands.reviewRequest,
      title: vscode.l10n.t('Review'),
      arguments: [new ApprovalTarget(question.id)],
    }
  );
}
