/** Registers the Context view and its commands. What only a click needs is loaded then. */

import * as vscode from 'vscode';

import { Commands, ContextKeys, DocumentKinds, type CommandId } from '../../contributions/ids';
import { sayGone } from '../documents/restorer';
import type { VirtualFiles } from '../documents/virtualFiles';
import { loadPart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { ServerTreeDrag } from '../servers/treeDrag';
import type { UiContext } from '../uiContext';
import type * as AddCode from './addToContext';
import type * as CommandsCode from './contextCommands';
import { ContextView } from './contextView';

type Code = typeof CommandsCode;

/** Registers them. */
export function registerContext(ui: UiContext, files: VirtualFiles, drag: ServerTreeDrag): vscode.Disposable {
  const load = async (): Promise<Code> => await loadPart(async () => await import('./contextCommands'));
  const loadAdd = async (): Promise<typeof AddCode> =>
    await loadPart(async () => await import('./addToContext'));
  const command = (
    id: CommandId,
    run: (code: Code, argument: unknown, selected: unknown) => Promise<void> | void,
  ): vscode.Disposable =>
    registerCommand(ui, id, async (argument, selected) => await run(await load(), argument, selected));
  void vscode.commands
    .getCommands(true)
    .then((known) =>
      vscode.commands.executeCommand(
        'setContext',
        ContextKeys.hasChat,
        known.includes('workbench.action.chat.open'),
      ),
    );
  return vscode.Disposable.from(
    new ContextView(ui, drag, async (nodes) => {
      await (await loadAdd()).addRows(ui, nodes);
    }),
    registerCommand(ui, Commands.addToContext, async (argument, selected) =>
      (await loadAdd()).addToContext(ui, files, argument, selected),
    ),
    command(Commands.copyContext, (code, ...given) => code.copyContext(ui, ...given)),
    command(Commands.openContext, (code, ...given) => code.openContext(ui, files, ...given)),
    command(Commands.removeFromContext, (code, ...given) => code.removeFromContext(ui, ...given)),
    command(Commands.refreshContext, (code, ...given) => code.refreshContext(ui, ...given)),
    command(Commands.clearContext, (code) => code.clearContext(ui)),
    command(Commands.sendContextToChat, (code, ...given) => code.sendContextToChat(ui, ...given)),
    sayGone(
      files,
      DocumentKinds.context,
      vscode.l10n.t('This document is no longer kept. Open the context again to see it as it is now.'),
    ),
  );
}
