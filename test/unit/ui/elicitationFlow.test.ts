import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { SETTLE_MS } from '../../../src/presentation/inputPage';
import { InputPanel } from '../../../src/ui/approvals/inputPanel';
import { FakeClock } from '../../support/fakeClock';
import { screen, Uri, type QuickInput } from '../../support/vscode';
import { FORM, Open, PAGE, WAIT } from './openRequest';

function isAnythingOpen(): boolean {
  return screen.inputs.some(({ isOpen }) => isOpen) || screen.panels.some(({ isOpen }) => isOpen);
}

function shownList(): QuickInput {
  return screen.inputs.find(({ isOpen }) => isOpen) ?? assert.fail();
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
  test(`${what} closes when it is taken back, which is said once, and nothing is sent`, async () => {
    const open = new Open(subject);
    assert.ok(isAnythingOpen());
    open.withdraw();
    await open.shown;
    assert.ok(!isAnythingOpen());
    assert.equal(screen.messages.length, 1);
    assert.match(screen.messages[0]?.text ?? '', /server "notes" asked you was closed\. .*wait/);
    assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
    assert.deepEqual(screen.opened, []);
  });

  test(`${what} closes when nobody has decided in time, which is said`, async () => {
    const open = new Open(subject);
    open.expire();
    await open.shown;
    assert.ok(!isAnythingOpen());
    assert.match(screen.messages.map(({ text }) => text).join(), /It expired before you decided/);
  });

  test(`${what} closes without a word when the person has decided elsewhere`, async () => {
    const open = new Open(subject);
    open.denyElsewhere();
    await open.shown;
    assert.ok(!isAnythingOpen());
    assert.deepEqual(screen.messages, []);
  });

  test(`closing ${what} decides nothing, and its end is not told then`, async () => {
    const open = new Open(subject);
    screen.inputs.forEach((input) => input.escape());
    screen.panels.forEach((panel) => panel.dispose());
    await open.shown;
    assert.ok(open.isWaiting);
    open.withdraw();
    assert.deepEqual(screen.messages, []);
  });
}

test('a page of an address cannot send answers, and one of a form cannot open anything', () => {
  const page = new Open(PAGE);
  page.ready().submit();
  page.panel.say({ type: 'edit', revision: 1, field: 0, entered: { kind: 'text', text: 'x' } });
  assert.ok(page.isWaiting);
  screen.clear();
  const form = new Open(FORM);
  form.ready();
  form.panel.say({ type: 'open' });
  assert.ok(form.isWaiting);
  assert.deepEqual(screen.opened, []);
});

test('a page opens once the person has agreed, and the server hears of it before (T144)', async () => {
  const open = new Open(PAGE);
  open.ready();
  assert.deepEqual(screen.opened, [], 'nothing opens by itself');
  open.panel.say({ type: 'open' });
  assert.deepEqual(await open.outcome, { kind: 'allow-once' });
  assert.deepEqual(screen.opened, ['https://a.example/']);
  assert.deepEqual(screen.messages, []);
});

test('for a request that ended in the moment of the click nothing opens', async () => {
  const open = new Open(PAGE);
  const { panel } = open.ready();
  open.withdraw();
  panel.say({ type: 'open' });
  assert.deepEqual(screen.opened, []);
  assert.deepEqual(await open.outcome, { kind: 'withdrawn' });
});

test('a page whose request has just ended, so that the consent comes late, does not open (T144)', () => {
  const { consent } = new Open(PAGE);
  const [entry] = consent.entries();
  assert.ok(entry?.subject.kind === 'elicitation');
  screen.clear();
  const clock = new FakeClock();
  const panel = new InputPanel(entry, entry.subject, {
    ui: { extensionUri: Uri.from({ scheme: 'file', path: '/ext' }) } as never,
    decisions: { decide: () => false },
    validator: { validate: () => assert.fail() },
    clock,
  });
  panel.show();
  const [page] = screen.panels;
  page?.say({ type: 'ready' });
  clock.advance(SETTLE_MS);
  page?.say({ type: 'open' });
  assert.deepEqual(screen.opened, []);
});

test('a page that the editor does not open is told as such', async () => {
  screen.opens = false;
  const open = new Open(PAGE);
  open.ready().panel.say({ type: 'open' });
  await turn();
  assert.match(screen.messages[0]?.text ?? '', /was not opened/);
  assert.deepEqual(screen.messages[0]?.buttons, ['Copy Address']);
});

test('the time that is left is told as it passes', () => {
  const open = new Open(FORM);
  open.panel.say({ type: 'ready' });
  assert.match(open.told('show').page.expiry, /10 min left/);
  open.clock.advance(61_000);
  assert.match(open.told('expiry').expiry, /9 min left/);
  open.panel.dispose();
  assert.equal(open.clock.waiting, 1, 'only the request itself still waits for its time');
});

test('the request whose panel is in front is the one that is looked at', () => {
  const open = new Open(FORM);
  assert.equal(open.flow.lookedAt, open.consent.entries()[0]?.id);
  open.panel.active = false;
  assert.equal(open.flow.lookedAt, undefined);
});

test('a list of what a call waits for is answered in it', async () => {
  const open = new Open(WAIT);
  shownList().accept('Continue');
  await open.shown;
  assert.deepEqual(await open.outcome, { kind: 'allow-once' });
});
