/** Registers the commands about servers. What only some of them need is loaded when they are run. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import { loadPart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { registerServerCommands, type ServerLogs } from './serverCommands';
import type { WaitingSignIn } from './signInActions';

/** What of the editor the commands need. */
interface ServersContext {
  readonly logs: ServerLogs;
  readonly signIn: WaitingSignIn;
  /** The extension's own folder. */
  readonly storage: vscode.Uri;
}

/** All commands about servers. */
export function registerServers(ui: UiContext, { logs, signIn, storage }: ServersContext): vscode.Disposable {
  return vscode.Disposable.from(
    registerServerCommands(ui, logs),
    registerCommand(ui, Commands.addServer, async () => {
      const run = await loadPart(async () => (await import('./addServer')).addServer);
      await run();
    }),
    registerCommand(ui, Commands.openDemo, async () => {
      const run = await loadPart(async () => (await import('./openDemo')).openDemo);
      await run(storage);
    }),
    registerCommand(ui, Commands.signIn, async (argument) => {
      const run = await loadPart(async () => (await import('./signInActions')).signIn);
      await run(ui, argument);
    }),
    registerCommand(ui, Commands.signOut, async (argument) => {
      const run = await loadPart(async () => (await import('./signInActions')).signOut);
      await run(ui, argument);
    }),
    registerCommand(ui, Commands.chooseRoots, async (argument) => {
      const run = await loadPart(async () => (await import('./chooseFolders')).chooseFolders);
      await run(ui, argument);
    }),
    registerCommand(ui, Commands.pasteCallback, async () => {
      const run = await loadPart(async () => (await import('./signInActions')).pasteCallback);
      await run(signIn);
    }),
  );
}
