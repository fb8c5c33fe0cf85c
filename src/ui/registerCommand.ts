/** Registers commands by their typed ids; a failing command is told in one message, never swallowed and never with raw server text. */

import * as vscode from 'vscode';

import type { CommandId } from '../contributions/ids';
import { FailureError } from '../protocol/failure';
import { safeText } from '../policy/safeText';
import { failureText } from '../presentation/failureTexts';
import { PartMissingError } from './lateParts';
import type { ShownLog, UiContext } from './uiContext';

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
      tellError(log, id, error);
    }
  });
}

/** What went wrong, and with what: of a request that a person made by its name, the words of a server alone tell too little. */
export class NamedError extends Error {
  /** @param what a sentence, safe to show */
  constructor(
    readonly what: string,
    override readonly cause: unknown,
  ) {
    super(what);
  }
}

/** Logs and tells that something did not work, unless it was cancelled. @param what for the log */
export function tellError(log: ShownLog, what: string, given: unknown): void {
  const error = given instanceof NamedError ? given.cause : given;
  if (error instanceof vscode.CancellationError) return;
  if (error instanceof FailureError && error.failure.code === 'cancelled') return;
  log.error(`${what} failed: ${detailsOf(error)}`);
  if (error instanceof PartMissingError) return offerReload();
  const showLog = vscode.l10n.t('Show Log');
  // A message without any button is cut to one line.
  void vscode.window.showErrorMessage(describeError(given), showLog).then((choice) => {
    if (choice === showLog) log.show(true);
  });
}

/** For the log, which outlives the message. */
function detailsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const stack = safeText(error.stack ?? error.message, 2_000);
  return error instanceof FailureError ? `${describeError(error)} ${stack}` : stack;
}

/** The files of an extension that was updated are those of another version: only a reload makes the two agree again. */
function offerReload(): void {
  const reload = vscode.l10n.t('Reload Window');
  const message = vscode.l10n.t(
    'MCP Host could not load a part of itself. It may have been updated: reload the window.',
  );
  void vscode.window.showErrorMessage(message, reload).then((choice) => {
    if (choice === reload) void vscode.commands.executeCommand('workbench.action.reloadWindow');
  });
}

/** One sentence for a person. A server's own words are quoted and named as such. */
export function describeError(error: unknown): string {
  if (error instanceof NamedError) return `${error.what} ${describeError(error.cause)}`;
  if (!(error instanceof FailureError))
    return vscode.l10n.t('MCP Host: something went wrong. The log has the details.');
  return failureText(error.failure);
}
