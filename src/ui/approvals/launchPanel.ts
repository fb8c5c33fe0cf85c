/**
 * The panel in which waiting launches are shown in full and approved. What its page may say is read strictly, and only entries
 * that it has shown for a moment can be decided (T005, T116). Closing it decides nothing.
 */

import { randomBytes } from 'node:crypto';

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Panels, Views } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { launchPage, SETTLE_MS } from '../../presentation/launchReviewPage';
import { readPageMessage, type PanelMessage } from '../../presentation/launchReviewMessages';
import { pageHtml } from '../pageHtml';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';

/** Messages take a moment themselves, so the panel is a little less strict than the page. */
const TOLERANCE_MS = 50;

export class LaunchPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session = new DisposableStore();
  /** When the page was first told of an entry, by id. An id never stands for another content. */
  private readonly shownSince = new Map<number, number>();
  private readonly subscription: { dispose(): void };

  constructor(
    private readonly ui: UiContext,
    private readonly decisions: Decisions,
  ) {
    this.subscription = ui.host.consent.onDidChange(({ entry }) => {
      if (entry.subject.kind === 'launch') this.update();
    });
  }

  /**
   * Opens the panel, or brings it to the front.
   * @param preserveFocus when nobody asked for it
   * @returns false when no server waits
   */
  show(preserveFocus: boolean): boolean {
    if (this.panel) {
      this.panel.reveal(undefined, preserveFocus);
      return true;
    }
    if (this.waiting().length === 0) return false;
    const folder = vscode.Uri.joinPath(this.ui.extensionUri, 'dist', 'webview');
    const panel = vscode.window.createWebviewPanel(
      Panels.launchReview,
      vscode.l10n.t('Review Servers'),
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      { enableScripts: true, localResourceRoots: [folder], enableForms: false, enableCommandUris: false },
    );
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.ui.extensionUri, 'media', 'review-light.svg'),
      dark: vscode.Uri.joinPath(this.ui.extensionUri, 'media', 'review-dark.svg'),
    };
    this.panel = panel;
    this.session = new DisposableStore();
    this.session.add(panel.webview.onDidReceiveMessage((raw: unknown) => this.onMessage(raw)));
    this.session.add(
      panel.onDidDispose(() => {
        this.session.dispose();
        this.panel = undefined;
        this.shownSince.clear();
      }),
    );
    panel.webview.html = htmlFor(panel.webview, folder);
    return true;
  }

  dispose(): void {
    this.subscription.dispose();
    this.panel?.dispose();
  }

  /** In the order of the settings: plans become ready in any order. */
  private waiting(): ConsentEntry[] {
    const { host } = this.ui;
    const order = new Map(host.servers().map(({ id }, index) => [id, index]));
    const place = ({ serverId }: ConsentEntry): number => order.get(serverId) ?? order.size;
    return host.consent
      .entries()
      .filter(({ subject }) => subject.kind === 'launch')
      .sort((a, b) => place(a) - place(b));
  }

  private update(): void {
    const { panel } = this;
    if (!panel) return;
    const entries = this.waiting();
    if (entries.length === 0) {
      panel.dispose();
      return;
    }
    const ids = new Set(entries.map(({ id }) => id));
    for (const id of this.shownSince.keys()) if (!ids.has(id)) this.shownSince.delete(id);
    // A page that does not run yet asks by itself.
    if (this.shownSince.size > 0) this.send();
  }

  private send(): void {
    const entries = this.waiting();
    const now = performance.now();
    for (const { id } of entries) if (!this.shownSince.has(id)) this.shownSince.set(id, now);
    const message: PanelMessage = { type: 'show', page: launchPage(entries) };
    void this.panel?.webview.postMessage(message);
  }

  private onMessage(raw: unknown): void {
    const message = readPageMessage(raw, new Set(this.shownSince.keys()));
    switch (message?.type) {
      case undefined:
        // Also what a page says of an entry that has just left.
        this.ui.log.debug('The launch review page sent something that is not to be acted on.');
        return;
      case 'ready':
        this.send();
        return;
      case 'later':
        this.panel?.dispose();
        return;
      case 'decide':
        this.decide(message.approve, message.deny);
    }
  }

  private decide(approve: readonly number[], deny: readonly number[]): void {
    const now = performance.now();
    const seen = [...approve, ...deny].every(
      (id) => now - (this.shownSince.get(id) ?? now) >= SETTLE_MS - TOLERANCE_MS,
    );
    if (!seen) return;
    // Entries leave one by one; the last one closes the panel.
    for (const id of approve) this.decisions.decide(id, { kind: 'allow-once' });
    for (const id of deny) this.decisions.decide(id, { kind: 'deny' });
    // Whoever starts servers wants to see them come up.
    if (approve.length > 0) void vscode.commands.executeCommand(`${Views.servers}.focus`);
  }
}

function htmlFor(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64url');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'launchReview.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'launchReview.css')).toString();
  return pageHtml({ source: webview.cspSource, script, style, nonce });
}
