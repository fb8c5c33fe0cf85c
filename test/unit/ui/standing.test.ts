/** Notifications of what a call of the person stands still for: they stay until it is settled, and no longer. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { Doorbell } from '../../../src/ui/approvals/doorbell';
import { askToSignIn } from '../../../src/ui/approvals/signInDialog';
import { FakeClock } from '../../support/fakeClock';
import { screen } from '../../support/vscode';

const SIGN_IN: ConsentSubject = {
  kind: 'sign-in',
  host: 'server.example',
  clicked: false,
  request: {
    issuer: 'https://as.example',
    resource: 'https://server.example/mcp',
    scopes: ['read', 'write'],
    newScopes: ['write'],
    reason: 'more-scopes',
  },
};
const WAIT: ConsentSubject = {
  kind: 'elicitation-wait',
  cause: { kind: 'call', callId: 1, callTitle: 'describe' },
  urls: ['https://a.example/'],
};
const EXPIRES_MS = 300_000;

beforeEach(() => screen.clear());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** One question that waits. */
class Waiting {
  readonly clock = new FakeClock();
  readonly consent = new ConsentQueue(this.clock);
  private readonly withdrawal = new AbortController();
  readonly decisions: Decisions;
  readonly outcome: Promise<ConsentOutcome>;
  private readonly ui = { host: { consent: this.consent } } as never;

  constructor(subject: ConsentSubject) {
    this.decisions = new Decisions(this.ui);
    this.outcome = this.consent.ask({ serverId: 's', serverName: 'notes' }, subject, {
      signal: this.withdrawal.signal,
      expiresAfterMs: EXPIRES_MS,
    });
  }

  get entry(): ReturnType<ConsentQueue['entries']>[number] {
    return this.consent.entries()[0] ?? assert.fail('nothing waits');
  }

  ring(): void {
    new Doorbell(this.ui, this.decisions).announce(this.entry);
  }

  /** In every way in which it can end. */
  readonly ends: Readonly<Record<string, () => void>> = {
    allowed: () => void this.decisions.decide(this.entry.id, { kind: 'allow-once' }),
    denied: () => void this.decisions.decide(this.entry.id, { kind: 'deny' }),
    withdrawn: () => this.withdrawal.abort(),
    expired: () => this.clock.advance(EXPIRES_MS),
  };
}

for (const [what, subject, words] of [
  [
    'a sign-in',
    SIGN_IN,
    /^Server "notes" asks you to sign in \(.*\): \[Sign In…\]\(command:mcpHost\.reviewRequest\)$/,
  ],
  [
    'a page that a call waits for',
    WAIT,
    /waits until you are done .*: \[Continue…\]\(command:mcpHost\.reviewRequest\)$/,
  ],
] as const)
  for (const end of ['allowed', 'denied', 'withdrawn', 'expired'])
    test(`the notification of ${what} goes when that is ${end}`, async () => {
      const waiting = new Waiting(subject);
      waiting.ring();
      await until(() => screen.progress.length > 0);
      assert.match(screen.progress[0]?.title ?? '', words);
      assert.deepEqual(screen.messages, []);
      waiting.ends[end]?.();
      await until(() => screen.progress.length === 0);
    });

for (const [what, subject] of [
  ['a sign-in', SIGN_IN],
  ['a page that a call waits for', WAIT],
] as const)
  test(`Cancel on the notification of ${what} says no, once`, async () => {
    const waiting = new Waiting(subject);
    waiting.ring();
    await until(() => screen.progress.length > 0);
    screen.progress[0]?.cancel();
    await until(() => screen.progress.length === 0);
    assert.deepEqual([await waiting.outcome, screen.messages], [{ kind: 'deny' }, []]);
  });

test('the list of rights of a sign-in closes when that is settled elsewhere, and decides nothing', async () => {
  const scopes = Array.from({ length: 60 }, (_, index) => `right-${index}`);
  const { request } = SIGN_IN;
  const waiting = new Waiting({ ...SIGN_IN, clicked: true, request: { ...request, scopes, newScopes: [] } });
  const closed = askToSignIn(waiting.entry, waiting.decisions, waiting.consent);
  await until(() => screen.inputs.length > 0);
  waiting.ends['allowed']?.();
  await closed;
  assert.equal(screen.inputs[0]?.isOpen, false);
  assert.deepEqual(screen.messages, [], 'nobody is told of a late answer that they did not give');
});
