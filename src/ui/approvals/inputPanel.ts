/**
 * The panel in which a server's request for input is read and answered. What its page may say is read strictly (T116), and nothing is
 * decided before it was shown for a moment (T005). Closing it decides nothing: what was entered is kept here, in memory, while the request
 * waits, and nowhere else (T143).
 */

import { randomBytes } from 'node:crypto';
import { domainToUnicode } from 'node:url';

import * as vscode from 'vscode';

import { systemClock, type Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Panels } from '../../contributions/ids';
import type { ConsentEntry, ConsentSubject } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { nextExpiryChange } from '../../presentation/consentTexts';
import {
  readInputMessage,
  type InputPage,
  type InputPageMessage,
  type InputPanelMessage,
} from '../../presentation/inputMessages';
import { expiryOf, inputPage, pageAddress, SETTLE_MS } from '../../presentation/inputPage';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { pageHtml } from '../pageHtml';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import { openInBrowser } from './elicitationUrl';
import { FormDraft } from './formDraft';

/** Messages take a moment themselves, so the panel is a little less strict than the page. */
const TOLERANCE_MS = 50;

type Elicitation = Extract<ConsentSubject, { kind: 'elicitation' }>;

/** What a panel needs beside its entry. */
export interface InputPanelParts {
  readonly ui: Pick<UiContext, 'extensionUri' | 'log'>;
  readonly decisions: Pick<Decisions, 'decide'>;
  readonly validator: Pick<SchemaValidator, 'validate'>;
  readonly clock?: Clock;
}

export class InputPanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private session = new DisposableStore();
  private ticking: Disposable | undefined;
  /** When the page was told what to show. */
  private shownSince: number | undefined;
  /** Outlives the panel. */
  private readonly draft: FormDraft | undefined;
  private readonly clock: Clock;

  /** @param entry a request for input, which waits. */
  constructor(
    private readonly entry: ConsentEntry,
    private readonly subject: Elicitation,
    private readonly parts: InputPanelParts,
  ) {
    this.clock = parts.clock ?? systemClock;
    const { request } = subject;
    if (request.mode === 'form') this.draft = new FormDraft(request, parts.validator, () => this.sendState());
  }

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  get isActive(): boolean {
    return this.panel?.active === true;
  }

  /** Opens the panel, or brings it to the front. */
  show(): void {
    if (this.panel) {
      this.panel.reveal();
      return;
    }
    const { extensionUri } = this.parts.ui;
    const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    const panel = vscode.window.createWebviewPanel(
      Panels.input,
      vscode.l10n.t('Request of {0}', safeText(this.entry.serverName, 64)),
      vscode.ViewColumn.Active,
      { enableScripts: true, localResourceRoots: [folder], enableForms: false, enableCommandUris: false },
    );
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'input-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'input-dark.svg'),
    };
    this.panel = panel;
    this.session = new DisposableStore();
    this.session.add(panel.webview.onDidReceiveMessage((raw: unknown) => this.onMessage(raw)));
    this.session.add(panel.onDidDispose(() => this.onClosed()));
    panel.webview.html = htmlFor(panel.webview, folder);
  }

  dispose(): void {
    this.panel?.dispose();
    this.onClosed();
  }

  private onClosed(): void {
    this.session.dispose();
    this.ticking?.dispose();
    this.panel = undefined;
    this.shownSince = undefined;
  }

  private onMessage(raw: unknown): void {
    const message = readInputMessage(raw, this.draft?.controls ?? []);
    if (!message) return this.ignore();
    if (message.type === 'ready') return this.sendPage();
    // What a page says that was told nothing is none of ours.
    if (this.shownSince === undefined) return this.ignore();
    if (this.draft && isAboutForm(message)) return this.onFormMessage(this.draft, message);
    if (this.clock.monotonic() - this.shownSince < SETTLE_MS - TOLERANCE_MS) return;
    this.decide(message);
  }

  private onFormMessage(draft: FormDraft, message: FormMessage): void {
    switch (message.type) {
      case 'edit':
        draft.edit(message.revision, message.field, message.entered);
        return this.sendState();
      case 'seen':
        draft.see(message.fields);
        return this.sendState();
      case 'back':
        draft.isConfirming = false;
        return this.sendState();
    }
  }

  private decide(message: InputPageMessage): void {
    const { decisions } = this.parts;
    const { request } = this.subject;
    const { id } = this.entry;
    switch (message.type) {
      case 'decline':
        decisions.decide(id, { kind: 'deny' });
        return;
      case 'cancel':
        decisions.decide(id, { kind: 'dismiss' });
        return;
      case 'open':
        if (request.mode !== 'url') return this.ignore();
        // Consent is said before the page opens, because it cannot be closed again: for a request that has ended, nothing opens (URL6).
        if (decisions.decide(id, { kind: 'allow-once' })) void openInBrowser(request.url);
        return;
      case 'submit': {
        const content = this.draft?.submit(message.revision, message.anyway);
        if (content) {
          decisions.decide(id, { kind: 'submit', content });
          return;
        }
        // It cannot be sent like this, or the person is asked once more, and the click that led there is no answer to that.
        if (this.draft?.isConfirming === true) this.shownSince = this.clock.monotonic();
        this.sendState();
        return;
      }
      default:
        this.ignore();
    }
  }

  /** Also what a page says of an entry that has just left. */
  private ignore(): void {
    this.parts.ui.log.debug('The page of a request for input sent something that is not to be acted on.');
  }

  private sendPage(): void {
    const { request } = this.subject;
    const content: InputPage['content'] | undefined =
      request.mode === 'url' ? pageAddress(request.url, domainToUnicode) : this.draft?.content();
    if (!content) return;
    this.shownSince = this.clock.monotonic();
    const page = inputPage(this.entry, this.subject, content, {
      formatTime: (time) => new Date(time).toLocaleTimeString(),
      now: this.clock.wall(),
    });
    this.post({ type: 'show', page });
    this.scheduleTick();
  }

  private sendState(): void {
    if (this.draft && this.shownSince !== undefined) this.post({ type: 'state', state: this.draft.state() });
  }

  private post(message: InputPanelMessage): void {
    void this.panel?.webview.postMessage(message);
  }

  /** Tells the page when its time reads differently. */
  private scheduleTick(): void {
    this.ticking?.dispose();
    const wait = nextExpiryChange([this.entry], this.clock.wall());
    if (wait === undefined || !this.panel) return;
    this.ticking = this.clock.schedule(wait, () => {
      this.post({ type: 'expiry', expiry: expiryOf(this.entry, this.clock.wall()) });
      this.scheduleTick();
    });
  }
}

type FormMessage = Extract<InputPageMessage, { type: 'edit' | 'seen' | 'back' }>;

function isAboutForm(message: InputPageMessage): message is FormMessage {
  return message.type === 'edit' || message.type === 'seen' || message.type === 'back';
}

function htmlFor(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString('base64url');
  const script = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'input.js')).toString();
  const style = webview.asWebviewUri(vscode.Uri.joinPath(folder, 'input.css')).toString();
  return pageHtml({ source: webview.cspSource, script, style, nonce });
}
