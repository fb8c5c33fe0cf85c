/**
 * Answers that a person writes in the model's place: documents in memory, with lenses that send or drop what was written. A draft is saved by itself, so that closing it never asks; nothing leaves before it is sent.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { ANSWER_SCHEME } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { textName } from '../../presentation/documentNames';
import type { MemoryFiles } from '../documents/lateFiles';
import type { UiContext } from '../uiContext';
import { activeUri, type Decisions } from './decisions';

/** Act on the draft in front of the person; not in the palette. */
const SEND_ANSWER = 'mcpHost.sendAnswer';
const DROP_ANSWER = 'mcpHost.dropAnswer';

interface Draft {
  readonly entryId: number;
  readonly serverName: string;
  content: Uint8Array;
  mtime: number;
  /** Set once its request does not wait any more; the text stays, it may be worth keeping. */
  over: boolean;
}

export class AnswerDrafts implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly drafts = new Map<string, Draft>();
  private readonly lensChanges = this.store.add(new vscode.EventEmitter<void>());
  private readonly placeholder = this.store.add(
    vscode.window.createTextEditorDecorationType({
      after: {
        contentText: vscode.l10n.t(
          'Write the answer here, in the model’s place. The server gets exactly this text.',
        ),
        color: new vscode.ThemeColor('input.placeholderForeground'),
        fontStyle: 'italic',
      },
    }),
  );

  /** The documents, for the file system of their scheme. */
  readonly files: MemoryFiles = this.memoryFiles();

  /** @param showRequest opens the review of an entry. */
  constructor(
    { host, log }: UiContext,
    private readonly decisions: Decisions,
    private readonly showRequest: (entry: ConsentEntry) => Promise<void>,
  ) {
    const { workspace, window, languages, commands } = vscode;
    const onError = (error: unknown): void => {
      log.error(
        `An answer could not be handled: ${error instanceof Error ? safeText(error.message) : 'unknown error'}`,
      );
    };
    for (const item of [
      languages.registerCodeLensProvider(
        { scheme: ANSWER_SCHEME },
        { onDidChangeCodeLenses: this.lensChanges.event, provideCodeLenses: ({ uri }) => this.lensesOf(uri) },
      ),
      // Never an address from the caller: only what stands in front of the person is sent (T016).
      commands.registerCommand(SEND_ANSWER, () => void this.sendActive().catch(onError)),
      commands.registerCommand(DROP_ANSWER, () => void this.dropActive().catch(onError)),
      workspace.onDidChangeTextDocument(({ document }) => this.onTyped(document)),
      window.onDidChangeVisibleTextEditors(() => this.drawPlaceholders()),
    ])
      this.store.add(item);
    this.store.add(
      host.consent.onDidChange((change) => {
        if (change.kind === 'settled') void this.onSettled(change.entry.id).catch(onError);
      }),
    );
  }

  /** Opens the draft for an entry, the one there is or a new one, beside the request itself. */
  async open(entry: ConsentEntry): Promise<void> {
    const uri = vscode.Uri.from({
      scheme: ANSWER_SCHEME,
      path: `/${entry.id}/${textName('Answer', entry.serverName)}`,
    });
    if (!this.drafts.has(uri.path))
      this.drafts.set(uri.path, {
        entryId: entry.id,
        serverName: entry.serverName,
        content: new Uint8Array(),
        mtime: Date.now(),
        over: false,
      });
    await this.showRequest(entry);
    const document = await vscode.workspace.openTextDocument(uri);
    const visible = vscode.window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => isTabOf(tab, uri)));
    // Below rather than beside: the request stays readable in its full width.
    const alone = vscode.window.tabGroups.all.length === 1 && !visible;
    if (alone) await vscode.commands.executeCommand('workbench.action.newGroupBelow');
    const viewColumn = alone ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside;
    await vscode.window.showTextDocument(document, { preview: false, ...(visible ? {} : { viewColumn }) });
    this.drawPlaceholders();
    if (!vscode.workspace.getConfiguration('editor', document).get<boolean>('codeLens', true))
      void this.offerSend();
  }

  /** True when the person looks at a draft, so that a command without an argument can mean it. */
  get isActive(): boolean {
    return this.active() !== undefined;
  }

  /** For the keyboard, and for those who have turned code lenses off. */
  async offerSend(): Promise<void> {
    const send = vscode.l10n.t('Send This Answer');
    const drop = vscode.l10n.t('Discard');
    const choice = await vscode.window.showInformationMessage(
      vscode.l10n.t('Write the answer, then send it.'),
      send,
      drop,
    );
    if (choice === send) await this.sendActive();
    else if (choice === drop) await this.dropActive();
  }

  dispose(): void {
    this.store.dispose();
  }

  private active(): { readonly uri: vscode.Uri; readonly draft: Draft } | undefined {
    const uri = activeUri();
    const draft = uri?.scheme === ANSWER_SCHEME ? this.drafts.get(uri.path) : undefined;
    return uri && draft && { uri, draft };
  }

  private async sendActive(): Promise<void> {
    const active = this.active();
    if (!active) return;
    const document = await vscode.workspace.openTextDocument(active.uri);
    const text = document.getText();
    if (text.trim() === '') {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('The answer is empty. Write something first, or deny the request.'),
      );
      return;
    }
    if (this.decisions.decide(active.draft.entryId, { kind: 'answer', text })) await this.close(active.uri);
  }

  private async dropActive(): Promise<void> {
    const active = this.active();
    if (active) await this.close(active.uri);
  }

  private async onSettled(entryId: number): Promise<void> {
    for (const [path, draft] of this.drafts) {
      if (draft.entryId !== entryId) continue;
      draft.over = true;
      const document = vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === ANSWER_SCHEME && uri.path === path,
      );
      if (document && document.getText().trim() === '') await this.close(document.uri);
    }
    this.lensChanges.fire();
  }

  private async close(uri: vscode.Uri): Promise<void> {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    // A dirty document would ask whether to save it.
    if (document?.isDirty === true) await document.save();
    const tabs = vscode.window.tabGroups.all
      .flatMap(({ tabs: all }) => all)
      .filter((tab) => isTabOf(tab, uri));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
    this.drafts.delete(uri.path);
  }

  private onTyped(document: vscode.TextDocument): void {
    if (document.uri.scheme !== ANSWER_SCHEME) return;
    this.drawPlaceholders();
    if (document.isDirty) void document.save();
  }

  private drawPlaceholders(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.uri.scheme !== ANSWER_SCHEME) continue;
      const empty = editor.document.getText() === '' && this.drafts.has(editor.document.uri.path);
      editor.setDecorations(this.placeholder, empty ? [new vscode.Range(0, 0, 0, 0)] : []);
    }
  }

  private lensesOf(uri: vscode.Uri): vscode.CodeLens[] {
    const draft = this.drafts.get(uri.path);
    if (!draft) return [];
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command });
    if (draft.over)
      return [
        lens(vscode.l10n.t('This request is no longer waiting'), ''),
        lens(`$(trash)\u00A0${vscode.l10n.t('Discard')}`, DROP_ANSWER),
      ];
    const server = safeText(draft.serverName, 64);
    return [
      lens(`$(send)\u00A0${vscode.l10n.t('Send This Answer to "{0}"', server)}`, SEND_ANSWER),
      lens(`$(trash)\u00A0${vscode.l10n.t('Discard')}`, DROP_ANSWER),
    ];
  }

  private memoryFiles(): MemoryFiles {
    const gone = new TextEncoder().encode(
      vscode.l10n.t('This answer was not sent, and its request is no longer waiting.'),
    );
    return {
      stat: ({ path }) => {
        const draft = this.drafts.get(path);
        // A tab that was restored after a reload.
        if (!draft)
          return {
            type: vscode.FileType.File,
            ctime: 0,
            mtime: 0,
            size: gone.byteLength,
            permissions: vscode.FilePermission.Readonly,
          };
        return {
          type: vscode.FileType.File,
          ctime: draft.mtime,
          mtime: draft.mtime,
          size: draft.content.byteLength,
        };
      },
      readFile: ({ path }) => this.drafts.get(path)?.content ?? gone,
      writeFile: ({ path }, content) => {
        const draft = this.drafts.get(path);
        if (!draft) throw vscode.FileSystemError.NoPermissions();
        draft.content = content;
        draft.mtime = Math.max(draft.mtime + 1, Date.now());
      },
    };
  }
}

function isTabOf({ input }: vscode.Tab, uri: vscode.Uri): boolean {
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
