/** Problems of drafts as the editor shows them: looked for once typing pauses, and pointed at when sending finds one. */

import * as vscode from 'vscode';

import { safeText } from '../../policy/safeText';
import type { TextPlace } from '../../presentation/jsonPlaces';
import type { DraftProblem } from '../../presentation/requestDraft';

/** Milliseconds without typing before a text is looked at. */
const CHECK_DELAY = 300;

export class DraftProblems implements vscode.Disposable {
  private readonly shown = vscode.languages.createDiagnosticCollection('MCP Host drafts');
  private readonly timers = new Map<string, NodeJS.Timeout>();

  /** Looks again once nothing was typed for a moment. @param find what is wrong with a text */
  checkLater(document: vscode.TextDocument, find: (text: string) => readonly DraftProblem[]): void {
    const { path } = document.uri;
    clearTimeout(this.timers.get(path));
    const check = (): void => {
      this.timers.delete(path);
      if (!document.isClosed)
        this.shown.set(document.uri, find(document.getText()).map(diagnosticIn(document)));
    };
    this.timers.set(path, setTimeout(check, CHECK_DELAY));
  }

  /** Says what is wrong, and shows where. */
  point(document: vscode.TextDocument, problem: DraftProblem): void {
    void vscode.window.showWarningMessage(safeText(problem.message));
    if (!problem.place) return;
    const range = rangeOf(document, problem.place);
    const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
    if (!editor) return;
    editor.selection = new vscode.Selection(range.start, range.end);
    editor.revealRange(range);
  }

  forget(uri: vscode.Uri): void {
    clearTimeout(this.timers.get(uri.path));
    this.timers.delete(uri.path);
    this.shown.delete(uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.shown.dispose();
  }
}

function diagnosticIn(document: vscode.TextDocument): (problem: DraftProblem) => vscode.Diagnostic {
  return ({ message, place, harmless }) => {
    const range = place ? rangeOf(document, place) : document.lineAt(0).range;
    const { Error: wrong, Warning: note } = vscode.DiagnosticSeverity;
    const diagnostic = new vscode.Diagnostic(range, safeText(message), harmless ? note : wrong);
    diagnostic.source = 'MCP Host';
    return diagnostic;
  };
}

function rangeOf(document: vscode.TextDocument, { start, end }: TextPlace): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
