/**
 * The panel in which a request for a model answer is read, changed and sent, and its answer watched, changed and returned. What its page
 * may say is read strictly, and only what it has shown for a moment can be decided (T005, T116). Closing it decides nothing.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { Result } from '../../base/result';
import { Panels } from '../../contributions/ids';
import type { ConsentEntry, PersonDecision } from '../../host/consentQueue';
import type { ChosenModel } from '../../host/ports';
import { readSamplingMessage } from '../../presentation/readSamplingMessage';
import { costFacts } from '../../presentation/samplingBudget';
import type { SamplingFact } from '../../presentation/samplingFacts';
import { saidText, samplingPage } from '../../presentation/samplingPage';
import {
  handDecision,
  returnDecision,
  sendDecision,
  type PageProblem,
} from '../../presentation/samplingPageEdit';
import type {
  SamplingPage,
  SamplingPageMessage,
  SamplingPanelMessage,
} from '../../presentation/samplingPageMessages';
import { isSamplingEntry, type SamplingStage } from '../../presentation/samplingStage';
import type { VisibleTexts } from '../../presentation/visibleText';
import { tellError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { pickContext } from './attachContext';
import type { Decisions } from './decisions';
import { SamplingDesk } from './samplingDesk';
import { SamplingPages } from './samplingPages';
import { openSamplingPage, samplingWebviewOptions } from './samplingWebview';
import { pickModelFor } from './selectModel';

/** What a model says is drawn at most this often, in milliseconds (T119). */
const REDRAW_MS = 100;

/** What can be done with an entry elsewhere. */
interface Elsewhere {
  readonly openDocument: (entry: ConsentEntry) => Promise<void>;
  readonly allowFor: (entry: ConsentEntry) => Promise<void>;
}

export class SamplingPanel implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly desk: SamplingDesk;
  private panel: vscode.WebviewPanel | undefined;
  private session = new DisposableStore();
  /** The model that the person chose for a request instead, by the id of its entry. */
  private readonly chosen = new Map<number, ChosenModel>();
  /** Entries of which the person wants all on the page, however long they are. */
  private readonly whole = new Set<number>();
  private timer: NodeJS.Timeout | undefined;
  private readonly pages = new SamplingPages({
    stage: () => this.desk.stage,
    make: (stage, texts) => this.pageOf(stage, texts),
    model: (stage) => this.chosenFor(stage)?.id,
    post: (message) => this.post(message),
    onError: (error) => tellError(this.ui.log, 'Showing a model request', error),
  });

  constructor(
    private readonly ui: UiContext,
    private readonly decisions: Decisions,
    private readonly elsewhere: Elsewhere,
  ) {
    this.store.add(ui.host.gathered.onDidChange(() => this.update()));
    this.desk = this.store.add(new SamplingDesk(ui.host.consent, ui.host.runs));
    this.store.add(
      this.desk.onDidChange((change) => {
        if (change === 'stage') this.update();
        else this.timer ??= setTimeout(() => this.sendSaid(), REDRAW_MS);
      }),
    );
  }

  /** Shows an entry about sampling: opens the panel, or brings it to the front. */
  show(entry: ConsentEntry): void {
    if (!isSamplingEntry(entry)) return;
    const panel = (this.panel ??= this.open());
    this.desk.follow(entry.subject.conversation);
    if (!panel.active) panel.reveal();
  }

  /** True while the person has this before them, so that nothing needs to ring for it. */
  isShowing(entry: ConsentEntry): boolean {
    return (
      this.panel?.visible === true &&
      isSamplingEntry(entry) &&
      entry.subject.conversation === this.desk.conversation
    );
  }

  /** The page goes with the extension host; the editor keeps what it remembers, for a window that is only reloaded. */
  dispose(): void {
    this.session.dispose();
    this.store.dispose();
  }

  private open(): vscode.WebviewPanel {
    const { extensionUri } = this.ui;
    const panel = vscode.window.createWebviewPanel(
      Panels.samplingReview,
      vscode.l10n.t('Review Model Request'),
      vscode.ViewColumn.Active,
      samplingWebviewOptions(extensionUri),
    );
    this.session = new DisposableStore();
    this.session.add(panel.webview.onDidReceiveMessage((raw: unknown) => this.onMessage(raw)));
    this.session.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.pages.end();
      }),
    );
    this.session.add(panel.onDidDispose(() => this.onClosed()));
    openSamplingPage(panel, extensionUri);
    return panel;
  }

  private onClosed(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.session.dispose();
    this.panel = undefined;
    this.pages.forget();
    this.chosen.clear();
    this.whole.clear();
    this.desk.leave();
  }

  private update(): void {
    if (!this.panel || this.desk.conversation === undefined) return;
    // What the person has decided makes room for what waits; the last one closes the panel.
    if (!this.desk.stage) {
      if (!this.desk.followNext()) this.panel.dispose();
      return;
    }
    // A page that does not run yet asks by itself.
    if (this.pages.isRunning) this.pages.show();
  }

  private chosenFor(stage: SamplingStage): ChosenModel | undefined {
    return 'entry' in stage ? this.chosen.get(stage.entry.id) : undefined;
  }

  private pageOf(stage: SamplingStage, texts: VisibleTexts): SamplingPage {
    return samplingPage(stage, {
      formatTime: (time) => new Date(time).toLocaleTimeString(),
      editorName: vscode.env.appName,
      waiting: this.desk.waiting,
      chosen: this.chosenFor(stage),
      whole: 'entry' in stage && this.whole.has(stage.entry.id),
      hasContext: this.ui.host.gathered.items().length > 0,
      cost: this.costOf(stage),
      texts,
    });
  }

  private sendSaid(): void {
    this.timer = undefined;
    const { stage } = this.desk;
    if (stage?.kind !== 'working' || !this.pages.isRunning) return;
    this.post({ type: 'said', conversation: stage.conversation, text: saidText(stage.text) });
  }

  private post(message: SamplingPanelMessage): void {
    void this.panel?.webview.postMessage(message);
  }

  private costOf(stage: SamplingStage): readonly SamplingFact[] {
    if (stage.kind !== 'asked') return [];
    const { serverId, subject } = stage.entry;
    const { permissions, usage } = this.ui.host;
    const rules = subject.grant ? permissions.grants.about(subject.grant.facts) : [];
    return costFacts(subject.grant, usage.of(serverId), rules, Date.now());
  }

  private onMessage(raw: unknown): void {
    const { stage, waiting } = this.desk;
    const message = readSamplingMessage(raw, {
      conversation: this.desk.conversation,
      id: stage && idOf(stage),
      others: new Set(waiting.map(({ subject }) => subject.conversation)),
    });
    if (!message) {
      // Also what a page says of an entry that has just left.
      this.ui.log.debug('The sampling review page sent something that is not to be acted on.');
      return;
    }
    this.act(message, stage).catch((error: unknown) =>
      tellError(this.ui.log, 'Reviewing a model request', error),
    );
  }

  private async act(message: SamplingPageMessage, stage: SamplingStage | undefined): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.pages.end();
        return this.pages.show();
      case 'close':
        // Only what is over is closed from the page.
        if (stage?.kind === 'over' && !this.desk.followNext()) this.panel?.dispose();
        return;
      case 'select':
        return this.desk.follow(message.conversation);
      case 'stop':
        return this.ui.host.runs.of(message.conversation)?.stop();
      default:
        if (stage && 'entry' in stage) await this.actOnEntry(message, stage);
    }
  }

  private async actOnEntry(
    message: Extract<SamplingPageMessage, { readonly id: number }>,
    stage: Extract<SamplingStage, { readonly entry: unknown }>,
  ): Promise<void> {
    const { entry } = stage;
    if (message.type === 'document') return await this.elsewhere.openDocument(entry);
    if (message.type === 'show-all') {
      this.whole.add(entry.id);
      return this.pages.show();
    }
    if (!this.pages.isSettled) return;
    if (message.type === 'deny') return this.decide(entry.id, { kind: 'deny' });
    if (!this.mayLetGo(message)) return;
    if (stage.kind === 'answered') {
      const { answer } = stage.entry.subject;
      if (message.type === 'again') return this.decide(entry.id, { kind: 'ask-again' });
      if (message.type === 'return') this.tryDecide(entry.id, returnDecision(answer, message.text));
      return;
    }
    const { request } = stage.entry.subject;
    switch (message.type) {
      case 'send':
        return this.tryDecide(entry.id, sendDecision(request, message.edit));
      case 'answer':
        return this.tryDecide(entry.id, handDecision(message.answer));
      case 'allow-for':
        return await this.elsewhere.allowFor(entry);
      case 'model': {
        const model = await pickModelFor(this.ui, stage.entry.subject, this.chosen.get(entry.id));
        if (!model || !this.panel) return;
        this.chosen.set(entry.id, model);
        this.pages.show();
        return;
      }
      case 'attach': {
        const text = await pickContext(this.ui.host.gathered.items(), entry.serverName);
        if (text !== undefined) this.post({ type: 'attach', id: entry.id, text });
        return;
      }
      case 'again':
      case 'return':
        return;
    }
  }

  /** Of what is not there whole nothing is let go, which a page of ours does not offer either (T135). */
  private mayLetGo({ type }: SamplingPageMessage): boolean {
    return this.pages.isWhole || !['send', 'return', 'allow-for'].includes(type);
  }

  private tryDecide(id: number, read: Result<PersonDecision, PageProblem>): void {
    if (read.ok) return this.decide(id, read.value);
    const { field, message } = read.error;
    this.post({ type: 'problem', id, field, message });
  }

  private decide(id: number, decision: PersonDecision): void {
    const model = this.chosen.get(id);
    const allows = decision.kind === 'allow-once' || decision.kind === 'allow-edited';
    this.decisions.decide(id, allows && model ? { ...decision, model } : decision);
  }
}

function idOf(stage: SamplingStage): number | undefined {
  return 'entry' in stage ? stage.entry.id : undefined;
}
