/**
 * Answering a server's request for input, one step after the other. Leaving the steps decides nothing: only Send, Open, Decline and
 * Cancel do. What was filled in is kept in memory while the request waits, and nowhere else (T143). A request that ends closes its steps.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { ConsentEntry, ConsentOutcome } from '../../host/consentQueue';
import type { ElicitationForm, ElicitationUrl, ElicitationValue } from '../../protocol/elicitation';
import { safeText } from '../../policy/safeText';
import { outcomeText } from '../../presentation/consentTexts';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import { ElicitationWizard } from './elicitationWizard';
import { askAboutUrl, askAboutWait, openInBrowser } from './elicitationUrl';
import type { QuestionFrame } from './questionRows';

/** What the person does about one request, while it waits. */
interface Answering {
  /** What they have filled in so far. */
  readonly values: Map<string, ElicitationValue>;
  /** Aborts when the request is settled, by whomever. */
  readonly over: AbortController;
  /** How often its steps are open: a second click shows them anew, and the first ones end. */
  shown: number;
}

export class ElicitationFlow implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By entry. */
  private readonly answering = new Map<number, Answering>();

  /** @param showRequest opens the review of an entry. */
  constructor(
    private readonly ui: Pick<UiContext, 'host'>,
    private readonly decisions: Decisions,
    private readonly validator: SchemaValidator,
    private readonly showRequest: (entry: ConsentEntry) => Promise<void>,
  ) {
    this.store.add(
      ui.host.consent.onDidChange((change) => {
        if (change.kind === 'settled') this.onSettled(change.entry, change.outcome);
      }),
    );
  }

  /** Asks the person. */
  async open(entry: ConsentEntry): Promise<void> {
    if (!this.ui.host.consent.get(entry.id)) return this.decisions.tellGone();
    const answering = this.answeringOf(entry.id);
    const frame: QuestionFrame = { title: titleOf(entry), until: answering.over.signal };
    answering.shown++;
    try {
      await this.ask(entry, frame, answering.values);
    } finally {
      answering.shown--;
    }
  }

  dispose(): void {
    this.store.dispose();
    this.answering.clear();
  }

  private async ask(
    entry: ConsentEntry,
    frame: QuestionFrame,
    values: Map<string, ElicitationValue>,
  ): Promise<void> {
    const { subject } = entry;
    if (subject.kind === 'elicitation-wait') return await this.goOn(entry.id, subject.urls, frame);
    if (subject.kind !== 'elicitation') return;
    const { request } = subject;
    const refused =
      request.mode === 'url'
        ? await this.askForPage(entry.id, request, frame)
        : await this.askForForm(entry.id, request, frame, values);
    switch (refused) {
      case 'decline':
        this.decisions.decide(entry.id, { kind: 'deny' });
        return;
      case 'cancel':
        this.decisions.decide(entry.id, { kind: 'dismiss' });
        return;
      case 'read':
        return await this.showRequest(entry);
      case 'left':
      case undefined:
        return;
    }
  }

  private async askForForm(
    id: number,
    form: ElicitationForm,
    frame: QuestionFrame,
    values: Map<string, ElicitationValue>,
  ): Promise<Refusal | undefined> {
    const end = await new ElicitationWizard(frame, form, values, this.validator).run();
    if (end.kind !== 'send') return end.kind;
    this.decisions.decide(id, { kind: 'submit', content: end.content });
    return undefined;
  }

  /** Consent is said before the page opens, because it cannot be closed again: for a request that has ended, nothing opens (URL6). */
  private async askForPage(
    id: number,
    { url, message }: ElicitationUrl,
    frame: QuestionFrame,
  ): Promise<Refusal | undefined> {
    const said = await askAboutUrl(frame, url, message);
    if (said !== 'open') return said;
    if (this.decisions.decide(id, { kind: 'allow-once' })) await openInBrowser(url);
    return undefined;
  }

  private async goOn(id: number, urls: readonly string[], frame: QuestionFrame): Promise<void> {
    const said = await askAboutWait(frame, urls);
    if (said === 'continue') this.decisions.decide(id, { kind: 'allow-once' });
    else if (said === 'give-up') this.decisions.decide(id, { kind: 'deny' });
  }

  private onSettled(entry: ConsentEntry, outcome: ConsentOutcome): void {
    const answering = this.answering.get(entry.id);
    if (!answering) return;
    this.answering.delete(entry.id);
    answering.over.abort();
    // Whoever decided knows.
    if (answering.shown === 0 || (outcome.kind !== 'withdrawn' && outcome.kind !== 'expired')) return;
    const server = safeText(entry.serverName, 64);
    const why = outcomeText(outcome, entry.subject.kind);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('What server "{0}" asked you was closed. {1}', server, why),
    );
  }

  private answeringOf(id: number): Answering {
    const found = this.answering.get(id);
    if (found) return found;
    const made: Answering = { values: new Map(), over: new AbortController(), shown: 0 };
    this.answering.set(id, made);
    return made;
  }
}

/** `read` shows the request as a document; `left` decides nothing. */
type Refusal = 'decline' | 'cancel' | 'read' | 'left';

/** Who asks is always the server's key (T112). */
function titleOf({ serverName, subject }: ConsentEntry): string {
  const server = safeText(serverName, 64);
  if (subject.kind === 'elicitation-wait')
    return vscode.l10n.t('Server "{0}" waits until you are done in the browser', server);
  return subject.kind === 'elicitation' && subject.request.mode === 'url'
    ? vscode.l10n.t('Server "{0}" asks you to open a page', server)
    : vscode.l10n.t('Server "{0}" asks you for input', server);
}
