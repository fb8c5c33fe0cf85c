/**
 * What a person writes about a request or an answer of a model, in documents with lenses that send or drop it. Nothing leaves before it
 * is sent, and what is sent is what stands in the editor. It is never saved for the person: every save lets settings and other extensions
 * rewrite a text. The editor itself keeps what is not saved, over a reload too, and asks when its tab is closed.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { ANSWER_SCHEME, DRAFT_LANGUAGE } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { textName } from '../../presentation/documentNames';
import { DraftFiles } from '../documents/draftFiles';
import { freshHash } from '../documents/hash';
import type { UiContext } from '../uiContext';
import { activeUri, type Decisions } from './decisions';
import { draftKind, type DraftKind, type DraftPurpose } from './draftKinds';
import { DraftProblems } from './draftProblems';

/** Act on the draft in front of the person; not in the palette. */
const SEND_DRAFT = 'mcpHost.sendAnswer';
const DROP_DRAFT = 'mcpHost.dropAnswer';

interface Draft {
  readonly entryId: number;
  readonly serverName: string;
  readonly kind: DraftKind;
  /** Set once its request does not wait any more; the text stays, it may be worth keeping. */
  over: boolean;
}

export class Drafts implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly drafts = new Map<string, Draft>();
  /** Entries are counted anew in each window; a tab that a reload brought back is never taken for a new draft. */
  private readonly session = freshHash();
  private readonly problems = this.store.add(new DraftProblems());
  private readonly lensChanges = this.store.add(new vscode.EventEmitter<void>());
  private readonly placeholder = this.store.add(vscode.window.createTextEditorDecorationType({}));

  /** The documents, for the file system of their scheme. */
  readonly files: DraftFiles;

  /** @param showRequest opens the review of an entry. */
  constructor(
    { host, log, memory }: UiContext,
    private readonly decisions: Decisions,
    private readonly showRequest: (entry: ConsentEntry) => Promise<void>,
  ) {
    const { workspace, window, languages, commands } = vscode;
    this.files = new DraftFiles(
      vscode.l10n.t('This text was not sent, and its request is no longer waiting.'),
      memory,
      'drafts',
      (path) => tabsOf(path).length > 0,
    );
    const onError = (error: unknown): void => {
      log.error(
        `A draft could not be handled: ${error instanceof Error ? safeText(error.message) : 'unknown error'}`,
      );
    };
    for (const item of [
      languages.registerCodeLensProvider(
        { scheme: ANSWER_SCHEME },
        { onDidChangeCodeLenses: this.lensChanges.event, provideCodeLenses: ({ uri }) => this.lensesOf(uri) },
      ),
      // Never an address from the caller: only what stands in front of the person is sent (T016).
      commands.registerCommand(SEND_DRAFT, () => void this.sendActive().catch(onError)),
      commands.registerCommand(DROP_DRAFT, () => void this.dropActive().catch(onError)),
      workspace.onDidOpenTextDocument((document) => this.setLanguage(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.onTyped(document)),
      window.tabGroups.onDidChangeTabs(({ closed }) => this.onTabsClosed(closed)),
      window.onDidChangeVisibleTextEditors(() => this.drawPlaceholders()),
    ])
      this.store.add(item);
    this.store.add(
      host.consent.onDidChange((change) => {
        if (change.kind === 'settled') void this.onSettled(change.entry.id).catch(onError);
      }),
    );
    workspace.textDocuments.forEach((document) => this.setLanguage(document));
  }

  /** Opens the draft of this kind for an entry, the one there is or a new one, beside the review; nothing for an entry that takes none. */
  async open(entry: ConsentEntry, purpose: DraftPurpose): Promise<void> {
    const kind = draftKind(entry, purpose);
    if (!kind) return;
    const { id: entryId, serverName } = entry;
    const path = `/${this.session}-${entryId}/${textName(kind.name, serverName)}`;
    const uri = uriOfPath(path);
    if (!this.drafts.has(path)) {
      this.files.put(path, kind.text);
      this.drafts.set(path, { entryId, serverName, kind, over: false });
    }
    await this.showRequest(entry);
    // It has ended in between.
    if (!this.drafts.has(path)) return;
    const document = await vscode.workspace.openTextDocument(uri);
    const visible = tabsOf(path).length > 0;
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
    const active = this.active();
    if (!active) return;
    const { hint, send } = active.draft.kind;
    const drop = vscode.l10n.t('Discard');
    const choice = await vscode.window.showInformationMessage(hint, send, drop);
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
    const decision = active.draft.kind.read(document.getText());
    if (!decision.ok) this.problems.point(document, decision.error);
    else if (this.decisions.decide(active.draft.entryId, decision.value)) await this.close(active.uri);
  }

  private async dropActive(): Promise<void> {
    const uri = activeUri();
    if (uri?.scheme === ANSWER_SCHEME) await this.close(uri);
  }

  private async onSettled(entryId: number): Promise<void> {
    for (const [path, draft] of this.drafts) {
      if (draft.entryId !== entryId) continue;
      draft.over = true;
      if (tabsOf(path).length === 0) {
        this.forget(uriOfPath(path));
        continue;
      }
      const document = vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === ANSWER_SCHEME && uri.path === path,
      );
      // What nobody wrote is not worth keeping.
      if (document && document.getText().trim() === draft.kind.text.trim()) await this.close(document.uri);
    }
    this.lensChanges.fire();
  }

  /** What the person saved stays while its request waits, whose draft then opens with it again. */
  private onTabsClosed(tabs: readonly vscode.Tab[]): void {
    const gone = tabs.flatMap((tab) => uriOf(tab) ?? []).filter(({ path }) => tabsOf(path).length === 0);
    for (const uri of gone) {
      this.problems.forget(uri);
      if (this.drafts.get(uri.path)?.over !== false) this.forget(uri);
    }
    if (gone.length > 0) this.files.keep();
  }

  private async close(uri: vscode.Uri): Promise<void> {
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    // A dirty document would ask whether to save it. What becomes of its text does not matter any more.
    if (document?.isDirty === true) await document.save();
    const tabs = tabsOf(uri.path);
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
    this.forget(uri);
  }

  private forget(uri: vscode.Uri): void {
    this.drafts.delete(uri.path);
    this.files.drop(uri.path);
    this.problems.forget(uri);
  }

  private onTyped(document: vscode.TextDocument): void {
    if (document.uri.scheme !== ANSWER_SCHEME) return;
    this.drawPlaceholders();
    const draft = this.drafts.get(document.uri.path);
    // Closing a tab takes back what was typed, which is nothing to be told of any more.
    if (draft && tabsOf(document.uri.path).length > 0)
      this.problems.checkLater(document, draft.kind.problems);
  }

  /** In a language of ours nothing rewrites a text when it is saved, and nothing saves it but the person. */
  private setLanguage(document: vscode.TextDocument): void {
    if (document.uri.scheme !== ANSWER_SCHEME) return;
    const wanted = this.drafts.get(document.uri.path)?.kind.language ?? DRAFT_LANGUAGE;
    // A document that was closed in the meantime needs no language.
    if (document.languageId !== wanted)
      vscode.languages.setTextDocumentLanguage(document, wanted).then(undefined, () => undefined);
  }

  private drawPlaceholders(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const { document } = editor;
      if (document.uri.scheme !== ANSWER_SCHEME) continue;
      const contentText = this.drafts.get(document.uri.path)?.kind.placeholder;
      const shown = contentText !== undefined && document.getText() === '';
      editor.setDecorations(this.placeholder, shown ? [placeholderOf(contentText)] : []);
    }
  }

  private lensesOf(uri: vscode.Uri): vscode.CodeLens[] {
    const draft = this.drafts.get(uri.path);
    const lens = (title: string, command: string): vscode.CodeLens =>
      new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { title, command });
    const discard = lens(`$(trash)\u00A0${vscode.l10n.t('Discard')}`, DROP_DRAFT);
    if (!draft || draft.over) return [lens(vscode.l10n.t('This request is no longer waiting'), ''), discard];
    const send = draft.kind.sendTo(safeText(draft.serverName, 64));
    return [lens(`$(send)\u00A0${send}`, SEND_DRAFT), discard];
  }
}

function placeholderOf(contentText: string): vscode.DecorationOptions {
  const color = new vscode.ThemeColor('input.placeholderForeground');
  return {
    range: new vscode.Range(0, 0, 0, 0),
    renderOptions: { after: { contentText, color, fontStyle: 'italic' } },
  };
}

function uriOfPath(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: ANSWER_SCHEME, path });
}

function tabsOf(path: string): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => uriOf(tab)?.path === path);
}

/** The draft that a tab shows. */
function uriOf({ input }: vscode.Tab): vscode.Uri | undefined {
  return input instanceof vscode.TabInputText && input.uri.scheme === ANSWER_SCHEME ? input.uri : undefined;
}
