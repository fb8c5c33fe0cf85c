/**
 * Arguments as JSON in an editor: documents in memory, with a lens that runs the tool and problems where the JSON does not match. Nothing
 * saves them but the person, and Run: the editor keeps what is not saved, over a reload too, and asks when its tab is closed.
 */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { JsonObject } from '../../base/json';
import { ARGUMENTS_SCHEME } from '../../contributions/ids';
import { readArguments } from '../../presentation/argumentValue';
import { textName, safeBaseName } from '../../presentation/documentNames';
import { safeText } from '../../policy/safeText';
import type { ToolDefinition } from '../../protocol/model';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { DraftFiles } from '../documents/draftFiles';
import { freshHash } from '../documents/hash';
import type { ToolTarget } from '../items/targets';

/** Runs the tool with the arguments of the active document; not in the palette. */
const RUN_ARGUMENTS = 'mcpHost.runArguments';

/** Milliseconds without typing before a text is looked at. */
const CHECK_DELAY = 300;

/** One document and the tool it is for. */
interface Sheet {
  readonly tool: ToolTarget;
  /** The tool as it was when the person began. */
  readonly definition: ToolDefinition;
}

export class ArgumentsEditor implements Disposable {
  private readonly store = new DisposableStore();
  private readonly sheets = new Map<string, Sheet>();
  private readonly problems = this.store.add(vscode.languages.createDiagnosticCollection('MCP Host'));
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** The documents, for the file system of their scheme. */
  readonly files: DraftFiles;

  /** @param onRun called with arguments that are a JSON object. */
  constructor(
    memory: vscode.Memento,
    private readonly validator: SchemaValidator,
    private readonly onRun: (
      tool: ToolTarget,
      definition: ToolDefinition,
      given: JsonObject,
    ) => Promise<void>,
    onError: (error: unknown) => void,
  ) {
    this.files = new DraftFiles(
      vscode.l10n.t('These arguments were not kept. Call the tool again.'),
      memory,
      'arguments',
      isShown,
    );
    this.store.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        if (closed.some((tab) => pathOf(tab) !== undefined)) this.files.keep();
      }),
    );
    this.store.add(
      vscode.languages.registerCodeLensProvider(
        { scheme: ARGUMENTS_SCHEME },
        { provideCodeLenses: ({ uri }) => this.lensesOf(uri) },
      ),
    );
    this.store.add(
      vscode.commands.registerCommand(RUN_ARGUMENTS, () => {
        // Never an address from the caller: only what stands in front of the person is run (T016).
        this.runActive().catch(onError);
      }),
    );
    this.store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.onTyped(document)));
    this.store.add(vscode.workspace.onDidOpenTextDocument((document) => this.setLanguage(document)));
    this.store.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.problems.delete(uri)));
    vscode.workspace.textDocuments.forEach((document) => this.setLanguage(document));
  }

  /** Opens an editor with these arguments. */
  async open(
    tool: ToolTarget,
    serverName: string,
    definition: ToolDefinition,
    given: JsonObject,
  ): Promise<void> {
    const name = textName(`${safeBaseName(tool.name, 'tool')} arguments`, serverName);
    const uri = vscode.Uri.from({ scheme: ARGUMENTS_SCHEME, path: `/${freshHash()}/${name}` });
    this.files.put(uri.path, `${JSON.stringify(given, null, 2)}\n`);
    this.sheets.set(uri.path, { tool, definition });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
    if (!vscode.workspace.getConfiguration('editor', document).get<boolean>('codeLens', true))
      void this.offerRun(tool);
    this.checkLater(document);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.store.dispose();
  }

  /** For those who have turned code lenses off. */
  private async offerRun({ name }: ToolTarget): Promise<void> {
    const run = vscode.l10n.t('Run Tool');
    const message = vscode.l10n.t('Edit the arguments of "{0}", then run it.', safeText(name, 80));
    if ((await vscode.window.showInformationMessage(message, run)) === run)
      await vscode.commands.executeCommand(RUN_ARGUMENTS);
  }

  private async runActive(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const sheet = document && this.sheets.get(document.uri.path);
    if (!document || document.uri.scheme !== ARGUMENTS_SCHEME) return;
    if (!sheet) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('These arguments are from an earlier session. Call the tool again.'),
      );
      return;
    }
    const read = readArguments(document.getText());
    if (!read.ok) return void vscode.window.showErrorMessage(safeText(read.error));
    // What was run is no draft any more. What runs is what stood there, whatever a save makes of it.
    if (document.isDirty) await document.save();
    await this.onRun(sheet.tool, sheet.definition, read.value);
  }

  private lensesOf(uri: vscode.Uri): vscode.CodeLens[] {
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command });
    if (!this.sheets.has(uri.path))
      return [lens(vscode.l10n.t('These arguments are from an earlier session. Call the tool again.'), '')];
    return [lens(`$(play)\u00A0${vscode.l10n.t('Run Tool with These Arguments')}`, RUN_ARGUMENTS)];
  }

  /** In a language of ours nothing rewrites a text when it is saved, and nothing saves it but the person. */
  private setLanguage(document: vscode.TextDocument): void {
    if (document.uri.scheme !== ARGUMENTS_SCHEME || document.languageId === 'mcp-json') return;
    // A document that was closed in the meantime needs no language.
    vscode.languages.setTextDocumentLanguage(document, 'mcp-json').then(undefined, () => undefined);
  }

  private onTyped(document: vscode.TextDocument): void {
    const sheet = this.sheets.get(document.uri.path);
    if (document.uri.scheme !== ARGUMENTS_SCHEME || !sheet) return;
    this.checkLater(document);
  }

  /** Shows what does not match, once the person pauses. */
  private checkLater(document: vscode.TextDocument): void {
    const { path } = document.uri;
    clearTimeout(this.timers.get(path));
    const work = async (): Promise<void> => {
      this.timers.delete(path);
      const { version } = document;
      const found = await this.check(document);
      if (document.version === version && !document.isClosed) this.problems.set(document.uri, found);
    };
    this.timers.set(
      path,
      setTimeout(() => void work(), CHECK_DELAY),
    );
  }

  private async check(document: vscode.TextDocument): Promise<vscode.Diagnostic[]> {
    const sheet = this.sheets.get(document.uri.path);
    if (!sheet) return [];
    const text = document.getText();
    const read = readArguments(text);
    if (!read.ok) return [problem(new vscode.Range(0, 0, 0, 1), read.error, vscode.DiagnosticSeverity.Error)];
    const outcome = await this.validator.validate(sheet.definition.inputSchema, read.value);
    if (outcome.kind !== 'invalid') return [];
    return outcome.errors.map(({ path, message }) =>
      problem(rangeOfPath(document, text, path), message, vscode.DiagnosticSeverity.Warning),
    );
  }
}

function isShown(path: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => pathOf(tab) === path));
}

/** Of the arguments that a tab shows. */
function pathOf({ input }: vscode.Tab): string | undefined {
  return input instanceof vscode.TabInputText && input.uri.scheme === ARGUMENTS_SCHEME
    ? input.uri.path
    : undefined;
}

function problem(
  range: vscode.Range,
  message: string,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(range, safeText(message), severity);
  diagnostic.source = 'MCP Host';
  return diagnostic;
}

/** The key that a JSON pointer ends in, where it first stands; the first line when it cannot be found. */
function rangeOfPath(document: vscode.TextDocument, text: string, path: string): vscode.Range {
  const key = path.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part));
  const quoted =
    key === undefined ? undefined : JSON.stringify(key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const offset = quoted === undefined ? -1 : text.indexOf(quoted);
  if (quoted === undefined || offset === -1) return document.lineAt(0).range;
  return new vscode.Range(document.positionAt(offset), document.positionAt(offset + quoted.length));
}
