/** A form in its panel: what may be sent, and when. The test is the page. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import { SETTLE_MS } from '../../../src/presentation/inputPage';
import type { ElicitationField } from '../../../src/protocol/elicitation';
import { screen } from '../../support/vscode';
import { FORM, formOf, NAME, Open, PAGE } from './openRequest';

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

beforeEach(() => screen.clear());

test('a form is filled in on one page and sent as it stands there', async () => {
  const open = new Open(
    formOf(NAME, { key: 'share', required: false, defaultValue: true, input: { kind: 'boolean' } }),
  );
  open.ready().see(0, 1).enter(0, 'Ada').enter(1, { kind: 'one', index: 1 });
  assert.equal(open.told('state').state.canSubmit, true);
  open.submit();
  assert.deepEqual(await open.outcome, { kind: 'submit', content: { name: 'Ada', share: false } });
  assert.ok(screen.panels.every(({ isOpen }) => !isOpen));
});

test('the page may load nothing but its own script and style, and has no state of its own', () => {
  const open = new Open(FORM);
  assert.match(
    open.panel.webview.html,
    /default-src 'none'; style-src https:\/\/own\.example; script-src 'nonce-/,
  );
  assert.doesNotMatch(open.panel.webview.html, /notes|Who are you/);
  assert.deepEqual(
    { ...(open.panel.options as object), localResourceRoots: undefined },
    { enableScripts: true, enableForms: false, enableCommandUris: false, localResourceRoots: undefined },
  );
});

test('what is sent is what the person saw last: a click on anything older sends nothing', () => {
  const open = new Open(FORM);
  open.ready().see(0).enter(0, 'Ada').enter(0, 'Bob');
  open.submit(false, 1);
  assert.ok(open.isWaiting);
});

test('what is wrong with an answer is said as it is entered, and it is not sent', () => {
  const open = new Open(formOf({ ...NAME, input: { kind: 'string', maxLength: 3 } }));
  open.ready().see(0).enter(0, 'Adam');
  assert.match(open.told('state').state.answers[0]?.problem ?? '', /at most 3/);
  open.submit();
  assert.ok(open.isWaiting);
});

test('what a server proposes is not sent before its field was in view (T146)', async () => {
  const proposed: ElicitationField = {
    key: 'share',
    required: false,
    defaultValue: true,
    input: { kind: 'boolean' },
  };
  const open = new Open(formOf(NAME, proposed));
  open.ready().see(0).enter(0, 'Ada');
  open.submit();
  assert.ok(open.isWaiting);
  open.see(1).submit();
  assert.deepEqual(await open.outcome, { kind: 'submit', content: { name: 'Ada', share: true } });
});

test('a form that nobody can fill in can be declined and cancelled, which are two answers (T145, T146)', async () => {
  const impossible = formOf({ ...NAME, input: { kind: 'string', minLength: 5, maxLength: 2 } });
  for (const [said, outcome] of [
    ['decline', { kind: 'deny' }],
    ['cancel', { kind: 'dismiss' }],
  ] as const) {
    screen.clear();
    const open = new Open(impossible);
    open.ready().see(0).enter(0, 'abc').submit();
    assert.ok(open.isWaiting);
    open.panel.say({ type: said });
    assert.deepEqual(await open.outcome, outcome);
  }
});

test('a click or key that was on its way when the page appeared decides nothing (T005)', () => {
  for (const subject of [formOf(), PAGE])
    for (const message of [
      { type: 'decline' },
      { type: 'cancel' },
      { type: 'open' },
      { type: 'submit', revision: 0, anyway: false },
    ]) {
      screen.clear();
      const open = new Open(subject);
      open.panel.say(message);
      open.panel.say({ type: 'ready' });
      open.clock.advance(SETTLE_MS / 2);
      open.panel.say(message);
      assert.ok(open.isWaiting, message.type);
      assert.deepEqual(screen.opened, []);
    }
});

test('what was entered is kept while the request waits, and stands there again when it is opened anew', async () => {
  const open = new Open(FORM);
  open.ready().see(0).enter(0, 'CANARY');
  open.panel.dispose();
  assert.ok(open.isWaiting);
  await open.show();
  open.ready();
  const { inputs, state } = open.page();
  assert.deepEqual(inputs[0]?.entered, { kind: 'text', text: 'CANARY' });
  assert.equal(state.revision, 1);
  open.submit();
  assert.deepEqual(await open.outcome, { kind: 'submit', content: { name: 'CANARY' } });
});

test('what looks like a secret is sent only after the person was asked once more (T143)', async () => {
  const open = new Open(formOf({ ...NAME, key: 'password' }));
  open.ready().see(0).enter(0, 'hunter2').submit(true);
  assert.ok(open.isWaiting, 'nobody was asked yet');
  assert.deepEqual(open.told('state').state.confirm, ['password']);
  open.submit(true);
  assert.ok(open.isWaiting, 'the same click is no second answer');
  open.clock.advance(SETTLE_MS);
  open.panel.say({ type: 'back' });
  open.submit(true);
  assert.ok(open.isWaiting, 'it is asked anew');
  open.clock.advance(SETTLE_MS);
  open.enter(0, 'hunter3').submit(true);
  assert.ok(open.isWaiting, 'another answer is another question');
  open.clock.advance(SETTLE_MS);
  open.submit(true);
  assert.deepEqual(await open.outcome, { kind: 'submit', content: { password: 'hunter3' } });
});

test('a pattern is tried with what stands there now, and nothing is sent before that is known (T096)', async () => {
  const open = new Open(formOf({ ...NAME, input: { kind: 'string', pattern: '^a+$' } }));
  open.ready().see(0).enter(0, 'a').enter(0, 'ab').enter(0, 'abc');
  open.submit();
  assert.ok(open.isWaiting);
  assert.equal(open.told('state').state.summary, 'Checking…');
  const first = open.verdict;
  open.verdict = new Deferred();
  first.resolve({ kind: 'valid' });
  await turn();
  assert.deepEqual(open.tried, ['a', 'abc'], 'what was typed in between is not tried');
  open.verdict.resolve({ kind: 'invalid', errors: [] });
  await turn();
  assert.equal(open.told('state').state.answers[0]?.problem, 'Must have the form ^a+$');
  open.enter(0, 'aa');
  open.verdict = new Deferred();
  open.verdict.resolve({ kind: 'unchecked', reason: 'it takes too long' });
  await turn();
  open.enter(0, 'aaa');
  await turn();
  await turn();
  open.submit();
  assert.deepEqual(await open.outcome, { kind: 'submit', content: { name: 'aaa' } });
});
