/**
 * Answering a server's request for input, one step after the other. Leaving the steps decides nothing: only Send, Open, Decline and
 * Cancel do. What was filled in is kept in memory while the request waits, and nowhere else (T143).
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { ConsentEntry } from '../../host/consentQueue';
import type { ElicitationValue } from '../../protocol/elicitation';
import { safeText } from '../../policy/safeText';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import { ElicitationWizard } from './elicitationWizard';
import { askAboutUrl, askAboutWait, openInBrowser } from './elicitationUrl';

export class ElicitationFlow implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** Answers of forms that still wait, by entry. */
  private readonly drafts = new Map<number, Map<string, ElicitationValue>>();
  /** Entries whose page is just being opened: one click opens it once. */
  private readonly opening = new Set<number>();

  /** @param showRequest opens the review of an entry. */
  constructor(
    { host }: UiContext,
    private readonly decisions: Decisions,
    private readonly validator: SchemaValidator,
    private readonly showRequest: (entry: ConsentEntry) => Promise<void>,
  ) {
    this.store.add(
      host.consent.onDidChange((change) => {
        if (change.kind === 'settled') this.drafts.delete(change.entry.id);
      }),
    );
    this.isWaiting = (id) => host.consent.get(id) !== undefined;
  }

  private readonly isWaiting: (id: number) => boolean;

  /** Asks the person. */
  async open(entry: ConsentEntry): Promise<void> {
    const { subject } = entry;
    if (subject.kind === 'elicitation-wait') return await this.goOn(entry, subject.urls);
    if (subject.kind !== 'elicitation') return;
    const { request } = subject;
    if (request.mode === 'url') return await this.openUrl(entry, request.url, request.message);
    const values = this.drafts.get(entry.id) ?? new Map<string, ElicitationValue>();
    this.drafts.set(entry.id, values);
    const wizard = new ElicitationWizard(titleOf(entry), request, values, this.validator);
    const outcome = await wizard.run();
    // It may have ended while it was filled in; then nothing is kept.
    if (!this.isWaiting(entry.id)) this.drafts.delete(entry.id);
    switch (outcome.kind) {
      case 'send':
        this.decisions.decide(entry.id, { kind: 'submit', content: outcome.content });
        return;
      case 'decline':
        this.decisions.decide(entry.id, { kind: 'deny' });
        return;
      case 'cancel':
        this.decisions.decide(entry.id, { kind: 'dismiss' });
        return;
      case 'read':
        await this.showRequest(entry);
        return;
      case 'left':
        return;
    }
  }

  dispose(): void {
    this.store.dispose();
    this.drafts.clear();
  }

  private async openUrl(entry: ConsentEntry, url: string, message: string): Promise<void> {
    switch (await askAboutUrl(titleOf(entry), url, message)) {
      case 'open':
        return await this.consentAndOpen(entry.id, url);
      case 'decline':
        this.decisions.decide(entry.id, { kind: 'deny' });
        return;
      case 'cancel':
        this.decisions.decide(entry.id, { kind: 'dismiss' });
        return;
      case 'read':
        return await this.showRequest(entry);
      case 'left':
        return;
    }
  }

  private async consentAndOpen(id: number, url: string): Promise<void> {
    if (this.opening.has(id)) return;
    if (!this.isWaiting(id)) return this.decisions.tellGone();
    this.opening.add(id);
    try {
      // The editor may ask about the address as well, and no is no: the server learns only of what was really opened.
      if (await openInBrowser(url)) this.decisions.decide(id, { kind: 'allow-once' });
    } finally {
      this.opening.delete(id);
    }
  }

  private async goOn(entry: ConsentEntry, urls: readonly string[]): Promise<void> {
    const said = await askAboutWait(titleOf(entry), urls);
    if (said === 'continue') this.decisions.decide(entry.id, { kind: 'allow-once' });
    else if (said === 'give-up') this.decisions.decide(entry.id, { kind: 'deny' });
  }
}

/** Who asks is always the server's key (T112). */
function titleOf({ serverName, subject }: ConsentEntry): string {
  const server = safeText(serverName, 64);
  if (subject.kind === 'elicitation-wait')
    return vscode.l10n.t('Server "{0}" waits until you are done in the browser', server);
  return subject.kind === 'elicitation' && subject.request.mode === 'url'
    ? vscode.l10n.t('Server "{0}" asks you to open a page', server)
    : vscode.l10n.t('Server "{0}" asks you for input', server);
}
