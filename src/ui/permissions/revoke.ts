/** Takes back what was allowed: one permission, or all of them after a question. */

import * as vscode from 'vscode';

import type { Host } from '../../host/host';
import { causesText, scopeText } from '../../presentation/grantTexts';
import { safeText } from '../../policy/safeText';
import { isOwnObject } from '../ownObjects';
import type { UiContext } from '../uiContext';
import type { PermissionNode } from './permissionsView';

/** One thing that can be taken back. */
type Permission = Extract<PermissionNode, { readonly kind: 'sampling' | 'launch' }>;

interface PermissionItem extends vscode.QuickPickItem {
  readonly permission: Permission;
}

/** Takes back the permission of a row, or the one that the person picks. @param argument a row of the Permissions view, or undefined */
export async function revokePermission({ host, log }: UiContext, argument: unknown): Promise<void> {
  if (argument !== undefined && !isOwnObject(argument)) {
    log.warn('A command was called with an argument that is none of ours, and did nothing.');
    return;
  }
  const permission = argument === undefined ? await pick(host) : permissionOf(argument);
  if (permission) await revoke(host, permission);
}

/** Takes back all of them, after a question. */
export async function revokeAllPermissions({ host }: UiContext): Promise<void> {
  const { l10n, window } = vscode;
  if (items(host).length === 0) return tellNone();
  const yes = l10n.t('Revoke All');
  const choice = await window.showWarningMessage(
    l10n.t('Revoke all permissions?'),
    {
      modal: true,
      detail: l10n.t(
        'You are asked about every request for a model answer again, in other workspaces too. Servers of this workspace that you had approved are ended, and ask before they start.',
      ),
    },
    yes,
  );
  if (choice !== yes) return;
  await host.permissions.grants.revokeAll();
  for (const { permission } of items(host)) await revoke(host, permission);
}

async function revoke(host: Host, permission: Permission): Promise<void> {
  if (permission.kind === 'sampling') await host.permissions.grants.revoke(permission.grantId);
  else await host.revokeApproval(permission.serverId);
}

/** The row of ours, when it is one of a permission. */
function permissionOf(row: object): Permission | undefined {
  if (!('kind' in row) || !('serverId' in row) || typeof row.serverId !== 'string') return undefined;
  const { kind, serverId } = row;
  if (kind === 'launch') return { kind, serverId };
  return kind === 'sampling' && 'grantId' in row && typeof row.grantId === 'string'
    ? { kind, serverId, grantId: row.grantId }
    : undefined;
}

async function pick(host: Host): Promise<Permission | undefined> {
  const known = items(host);
  if (known.length === 0) {
    tellNone();
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(known, {
    title: vscode.l10n.t('Revoke Permission'),
    placeHolder: vscode.l10n.t('What shall not be allowed any more?'),
    matchOnDescription: true,
  });
  return picked?.permission;
}

function items({ permissions }: Host): readonly PermissionItem[] {
  const { grants } = permissions;
  return [
    ...permissions.approvedServers().map(({ id, definition }) => ({
      label: safeText(definition.name, 64),
      description: vscode.l10n.t('Start, as approved'),
      iconPath: new vscode.ThemeIcon('shield'),
      permission: { kind: 'launch', serverId: id } as const,
    })),
    ...grants.list().map((grant) => ({
      label: safeText(grant.serverName, 64),
      description: `${causesText(grant)}, ${scopeText(grant.scope, grants.isHere(grant))}`,
      iconPath: new vscode.ThemeIcon('comment-discussion'),
      permission: { kind: 'sampling', serverId: grant.serverId, grantId: grant.id } as const,
    })),
  ];
}

function tellNone(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t('There is no permission to revoke.'));
}
