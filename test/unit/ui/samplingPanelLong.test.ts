/** What is longer than the page begins with, in the panel for sampling: nothing of it is let go before all of it was shown (T135). */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import type { ConsentSubject } from '../../../src/host/consentQueue';
import type {
  AskedStage,
  PagePart,
  SamplingPanelMessage,
} from '../../../src/presentation/samplingPageMessages';
import { screen } from '../../support/vscode';
import { sampling, samplingAnswer } from '../presentation/waiting';
import { Desk, turn } from './samplingDesks';

const LONG = 'y'.repeat(300_000);
const SEND = (id: number): object => ({ type: 'send', id, edit: { texts: [] } });

let now = 10_000;
let desk: Desk;

beforeEach(() => {
  screen.clear();
  mock.method(performance, 'now', () => now);
  desk = new Desk();
});
afterEach(() => {
  desk.panel.dispose();
  mock.restoreAll();
});

test('T135: a request longer than the page is not sent before all of it was shown for a moment', async () => {
  const messages = [{ role: 'user', content: [{ type: 'text', text: LONG }] }] as const;
  const subject = { ...sampling({ messages, maxTokens: 50 }).subject, conversation: 1 };
  const id = desk.ask(subject);
  desk.open(id);
  now += 1_000;
  const stage = (): AskedStage => {
    const { stage: shown } = desk.shown;
    return shown.kind === 'asked' ? shown : assert.fail(shown.kind);
  };
  assert.deepEqual([stage().hasMore, stage().whyNot === undefined], [true, false]);
  await desk.say(SEND(id));
  await desk.say({ type: 'allow-for', id });
  assert.deepEqual(desk.elsewhere, []);
  assert.equal(desk.outcomes.size, 0, 'the page itself offers no Send, and would not be believed');
  await desk.say({ type: 'show-all', id });
  assert.deepEqual([stage().hasMore, stage().whyNot], [false, undefined]);
  const [part] = stage().blocks[1]?.parts ?? [];
  assert.ok(part?.kind === 'text' && part.shown.text === LONG);
  await desk.say(SEND(id));
  assert.equal(desk.outcomes.size, 0, 'it has only just appeared');
  desk.page.turn(false);
  desk.page.turn(true);
  await desk.say({ type: 'ready' });
  assert.equal(stage().hasMore, false, 'a page that was hidden shows all of it again');
  now += 1_000;
  await desk.say(SEND(id));
  assert.deepEqual(desk.outcomes.get(id), { kind: 'allow-once' });
});

test('T135: an answer longer than the page is returned once all of it was shown, and may be refused before', async () => {
  const answer = (conversation: number): ConsentSubject => ({
    ...samplingAnswer({ text: LONG }).subject,
    conversation,
  });
  const [first, second] = [desk.ask(answer(1)), desk.ask(answer(2))];
  desk.open(first);
  now += 1_000;
  await desk.say({ type: 'return', id: first });
  assert.equal(desk.outcomes.size, 0);
  await desk.say({ type: 'deny', id: first });
  assert.deepEqual(desk.outcomes.get(first), { kind: 'deny' });
  await desk.say({ type: 'show-all', id: second });
  now += 1_000;
  await desk.say({ type: 'return', id: second });
  assert.deepEqual(desk.outcomes.get(second), { kind: 'allow-once' });
});

test('T096: text that takes long to be made visible is made in turns, told once, and drawn again for a page that began anew', async () => {
  mock.method(performance, 'now', () => (now += 4));
  const text = 'a\u200b'.repeat(100_000);
  const messages = [{ role: 'user', content: [{ type: 'text', text }] }] as const;
  const id = desk.ask({ ...sampling({ messages, maxTokens: 50 }).subject, conversation: 1 });
  desk.open(id);
  const shows = (): readonly Extract<SamplingPanelMessage, { type: 'show' }>[] =>
    desk.messages.filter((message) => message.type === 'show');
  const turnsUntil = async (count: number): Promise<number> => {
    let turns = 0;
    for (; shows().length < count; turns++) await turn();
    return turns;
  };
  const parts = (): readonly PagePart[] => {
    const { stage } = desk.shown;
    return stage.kind === 'asked' ? stage.blocks.flatMap((block) => block.parts) : assert.fail();
  };
  assert.ok((await turnsUntil(1)) > 1, 'not in one turn');
  assert.ok(parts().length > 0);
  desk.ask(desk.answer(2));
  assert.deepEqual([shows().length, shows()[1]?.isDrawn, desk.shown.others.length], [2, true, 1]);
  assert.deepEqual(parts(), [], 'what is drawn is not told again for what waits besides');
  await desk.say({ type: 'show-all', id });
  await turnsUntil(3);
  assert.equal(shows()[2]?.isDrawn, false);
  const whole = parts();
  assert.ok(whole.some((part) => part.kind === 'text' && part.edit?.raw === text));
  desk.page.turn(false);
  desk.page.turn(true);
  await desk.say({ type: 'ready' });
  assert.equal(await turnsUntil(4), 0, 'all of it was made');
  assert.deepEqual(parts(), whole);
});
