/** Shows documents that presentation wrote: puts them and what belongs to them, opens them, and follows their links. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import { Commands } from '../../contributions/ids';
import type { ContextSource } from '../../host/contextItems';
import { safeBaseName } from '../../presentation/documentNames';
import type { HeldPart, LinkTarget, WrittenDocument } from '../../presentation/documentWriter';
import { safeText } from '../../policy/safeText';
import { ownObject } from '../ownObjects';
import { describeError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { DocumentLinks } from './documentLinks';
import { freshHash } from './hash';
import { MAX_EDITOR_BYTES, pullHeld, releaseHeld, saveAs } from './heldTexts';
import { uriOf, type VirtualFiles } from './virtualFiles';

/** How a document comes to the front. */
interface ShowOptions {
  /** A file of the document that is all there is to see: it is opened on top of the document. */
  readonly picture?: string;
  /** Leaves the keyboard where it is. */
  readonly preserveFocus?: boolean;
  /** Opens it as a tab that stays, instead of a preview. */
  readonly isKept?: boolean;
  /** What was asked of the server. */
  readonly source?: ContextSource;
}

export class WrittenDocuments implements Disposable {
  private readonly store = new DisposableStore();
  private readonly links: DocumentLinks;

  /** @param kind first path segment of these documents. */
  constructor(
    private readonly ui: UiContext,
    private readonly files: VirtualFiles,
    private readonly kind: string,
  ) {
    this.links = this.store.add(
      new DocumentLinks(files, `mcpHost.followLink.${kind}`, (error) => {
        if (!(error instanceof vscode.CancellationError))
          void vscode.window.showErrorMessage(describeError(error));
      }),
    );
  }

  /**
   * Puts a document and opens it.
   * @param name file name from `presentation/documentNames`.
   */
  async show(
    serverId: string,
    name: string,
    document: WrittenDocument,
    options: ShowOptions = {},
  ): Promise<void> {
    const { picture, preserveFocus = false, isKept = false, source } = options;
    const folder = `${this.kind}/${freshHash()}`;
    for (const { name: file, content, language } of document.files)
      this.files.put(`${folder}/${file}`, content, language === undefined ? {} : { language });
    const serverName = this.ui.host.server(serverId)?.definition.name ?? '';
    const uri = this.files.put(`${folder}/${name}`, document.text, {
      language: 'mcp-markdown',
      ...(source ? { origin: { serverId, serverName, source } } : {}),
    });
    this.links.set(
      uri,
      document.links,
      async ({ target }) => await this.follow(serverId, folder, document, target),
      () => document.held.forEach(({ text }) => releaseHeld(this.ui.host, serverId, text)),
    );
    await vscode.window.showTextDocument(uri, { preview: !isKept && picture === undefined, preserveFocus });
    if (picture !== undefined)
      await vscode.commands.executeCommand('vscode.open', uriOf(`${folder}/${picture}`), {
        preview: true,
        preserveFocus,
      });
  }

  dispose(): void {
    this.store.dispose();
  }

  private async follow(
    serverId: string,
    folder: string,
    document: WrittenDocument,
    target: LinkTarget,
  ): Promise<void> {
    // What is opened from here must not take the place of a document that is only previewed.
    if (target.kind !== 'browser') await vscode.commands.executeCommand('workbench.action.keepEditor');
    switch (target.kind) {
      case 'file':
        await vscode.commands.executeCommand('vscode.open', uriOf(`${folder}/${target.name}`), {
          preview: true,
        });
        return;
      case 'resource':
        await vscode.commands.executeCommand(
          Commands.openResource,
          ownObject({ kind: 'resource', serverId, uri: target.uri }),
        );
        return;
      case 'browser':
        await vscode.env.openExternal(vscode.Uri.parse(target.url, true));
        return;
      case 'show-all':
      case 'save-as': {
        const part = document.held[target.held];
        if (part) await this.followHeld(serverId, folder, part, target.kind);
      }
    }
  }

  private async followHeld(
    serverId: string,
    folder: string,
    part: HeldPart,
    kind: 'show-all' | 'save-as',
  ): Promise<void> {
    const { text, name, language } = part;
    const pull = async (): Promise<Uint8Array> => await pullHeld(this.ui.host, serverId, text);
    const uri = uriOf(`${folder}/all ${text.handle} ${name}`);
    if (kind === 'save-as') return await saveAs(`${safeBaseName(name, 'text')}.txt`, pull);
    if (text.bytes > MAX_EDITOR_BYTES) {
      const save = vscode.l10n.t('Save As…');
      const message = vscode.l10n.t('"{0}" is too large for an editor.', safeText(name, 100));
      if ((await vscode.window.showInformationMessage(message, save)) === save)
        await saveAs(`${safeBaseName(name, 'text')}.txt`, pull);
      return;
    }
    if (!this.files.has(uri))
      this.files.put(uri.path, await pull(), language === undefined ? {} : { language });
    await vscode.window.showTextDocument(uri, { preview: true });
  }
}
