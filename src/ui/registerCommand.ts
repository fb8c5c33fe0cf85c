/** Registers commands by their typed ids; a failing command is told in one message, never swallowed and never with raw server text. */

import * as vscode from 'vscode';

import type { CommandId } from '../contributions/ids';
import { describeFailure, FailureError } from '../protocol/failure';
import { safeText } from '../policy/safeText';
import type { UiContext } from './uiContext';

/**
 * Registers one command.
 * @param run gets whatever a caller passed: other extensions and links call commands too, so it must check its arguments (T016).
 */
export function registerCommand(
  { log }: Pick<UiContext, 'log'>,
  id: CommandId,
  run: (...args: readonly unknown[]) => Promise<void> | void,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      await run(...args);
    } catch (error) {
      if (error instanceof vscode.CancellationError) return;
      if (error instanceof FailureError && error.failure.code === 'cancelled') return;
      log.error(
        `${id} failed: ${error instanceof Error ? safeText(error.stack ?? error.message, 2_000) : 'unknown error'}`,
      );
      void vscode.window.showErrorMessage(describeError(error));
    }
  });
}

/** One sentence for a person. A server's own words are quoted and named as such. */
export function describeError(error: unknown): string {
  if (!(error instanceof FailureError))
    return vscode.l10n.t('MCP Host: something went wrong. The log has the details.');
  const { failure } = error;
  if (failure.code !== 'server-error') return describeFailure(failure);
  return vscode.l10n.t(
    'The server answered with error {0}: "{1}"',
    failure.rpcCode,
    safeText(failure.message, 300),
  );
}
