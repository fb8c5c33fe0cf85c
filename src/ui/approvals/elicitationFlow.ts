/**
 * Where a person answers what servers ask of them: a panel for each request for input, and a question for each call that waits until they
 * are done in the browser. Leaving either decides nothing. A request that ends closes what is open of it, and says why.
 */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { ConsentEntry, ConsentOutcome } from '../../host/consentQueue';
import { safeText } from '../../policy/safeText';
import { outcomeText } from '../../presentation/consentTexts';
import type { UiContext } from '../uiContext';
import { askAboutWait } from './elicitationUrl';
import { InputPanel, type InputPanelParts } from './inputPanel';

/** What is asked about one entry. */
interface Asking {
  /** The person has it before them. */
  readonly isOpen: boolean;
  readonly isActive: boolean;
  show(): Promise<void> | void;
  dispose(): void;
}

export class ElicitationFlow implements vscode.Disposable {
  private readonly store = new DisposableStore();
  /** By entry, for as long as it waits. */
  private readonly asking = new Map<number, Asking>();

  constructor(private readonly parts: FlowParts) {
    this.store.add(
      parts.ui.host.consent.onDidChange((change) => {
        if (change.kind === 'settled') this.onSettled(change.entry, change.outcome);
      }),
    );
  }

  /** Asks the person about an entry that waits. */
  async open(entry: ConsentEntry): Promise<void> {
    const asking = this.asking.get(entry.id) ?? this.make(entry);
    if (!asking) return;
    this.asking.set(entry.id, asking);
    await asking.show();
  }

  /** The entry whose panel is in front, if one is. */
  get lookedAt(): number | undefined {
    for (const [id, { isActive }] of this.asking) if (isActive) return id;
    return undefined;
  }

  dispose(): void {
    this.store.dispose();
    for (const asking of this.asking.values()) asking.dispose();
    this.asking.clear();
  }

  private make(entry: ConsentEntry): Asking | undefined {
    const { subject } = entry;
    if (subject.kind === 'elicitation') return new InputPanel(entry, subject, this.parts);
    return subject.kind === 'elicitation-wait'
      ? new WaitQuestion(entry, subject.urls, this.parts)
      : undefined;
  }

  private onSettled(entry: ConsentEntry, outcome: ConsentOutcome): void {
    const asking = this.asking.get(entry.id);
    if (!asking) return;
    this.asking.delete(entry.id);
    const wasOpen = asking.isOpen;
    asking.dispose();
    // Whoever decided knows.
    if (!wasOpen || (outcome.kind !== 'withdrawn' && outcome.kind !== 'expired')) return;
    const server = safeText(entry.serverName, 64);
    const why = outcomeText(outcome, entry.subject.kind);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('What server "{0}" asked you was closed. {1}', server, why),
    );
  }
}

/** What the flow needs. */
type FlowParts = InputPanelParts & { readonly ui: Pick<UiContext, 'host'> };

/** Whether the person is done with what they opened. */
class WaitQuestion implements Asking {
  private readonly over = new AbortController();
  /** How often it is shown: a second click shows it anew, and the first one ends. */
  private shown = 0;

  constructor(
    private readonly entry: ConsentEntry,
    private readonly urls: readonly string[],
    private readonly parts: FlowParts,
  ) {}

  get isOpen(): boolean {
    return this.shown > 0;
  }

  /** A list is in front of whatever it was asked from, and answered there. */
  get isActive(): boolean {
    return false;
  }

  async show(): Promise<void> {
    const title = vscode.l10n.t(
      'Server "{0}" waits until you are done in the browser',
      safeText(this.entry.serverName, 64),
    );
    this.shown++;
    try {
      const said = await askAboutWait({ title, until: this.over.signal }, this.urls);
      const { decisions } = this.parts;
      if (said === 'continue') decisions.decide(this.entry.id, { kind: 'allow-once' });
      else if (said === 'give-up') decisions.decide(this.entry.id, { kind: 'deny' });
    } finally {
      this.shown--;
    }
  }

  dispose(): void {
    this.over.abort();
  }
}
