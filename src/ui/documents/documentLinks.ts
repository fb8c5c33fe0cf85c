/** The links of our documents: only those that were computed here are active, and each does one thing that is known beforehand. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import { SCHEME } from '../../contributions/ids';
import type { WrittenLink } from '../../presentation/documentWriter';
import { uriOf, type VirtualFiles } from './virtualFiles';

/** Runs one link of a document. */
type FollowLink = (link: WrittenLink) => Promise<void>;

interface Entry {
  readonly links: readonly WrittenLink[];
  readonly follow: FollowLink;
  readonly onClose: () => void;
}

export class DocumentLinks implements Disposable {
  private readonly store = new DisposableStore();
  private readonly entries = new Map<string, Entry>();

  /** @param command id of a command of our own that follows links; it takes only what the table holds (T016). */
  constructor(
    private readonly files: VirtualFiles,
    private readonly command: string,
    onError: (error: unknown) => void,
  ) {
    this.store.add(
      vscode.languages.registerDocumentLinkProvider(
        { scheme: SCHEME },
        { provideDocumentLinks: ({ uri }) => this.linksOf(uri) },
      ),
    );
    this.store.add(
      vscode.commands.registerCommand(command, (path: unknown, index: unknown) => {
        const entry = typeof path === 'string' ? this.entries.get(path) : undefined;
        const link = typeof index === 'number' ? entry?.links[index] : undefined;
        if (entry && link) entry.follow(link).catch(onError);
      }),
    );
    this.store.add(files.onDidCloseTab(() => this.sweep()));
  }

  /** Sets the links of a document. @param onClose called when its content is gone. */
  set(uri: vscode.Uri, links: readonly WrittenLink[], follow: FollowLink, onClose: () => void): void {
    this.entries.set(uri.path, { links, follow, onClose });
  }

  dispose(): void {
    this.store.dispose();
  }

  /** A document that is closed can come back while its pictures are still open: its links live as long as its content. */
  private sweep(): void {
    for (const [path, { onClose }] of this.entries) {
      if (this.files.has(uriOf(path))) continue;
      this.entries.delete(path);
      onClose();
    }
  }

  private linksOf(uri: vscode.Uri): vscode.DocumentLink[] {
    return (this.entries.get(uri.path)?.links ?? []).map(({ line, start, end, target }, index) => {
      const args = encodeURIComponent(JSON.stringify([uri.path, index]));
      const link = new vscode.DocumentLink(
        new vscode.Range(line, start, line, end),
        vscode.Uri.parse(`command:${this.command}?${args}`, true),
      );
      link.tooltip = tooltipOf(target.kind);
      return link;
    });
  }
}

function tooltipOf(kind: WrittenLink['target']['kind']): string {
  switch (kind) {
    case 'file':
      return vscode.l10n.t('Open');
    case 'resource':
      return vscode.l10n.t('Read this resource from the server and open it');
    case 'browser':
      return vscode.l10n.t('Open this address in the browser');
    case 'show-all':
      return vscode.l10n.t('Get the whole text and open it');
    case 'save-as':
      return vscode.l10n.t('Get the whole text and save it as a file');
  }
}
