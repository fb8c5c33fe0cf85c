/** Context keys for `when` clauses, set only when they change. */

import * as vscode from 'vscode';

import { ContextKeys, type ContextKey } from '../contributions/ids';
import type { UiContext } from './uiContext';

/** Keeps the keys about servers true to the host. */
export function registerContextKeys({ host }: UiContext): vscode.Disposable {
  const last = new Map<ContextKey, boolean>();
  const set = (key: ContextKey, value: boolean): void => {
    if (last.get(key) === value) return;
    last.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = (): void => {
    set(ContextKeys.hasServers, host.servers().length > 0 || host.problems().length > 0);
    set(
      ContextKeys.hasRunningServers,
      host.servers().some(({ state }) => state.kind === 'running'),
    );
  };
  update();
  const subscription = host.onDidChange(update);
  return new vscode.Disposable(() => subscription.dispose());
}
