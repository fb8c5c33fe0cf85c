/** A request for the person's input that is open before them, with the queue, the flow and the page that a test plays. */

import assert from 'node:assert/strict';

import { Deferred } from '../../../src/base/deferred';
import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import type { Entered, InputPage, InputPanelMessage } from '../../../src/presentation/inputMessages';
import { SETTLE_MS } from '../../../src/presentation/inputPage';
import type { ElicitationField } from '../../../src/protocol/elicitation';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { ElicitationFlow } from '../../../src/ui/approvals/elicitationFlow';
import type { Validation } from '../../../src/validation/contract';
import { FakeClock } from '../../support/fakeClock';
import { screen, Uri } from '../../support/vscode';
import type { WebviewPanel } from '../../support/webviewPanel';

const CAUSE = { kind: 'call', callId: 1, callTitle: 'describe' } as const;
/** A field that must be filled in. */
export const NAME: ElicitationField = { key: 'name', required: true, input: { kind: 'string' } };

/** A form of these fields. */
export function formOf(...fields: readonly ElicitationField[]): ConsentSubject {
  return { kind: 'elicitation', cause: CAUSE, request: { mode: 'form', message: 'Who are you?', fields } };
}

export const FORM = formOf(NAME);
export const PAGE: ConsentSubject = {
  kind: 'elicitation',
  cause: CAUSE,
  request: { mode: 'url', message: 'Sign here', url: 'https://a.example/' },
};
export const WAIT: ConsentSubject = { kind: 'elicitation-wait', cause: CAUSE, urls: ['https://a.example/'] };

/** One question that is asked. */
export class Open {
  readonly clock = new FakeClock();
  readonly consent = new ConsentQueue(this.clock);
  readonly flow: ElicitationFlow;
  readonly outcome: Promise<ConsentOutcome>;
  /** What was tried against patterns, and what comes of it. */
  readonly tried: unknown[] = [];
  verdict = new Deferred<Validation>();
  private readonly withdrawal = new AbortController();
  private revision = 0;
  shown: Promise<void>;

  constructor(subject: ConsentSubject) {
    const who = { serverId: 's', serverName: 'notes' };
    this.outcome = this.consent.ask(who, subject, {
      signal: this.withdrawal.signal,
      expiresAfterMs: 600_000,
    });
    const log = { debug: () => undefined };
    const ui = {
      host: { consent: this.consent },
      log,
      extensionUri: Uri.from({ scheme: 'file', path: '/ext' }),
    } as never;
    const validator = {
      validate: async (_schema: unknown, value: unknown): Promise<Validation> => {
        this.tried.push(value);
        return await this.verdict.promise;
      },
    };
    this.flow = new ElicitationFlow({ ui, decisions: new Decisions(ui), validator, clock: this.clock });
    this.shown = this.show();
  }

  show(): Promise<void> {
    const [entry] = this.consent.entries();
    assert.ok(entry);
    return this.flow.open(entry);
  }

  /** The page that is open. */
  get panel(): WebviewPanel {
    const open = screen.panels.filter(({ isOpen }) => isOpen);
    assert.equal(open.length, 1);
    return open[0] ?? assert.fail();
  }

  /** The page runs, and was looked at for long enough. */
  ready(): this {
    this.panel.say({ type: 'ready' });
    this.clock.advance(SETTLE_MS);
    return this;
  }

  /** The page has all of its fields in view. */
  see(...fields: readonly number[]): this {
    this.panel.say({ type: 'seen', fields });
    return this;
  }

  enter(field: number, entered: Entered | string): this {
    const given = typeof entered === 'string' ? { kind: 'text', text: entered } : entered;
    this.revision += 1;
    this.panel.say({ type: 'edit', revision: this.revision, field, entered: given });
    return this;
  }

  submit(anyway = false, revision = this.revision): void {
    this.panel.say({ type: 'submit', revision, anyway });
  }

  /** The last thing of a kind that the page was told. */
  told<K extends InputPanelMessage['type']>(type: K): Extract<InputPanelMessage, { type: K }> {
    const all = screen.panels.at(-1)?.told as readonly InputPanelMessage[];
    const found = all.findLast((message) => message.type === type);
    assert.ok(found);
    return found as Extract<InputPanelMessage, { type: K }>;
  }

  page(): Extract<InputPage['content'], { kind: 'form' }> {
    const { content } = this.told('show').page;
    assert.ok(content.kind === 'form');
    return content;
  }

  get isWaiting(): boolean {
    return this.consent.entries().length === 1;
  }

  /** The server takes its question back, or its call ends. */
  withdraw(): void {
    this.withdrawal.abort();
  }

  expire(): void {
    this.clock.advance(600_000);
  }

  /** The person says no somewhere else. */
  denyElsewhere(): void {
    const [entry] = this.consent.entries();
    assert.ok(entry && this.consent.decide(entry.id, { kind: 'deny' }));
  }
}
