import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { ElicitationFlow } from '../../../src/ui/approvals/elicitationFlow';
import { FakeClock } from '../../support/fakeClock';
import { screen, type QuickInput } from '../../support/vscode';

const CAUSE = { kind: 'call', callTitle: 'describe' } as const;
const FORM: ConsentSubject = {
  kind: 'elicitation',
  cause: CAUSE,
  request: {
    mode: 'form',
    message: 'Who are you?',
    fields: [{ key: 'name', required: true, input: { kind: 'string' } }],
  },
};
const PAGE: ConsentSubject = {
  kind: 'elicitation',
  cause: CAUSE,
  request: { mode: 'url', message: 'Sign here', url: 'https://a.example/' },
};
const WAIT: ConsentSubject = { kind: 'elicitation-wait', cause: CAUSE, urls: ['https://a.example/'] };

/** One question whose dialog is open. */
class Open {
  private readonly clock = new FakeClock();
  private readonly consent = new ConsentQueue(this.clock);
  private readonly withdrawal = new AbortController();
  readonly outcome: Promise<ConsentOutcome>;
  readonly closed: Promise<void>;

  constructor(subject: ConsentSubject) {
    const who = { serverId: 's', serverName: 'notes' };
    this.outcome = this.consent.ask(who, subject, {
      signal: this.withdrawal.signal,
      expiresAfterMs: 600_000,
    });
    const ui = { host: { consent: this.consent } } as never;
    const flow = new ElicitationFlow(ui, new Decisions(ui), {} as never, () => Promise.resolve());
    const [entry] = this.consent.entries();
    assert.ok(entry);
    this.closed = flow.open(entry);
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

/** What is open; only one thing ever is. */
function shown(): QuickInput {
  const open = screen.inputs.filter(({ isOpen }) => isOpen);
  assert.equal(open.length, 1);
  return open[0] ?? assert.fail();
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

beforeEach(() => screen.clear());

for (const [what, subject] of [
  ['a form', FORM],
  ['a page', PAGE],
  ['what a call waits for', WAIT],
] as const) {
  test(`the dialog of ${what} closes when it is taken back, which is said once, and nothing is sent`, async () => {
    const open = new Open(subject);
    shown();
    open.withdraw();
    await open.closed;
    assert.ok(screen.inputs.every(({ isOpen }) => !isOpen));
    assert.equal(screen.messages.length, 1);
    assert.match(screen.messages[0]?.text ?? '', /server "notes" asked you was closed\. .*wait/);
    assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
    assert.deepEqual(screen.opened, []);
  });

  test(`the dialog of ${what} closes when nobody has decided in time, which is said`, async () => {
    const open = new Open(subject);
    open.expire();
    await open.closed;
    assert.match(screen.messages.map(({ text }) => text).join(), /It expired before you decided/);
  });

  test(`the dialog of ${what} closes without a word when the person has decided elsewhere`, async () => {
    const open = new Open(subject);
    open.denyElsewhere();
    await open.closed;
    assert.ok(screen.inputs.every(({ isOpen }) => !isOpen));
    assert.deepEqual(screen.messages, []);
  });

  test(`the end of ${what} is not told when its dialog was left`, async () => {
    const open = new Open(subject);
    shown().escape();
    await open.closed;
    open.withdraw();
    assert.deepEqual(screen.messages, []);
  });
}

test('a question of a form closes as well, and what was typed there is not sent', async () => {
  const open = new Open(FORM);
  shown().accept('Fill In…');
  await turn();
  const input = shown();
  assert.match(input.title, /: name$/);
  input.value = 'CANARY';
  open.withdraw();
  input.accept('CANARY');
  await open.closed;
  assert.ok(screen.inputs.every(({ isOpen }) => !isOpen));
  assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
  assert.equal(screen.messages.length, 1);
});

test('the last question before secrets are sent closes as well', async () => {
  const open = new Open({
    ...FORM,
    request: {
      mode: 'form',
      message: 'm',
      fields: [{ key: 'password', required: true, input: { kind: 'string' } }],
    },
  });
  shown().accept('Fill In…');
  await turn();
  shown().accept('hunter2');
  await turn();
  const send = shown().items.find(({ label }) => label.startsWith('Send'));
  shown().accept(send?.label ?? assert.fail('it can be sent'));
  await turn();
  assert.ok(shown().items.some(({ label }) => label === 'Send Anyway'));
  open.withdraw();
  await open.closed;
  assert.ok(screen.inputs.every(({ isOpen }) => !isOpen));
  assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
});

test('a page opens once the person has agreed, and the server hears of it before', async () => {
  const open = new Open(PAGE);
  shown().accept('Open in Browser');
  await open.closed;
  assert.deepEqual(screen.opened, ['https://a.example/']);
  assert.deepEqual(await open.outcome, { kind: 'allow-once' });
  assert.deepEqual(screen.messages, []);
});

test('for a request that ended in the moment of the click nothing opens', async () => {
  const open = new Open(PAGE);
  const page = shown();
  page.accept('Open in Browser');
  open.withdraw();
  await open.closed;
  assert.deepEqual(screen.opened, []);
  assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
});

test('a page that the editor does not open is told as such', async () => {
  screen.opens = false;
  const open = new Open(PAGE);
  shown().accept('Open in Browser');
  await open.closed;
  assert.match(screen.messages[0]?.text ?? '', /was not opened/);
  assert.deepEqual(screen.messages[0]?.buttons, ['Copy Address']);
});
