/** A panel for sampling over a queue of its own, and the page in it, which a test plays. */

import assert from 'node:assert/strict';

import { Emitter } from '../../../src/base/event';
import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import type { ContextItem } from '../../../src/host/contextItems';
import { SamplingRuns } from '../../../src/host/samplingRuns';
import { NO_USAGE } from '../../../src/host/usage';
import type { SamplingPage, SamplingPanelMessage } from '../../../src/presentation/samplingPageMessages';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { SamplingPanel } from '../../../src/ui/approvals/samplingPanel';
import { FakeClock } from '../../support/fakeClock';
import { screen, Uri } from '../../support/vscode';
import type { WebviewPanel } from '../../support/webviewPanel';
import { sampling, samplingAnswer } from '../presentation/waiting';

/** A panel over a queue of its own. */
export class Desk {
  readonly consent = new ConsentQueue(new FakeClock());
  readonly runs = new SamplingRuns();
  readonly outcomes = new Map<number, ConsentOutcome>();
  readonly elsewhere: string[] = [];
  readonly withdrawals = new Map<number, AbortController>();
  readonly panel: SamplingPanel;
  /** What the person has gathered. */
  context: readonly ContextItem[] = [];
  readonly gathered = new Emitter<void>();
  private conversations = 0;

  constructor() {
    const log = { debug: () => undefined, warn: () => undefined, error: () => undefined };
    const usage = { of: () => ({ hour: NO_USAGE, today: NO_USAGE, week: NO_USAGE }) };
    const host = {
      consent: this.consent,
      runs: this.runs,
      usage,
      permissions: { grants: { about: () => [] } },
      gathered: { items: () => this.context, onDidChange: this.gathered.event },
    };
    const listed = { key: 'acme/other', id: 'other', name: 'Other', vendor: 'acme', family: 'o' };
    const models = {
      list: () => Promise.resolve({ models: [{ ...listed, allowedByEditor: true }], problems: [] }),
    };
    const ui = { host, models, log, extensionUri: Uri.from({ scheme: 'file', path: '/ext' }) } as never;
    this.panel = new SamplingPanel(ui, new Decisions(ui), {
      openDocument: ({ id }) => Promise.resolve(void this.elsewhere.push(`document ${id}`)),
      allowFor: ({ id }) => Promise.resolve(void this.elsewhere.push(`allow for ${id}`)),
    });
  }

  /** @returns the id of the entry */
  ask(subject: ConsentSubject = this.request()): number {
    const over = new AbortController();
    const asked = this.consent.ask({ serverId: 's', serverName: 'notes' }, subject, { signal: over.signal });
    const { id } = this.consent.entries().at(-1) ?? assert.fail();
    this.withdrawals.set(id, over);
    void asked.then((outcome) => this.outcomes.set(id, outcome));
    return id;
  }

  request(): ConsentSubject {
    return { ...sampling({ maxTokens: 50 }).subject, conversation: ++this.conversations };
  }

  answer(conversation: number): ConsentSubject {
    return { ...samplingAnswer().subject, conversation };
  }

  /** The person opens an entry, and its page runs. */
  open(id: number): void {
    this.panel.show(this.consent.get(id) ?? assert.fail());
    this.page.say({ type: 'ready' });
  }

  /** Those that are open. */
  get pages(): readonly WebviewPanel[] {
    return screen.panels.filter(({ isOpen }) => isOpen);
  }

  get page(): WebviewPanel {
    const [page, ...more] = this.pages;
    assert.deepEqual(more, []);
    return page ?? assert.fail();
  }

  get messages(): readonly SamplingPanelMessage[] {
    return this.page.told as readonly SamplingPanelMessage[];
  }

  get shown(): SamplingPage {
    const last = this.messages.filter((message) => message.type === 'show').at(-1);
    return last?.page ?? assert.fail('nothing is shown');
  }

  get kind(): string {
    return this.shown.stage.kind;
  }

  async say(message: object): Promise<void> {
    this.page.say(message);
    await turn();
  }
}

/** Lets what was begun go on. */
export async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
