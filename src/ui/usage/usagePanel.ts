/** The panel that shows what sampling costs. What its page may say is read strictly (T116), and nothing in it decides about a request. */

import { randomBytes } from 'node:crypto';

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Panels } from '../../contributions/ids';
import type { UsagePeriod } from '../../host/usageSummary';
import { readUsageMessage, type UsagePanelMessage } from '../../presentation/usageMessages';
import { usagePage } from '../../presentation/usagePage';
import { pageHtml } from '../pageHtml';
import { tellError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { clearUsage, exportUsage } from './usageActions';

/** The page is drawn at most this often, in milliseconds (T119). */
const REDRAW_MS = 300;
const PERIODS: readonly UsagePeriod[] = ['today', 'week', 'month', 'year'];

export class UsagePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session = new DisposableStore();
  private period: UsagePeriod = 'week';
  private timer: NodeJS.Timeout | undefined;
  private readonly subscription: { dispose(): void };

  constructor(private readonly ui: UiContext) {
    this.subscription = ui.host.onDidChange(({ kind }) => {
      if (kind === 'usage') this.update();
    });
  }

  /** Opens the panel, or brings it to the front. */
  show(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const folder = vscode.Uri.joinPath(this.ui.extensionUri, 'dist', 'webview');
    const panel = vscode.window.createWebviewPanel(
      Panels.usage,
      vscode.l10n.t('Sampling Usage'),
      vscode.ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [folder], enableForms: false, enableCommandUris: false },
    );
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.ui.extensionUri, 'media', 'usage-light.svg'),
      dark: vscode.Uri.joinPath(this.ui.extensionUri, 'media', 'usage-dark.svg'),
    };
    this.panel = panel;
    this.session = new DisposableStore();
    this.session.add(panel.webview.onDidReceiveMessage((raw: unknown) => this.onMessage(raw)));
    // Other windows count as well, and tell nobody.
    this.session.add(panel.onDidChangeViewState(() => this.update()));
    this.session.add(
      panel.onDidDispose(() => {
        this.session.dispose();
        this.panel = undefined;
      }),
    );
    panel.webview.html = htmlFor(panel.webview, folder);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.subscription.dispose();
    this.panel?.dispose();
  }

  private update(): void {
    if (this.panel?.visible !== true) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.send();
    }, REDRAW_MS);
  }

  private send(): void {
    const { usage } = this.ui.host;
    const summaries = PERIODS.map((period) => usage.summary(period));
    const page = usagePage(summaries, this.period, usage.days().length > 0);
    const message: UsagePanelMessage = { type: 'show', page };
    void this.panel?.webview.postMessage(message);
  }

  private onMessage(raw: unknown): void {
    const message = readUsageMessage(raw);
    const onError = (error: unknown): void => tellError(this.ui.log, 'Showing usage', error);
    switch (message?.type) {
      case undefined:
        this.ui.log.debug('The usage page sent something that is not to be acted on.');
        return;
      case 'ready':
        this.send();
        return;
      case 'period':
        this.period = message.period;
        this.send();
        return;
      case 'export':
        void exportUsage(this.ui.host.usage).catch(onError);
        return;
      case 'clear':
        void clearUsage(this.ui.host.usage).catch(onError);
    }
  }
}

function htmlFor(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64url');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'usage.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'usage.css')).toString();
  return pageHtml({ source: webview.cspSource, script, style, nonce });
}
