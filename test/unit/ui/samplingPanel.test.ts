/** The panel in which sampling is reviewed: what it lets its page decide, and how it follows what becomes of a request (T005, T116, T132, T136). */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import type { ContextItem } from '../../../src/host/contextItems';
import type { SamplingPanelMessage } from '../../../src/presentation/samplingPageMessages';
import { screen } from '../../support/vscode';
import { demoModel, sampling } from '../presentation/waiting';
import { Desk, turn } from './samplingDesks';

let now = 10_000;
const desks: Desk[] = [];

beforeEach(() => {
  screen.clear();
  mock.method(performance, 'now', () => now);
});
afterEach(() => {
  for (const desk of desks.splice(0)) desk.panel.dispose();
  mock.restoreAll();
});

function openDesk(): Desk {
  const desk = new Desk();
  desks.push(desk);
  return desk;
}

const SEND = (id: number): object => ({ type: 'send', id, edit: { texts: [] } });

test('T005: nothing is decided before the page has shown it for a moment, by whatever it says', async () => {
  const desk = openDesk();
  const id = desk.ask();
  desk.open(id);
  now += 449;
  for (const type of ['deny', 'allow-for', 'model']) await desk.say({ type, id });
  await desk.say(SEND(id));
  await desk.say({ type: 'answer', id, answer: { text: 'x', stopReason: 'endTurn' } });
  assert.deepEqual([desk.outcomes.size, desk.elsewhere, desk.kind], [0, [], 'asked']);
  now += 1;
  await desk.say(SEND(id));
  assert.deepEqual(desk.outcomes.get(id), { kind: 'allow-once' });
});

test('T005: the moment begins anew for what comes next, for another model, and for a page that was hidden', async () => {
  const desk = openDesk();
  const [first, second] = [desk.ask(), desk.ask()];
  desk.open(first);
  now += 1_000;
  await desk.say({ type: 'deny', id: first });
  assert.deepEqual(desk.outcomes.get(first), { kind: 'deny' });
  await desk.say({ type: 'deny', id: second });
  assert.equal(desk.outcomes.get(second), undefined, 'the next one has only just appeared');
  now += 1_000;
  await desk.say({ type: 'model', id: second });
  await turn();
  await desk.say(SEND(second));
  assert.equal(desk.outcomes.get(second), undefined, 'its model has only just changed');
  now += 1_000;
  desk.page.turn(false);
  await desk.say(SEND(second));
  desk.page.turn(true);
  await desk.say({ type: 'ready' });
  await desk.say(SEND(second));
  assert.equal(desk.outcomes.get(second), undefined, 'it was hidden');
  now += 1_000;
  await desk.say(SEND(second));
  const outcome = desk.outcomes.get(second);
  assert.ok(outcome?.kind === 'allow-once');
  assert.equal(outcome.model?.id, 'acme/other');
});

test('a model that was chosen for a request is forgotten with the panel', async () => {
  const desk = openDesk();
  const id = desk.ask();
  desk.open(id);
  now += 1_000;
  await desk.say({ type: 'model', id });
  await turn();
  desk.page.dispose();
  desk.open(id);
  now += 1_000;
  await desk.say(SEND(id));
  assert.deepEqual(desk.outcomes.get(id), { kind: 'allow-once' });
});

test('T116: a page decides only about what it shows, and only what that takes', async () => {
  const desk = openDesk();
  const [shown, other] = [desk.ask(), desk.ask()];
  desk.open(shown);
  now += 1_000;
  for (const message of [
    SEND(other),
    { type: 'deny', id: other },
    { type: 'return', id: shown },
    { type: 'again', id: shown },
    { type: 'close' },
    { type: 'allow-once', id: shown },
    { type: 'send', id: shown, edit: { texts: [[9, 'x']] } },
    { type: 'send', id: shown, edit: { texts: [], maxTokens: 51 } },
    { type: 'answer', id: shown, answer: { text: ' ', stopReason: 'endTurn' } },
    { type: 'answer', id: shown, answer: { text: 'x', stopReason: 'stopSequence' } },
  ])
    await desk.say(message);
  assert.equal(desk.outcomes.size, 0);
  const problems = desk.messages.filter((message) => message.type === 'problem');
  assert.deepEqual(
    problems.map(({ field, message }) => [field, message]),
    [
      [undefined, 'The request has no such text.'],
      ['maxTokens', 'The server takes at most 50 tokens.'],
      ['answer', 'The answer is empty. Write something first, or deny the request.'],
    ],
  );
});

test('T132: closing the panel decides nothing, and what waits can be opened again', () => {
  const desk = openDesk();
  const id = desk.ask();
  desk.open(id);
  now += 1_000;
  desk.page.dispose();
  assert.deepEqual([desk.outcomes.size, desk.pages.length], [0, 0]);
  assert.ok(!desk.panel.isShowing(desk.consent.get(id) ?? assert.fail()));
  desk.open(id);
  assert.equal(desk.kind, 'asked');
});

test('an edited request is decided as it was edited, and an answer by hand as it was typed', async () => {
  const desk = openDesk();
  const [edited, typed] = [desk.ask(), desk.ask()];
  desk.open(edited);
  now += 1_000;
  await desk.say({ type: 'send', id: edited, edit: { texts: [[1, 'Changed']], maxTokens: 5 } });
  const outcome = desk.outcomes.get(edited);
  assert.ok(outcome?.kind === 'allow-edited');
  assert.deepEqual(
    [outcome.request.maxTokens, outcome.request.messages[0]?.content],
    [5, [{ type: 'text', text: 'Changed' }]],
  );
  await desk.say({ type: 'select', conversation: 2 });
  now += 1_000;
  await desk.say({ type: 'answer', id: typed, answer: { text: 'by hand', stopReason: 'maxTokens' } });
  assert.deepEqual(desk.outcomes.get(typed), { kind: 'answer', text: 'by hand', stopReason: 'maxTokens' });
});

test('one panel follows a request to its end: asked, with the model, answered, asked again, returned', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const desk = openDesk();
  const id = desk.ask();
  const { request, cause } = sampling().subject;
  const facts = { conversation: 1, serverName: 'notes', model: demoModel(), request, cause };
  desk.open(id);
  now += 1_000;
  desk.page.say(SEND(id));
  assert.equal(desk.kind, 'working', 'the model is on its way');
  desk.page.say({ type: 'close' });
  assert.equal(desk.kind, 'working', 'only what is over is closed');
  const run = desk.runs.begin(facts);
  run.say('Hel');
  run.say('Hello\u200B');
  assert.ok(!desk.messages.some(({ type }) => type === 'said'));
  mock.timers.tick(100);
  const said = desk.messages.filter((message) => message.type === 'said');
  assert.deepEqual(said, [{ type: 'said', conversation: 1, text: { text: 'Hello⟨U+200B⟩' } }], 'once');
  desk.page.say({ type: 'stop', conversation: 1 });
  assert.ok(run.stopped.aborted);
  run.end({ kind: 'answered' });
  const answered = desk.ask(desk.answer(1));
  assert.equal(desk.kind, 'answered');
  assert.ok(desk.panel.isShowing(desk.consent.get(answered) ?? assert.fail()), 'nothing rings for it');
  now += 1_000;
  desk.page.say({ type: 'again', id: answered });
  assert.equal(desk.kind, 'working');
  desk.runs.begin(facts).end({ kind: 'answered' });
  const last = desk.ask(desk.answer(1));
  now += 1_000;
  const { page } = desk;
  page.say({ type: 'return', id: last, text: 'Edited' });
  assert.equal(desk.pages.length, 0, 'the last decision closes it');
  mock.timers.reset();
  await turn();
  assert.deepEqual(
    [desk.outcomes.get(answered), desk.outcomes.get(last)],
    [{ kind: 'ask-again' }, { kind: 'answer', text: 'Edited' }],
  );
});

test('what is withdrawn, fails or is returned unseen says so, and nothing can be decided any more', async () => {
  const desk = openDesk();
  const { request, cause } = sampling().subject;
  const facts = { conversation: 1, serverName: 'notes', model: demoModel(), request, cause };
  const id = desk.ask();
  desk.open(id);
  now += 1_000;
  desk.withdrawals.get(id)?.abort();
  assert.deepEqual([desk.kind, desk.shown.stage.title], ['over', 'The request of "notes" is over']);
  assert.match(desk.shown.stage.standing, /^It was withdrawn: /);
  await desk.say(SEND(id));
  assert.deepEqual(desk.outcomes.get(id), { kind: 'withdrawn' });
  desk.runs.begin({ ...facts, conversation: 9 }).end({ kind: 'returned' });
  assert.match(desk.shown.stage.standing, /^It was withdrawn: /, 'not what became of another one');
  for (const [end, text] of [
    [
      { kind: 'failed', reason: 'Quota\u202E.' },
      /^The model gave no answer\. Quota⟨U\+202E⟩\. The server got an error\.$/,
    ],
    [{ kind: 'returned' }, /^The server got the model's answer\./],
    [{ kind: 'withdrawn' }, /The server got nothing of the answer\.$/],
  ] as const) {
    desk.runs.begin(facts).end(end);
    assert.equal(desk.kind, 'over');
    assert.match(desk.shown.stage.standing, text);
  }
  await desk.say({ type: 'close' });
  assert.equal(desk.pages.length, 0);
});

test('what an edited model’s answer, a rule or a document needs is done where it belongs', async () => {
  const desk = openDesk();
  const id = desk.ask();
  desk.open(id);
  await desk.say({ type: 'document', id });
  now += 1_000;
  await desk.say({ type: 'allow-for', id });
  assert.deepEqual(desk.elsewhere, [`document ${id}`, `allow for ${id}`]);
  const html = desk.page.webview.html;
  assert.match(
    html,
    /default-src 'none'; style-src https:\/\/own\.example; script-src 'nonce-[^']+'; img-src data:"/,
  );
  assert.doesNotMatch(html, /notes|Hello/);
});

test('what the person gathered is attached where they can read it, and goes nowhere by itself', async () => {
  const desk = openDesk();
  const id = desk.ask();
  desk.open(id);
  assert.ok(desk.shown.stage.kind === 'asked' && !desk.shown.stage.canAttach);
  const item = (name: string, said: string): ContextItem => ({
    id: name,
    serverId: name,
    serverName: name,
    source: { kind: 'resource', uri: `${name}://all` },
    text: said,
    tokens: 3,
    readAt: 0,
    isStale: false,
  });
  desk.context = [item('trails', 'The ridge is dry'), item('secrets', 'Nobody knows')];
  desk.gathered.fire();
  assert.ok(desk.shown.stage.kind === 'asked' && desk.shown.stage.canAttach);
  const attached = (): readonly SamplingPanelMessage[] =>
    desk.messages.filter(({ type }) => type === 'attach');
  await desk.say({ type: 'attach', id });
  assert.deepEqual(attached(), [], 'the request has only just appeared');
  now += 1_000;
  screen.pickSeveral = () => Promise.resolve([]);
  await desk.say({ type: 'attach', id });
  assert.deepEqual(attached(), [], 'the person chose nothing');
  screen.pickSeveral = (rows) => Promise.resolve(rows.slice(0, 1));
  await desk.say({ type: 'attach', id });
  const [message, ...more] = attached();
  assert.ok(message?.type === 'attach' && more.length === 0);
  assert.equal(message.id, id);
  assert.match(message.text, /server "trails"[^]*The ridge is dry/);
  assert.doesNotMatch(message.text, /Nobody knows/);
  assert.equal(desk.outcomes.size, 0);
});
