/**
 * Requests of servers as read-only documents: opens them, decorates them, and lets them follow the queue. A review whose
 * entry the person decided closes; one that expired or was withdrawn says so and stays until it is closed.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { ConsentEntry, ConsentOutcome } from '../../host/consentQueue';
import { outcomeText } from '../../presentation/consentTexts';
import { textName } from '../../presentation/documentNames';
import { requestReview } from '../../presentation/requestReview';
import type { Review } from '../../presentation/reviewLines';
import { openUris } from '../documents/openTabs';
import type { VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';
import { reviewedEntry, reviewFolder } from './reviewAddresses';
import { ReviewDecorations } from './reviewDecorations';

/** A document that is open, or about to be. */
export interface OpenReview {
  readonly entryId: number;
  readonly uri: vscode.Uri;
  readonly review: Review;
  /** Addresses of its pictures, in the order of {@link Review.images}. */
  readonly images: readonly vscode.Uri[];
}

export class ReviewDocuments implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new vscode.EventEmitter<void>());
  private readonly open = new Map<string, OpenReview>();
  private readonly decorations = this.store.add(new ReviewDecorations((uri) => this.get(uri)?.review));

  /** A document was opened, changed or closed. */
  readonly onDidChange = this.changed.event;

  constructor(
    { host }: UiContext,
    private readonly files: VirtualFiles,
  ) {
    this.store.add(
      host.consent.onDidChange((change) => {
        if (change.kind === 'settled') void this.onSettled(change.entry, change.outcome);
      }),
    );
    this.store.add(
      files.onDidCloseTab((uri) => {
        if (this.open.delete(uri.toString())) this.changed.fire();
      }),
    );
  }

  get(uri: vscode.Uri): OpenReview | undefined {
    return this.open.get(uri.toString());
  }

  /** Shows the document of an entry that waits. */
  async show(entry: ConsentEntry): Promise<void> {
    const uri = this.write(entry);
    if (!uri) return;
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, {
      preview: false,
      // On a blank line no word is highlighted.
      selection: new vscode.Range(1, 0, 1, 0),
    });
    this.decorations.refresh();
  }

  dispose(): void {
    this.store.dispose();
  }

  private write(entry: ConsentEntry, outcome?: ConsentOutcome): vscode.Uri | undefined {
    const found = requestReview(entry, {
      formatTime: (time) => new Date(time).toLocaleTimeString(),
      editorName: vscode.env.appName,
      ...(outcome === undefined ? {} : { ended: outcomeText(outcome, entry.subject.kind) }),
    });
    if (!found) return undefined;
    const { review, kind, name } = found;
    const folder = reviewFolder(kind, entry.id);
    const text = review.lines.map((line) => line.text).join('\n');
    const uri = this.files.put(`${folder}/${textName(name, entry.serverName)}`, text);
    const images = review.images.map(({ name, data }) => this.files.put(`${folder}/${name}`, data));
    this.open.set(uri.toString(), { entryId: entry.id, uri, review, images });
    this.changed.fire();
    return uri;
  }

  private async onSettled(entry: ConsentEntry, outcome: ConsentOutcome): Promise<void> {
    const isOpen = [...this.open.values()].some(({ entryId }) => entryId === entry.id);
    if (!isOpen) return;
    switch (outcome.kind) {
      case 'expired':
      case 'withdrawn':
        this.write(entry, outcome);
        return;
      case 'allow-once':
      case 'allow-edited':
      case 'deny':
      case 'answer':
      case 'ask-again':
      case 'submit':
      case 'dismiss':
      case 'share':
        await this.close(entry.id);
    }
  }

  /** Closes the document and its pictures, wherever they are open. */
  private async close(entryId: number): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap(({ tabs: all }) => all)
      .filter((tab) => openUris([tab]).some((uri) => reviewedEntry(uri) === entryId));
    for (const [key, review] of this.open) if (review.entryId === entryId) this.open.delete(key);
    this.changed.fire();
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }
}
