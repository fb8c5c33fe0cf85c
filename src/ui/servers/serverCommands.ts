/** Commands about servers: start, stop, look, configure. Each checks its argument against the host and asks when there is none. */

import * as vscode from 'vscode';

import { Commands, SETTINGS_SECTION, Settings, type CommandId } from '../../contributions/ids';
import type { Server } from '../../host/server';
import { failureLines, stateLabel } from '../../presentation/serverTexts';
import { safeText } from '../../policy/safeText';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { listOf, serverIdOf } from './nodes';
import { pickServer } from './pickServer';

/** The logs of servers, for the person to see. */
export interface ServerLogs {
  show(serverId: string): void;
}

/** Registers them. */
export function registerServerCommands(ui: UiContext, logs: ServerLogs): vscode.Disposable {
  const { host } = ui;
  const { l10n } = vscode;
  const any = (): boolean => true;
  const command = (
    id: CommandId,
    title: string,
    fits: (server: Server) => boolean,
    run: (server: Server) => Promise<void> | void,
  ): vscode.Disposable =>
    registerCommand(ui, id, async (argument) => {
      const server = await pickServer(ui, argument, title, fits);
      if (server) await run(server);
    });
  return vscode.Disposable.from(
    command(
      Commands.startServer,
      l10n.t('Start Server'),
      ({ isLive }) => !isLive,
      (server) => bringUp(server, logs, () => host.start(server.id)),
    ),
    command(
      Commands.stopServer,
      l10n.t('Stop Server'),
      ({ isLive, awaitsRestart }) => isLive || awaitsRestart,
      ({ id }) => host.stop(id),
    ),
    command(Commands.restartServer, l10n.t('Restart Server'), any, (server) =>
      bringUp(server, logs, () => host.restart(server.id)),
    ),
    command(
      Commands.refreshServer,
      l10n.t('Refresh'),
      ({ state }) => state.kind === 'running',
      ({ id }) => host.refresh(id),
    ),
    registerCommand(ui, Commands.refreshList, async (argument) => {
      const id = serverIdOf(argument);
      const list = listOf(argument);
      if (id !== undefined && list !== undefined) await host.refresh(id, list);
    }),
    command(Commands.showLog, l10n.t('Show Log'), any, ({ id }) => logs.show(id)),
    command(
      Commands.revokeApproval,
      l10n.t('Forget Approval'),
      // Those of the person's own settings start without one.
      ({ definition }) => definition.scope.kind !== 'user',
      ({ id }) => host.revokeApproval(id),
    ),
    command(Commands.forgetInputs, l10n.t('Forget Stored Inputs'), any, ({ id }) => host.forgetInputs(id)),
    command(Commands.editServer, l10n.t('Edit in Settings'), any, (server) => editServer(server)),
    registerCommand(ui, Commands.openSettings, async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:mcp-host.mcp-host');
    }),
    registerCommand(ui, Commands.manageTrust, async () => {
      await vscode.commands.executeCommand('workbench.trust.manage');
    }),
  );
}

/** Starts, or starts again, and says so when it did not work: a row that turns red may be out of sight. */
async function bringUp(server: Server, logs: ServerLogs, work: () => Promise<void>): Promise<void> {
  await work();
  const { state } = server;
  if (state.kind !== 'failed') return;
  const showLog = vscode.l10n.t('Show Log');
  const [why = stateLabel(state)] = failureLines(state);
  const text = vscode.l10n.t('Server "{0}" did not start: {1}', safeText(server.definition.name, 80), why);
  void vscode.window.showErrorMessage(text, showLog).then((choice) => {
    if (choice === showLog) logs.show(server.id);
  });
}

/** Opens the settings file that holds the entry, at the entry. */
async function editServer({ definition }: Server): Promise<void> {
  const command = {
    user: 'workbench.action.openSettingsJson',
    workspace: 'workbench.action.openWorkspaceSettingsFile',
    folder: 'workbench.action.openFolderSettingsFile',
  }[definition.scope.kind];
  await vscode.commands.executeCommand(command, {
    revealSetting: { key: `${SETTINGS_SECTION}.${Settings.servers}`, edit: false },
  });
}
