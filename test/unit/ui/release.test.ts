/** Nothing leaves that was not shown: notifications and rows lead to the whole text, and only there it is allowed (T135). */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { ConsentQueue, type ConsentOutcome, type ConsentSubject } from '../../../src/host/consentQueue';
import { answerCommands } from '../../../src/ui/approvals/answerCommands';
import { ApprovalTarget, Decisions, ReadTarget } from '../../../src/ui/approvals/decisions';
import { Doorbell } from '../../../src/ui/approvals/doorbell';
import { requestCommands } from '../../../src/ui/approvals/requestCommands';
import { reviewFolder } from '../../../src/ui/approvals/reviewAddresses';
import { FakeClock } from '../../support/fakeClock';
import { screen, TabInputCustom, Uri, window, type ShownMessage } from '../../support/vscode';
import { sampling, samplingAnswer } from '../presentation/waiting';

/** Of the test that runs: what they still had to say would come up in the next one. */
const doorbells: Doorbell[] = [];

afterEach(() => {
  for (const doorbell of doorbells.splice(0)) doorbell.dispose();
});

/** A queue with its commands and notifications; reviews that were opened are kept by entry. */
class Desk {
  readonly consent = new ConsentQueue(new FakeClock());
  readonly reviewed: number[] = [];
  /** Entries of which a rule may be made. */
  readonly allowedFor: number[] = [];
  readonly outcomes: (ConsentOutcome | undefined)[] = [];
  private readonly doorbell: Doorbell;

  constructor() {
    const log = { warn: () => undefined, error: () => undefined };
    const ui = { host: { consent: this.consent }, log } as never;
    const decisions = new Decisions(ui);
    const parts = {
      reviewSampling: ({ id }: { id: number }) => Promise.resolve(this.reviewed.push(id)),
      allowFor: ({ id }: { id: number }) => Promise.resolve(this.allowedFor.push(id)),
    } as never;
    requestCommands(ui, decisions, parts);
    answerCommands(ui, decisions);
    this.doorbell = new Doorbell(ui, decisions);
    doorbells.push(this.doorbell);
    this.consent.onDidChange((change) => {
      if (change.kind === 'added') this.doorbell.announce(change.entry);
    });
  }

  /** @returns the id of the entry */
  ask(subject: ConsentSubject): number {
    const index = this.outcomes.push(undefined) - 1;
    const who = { serverId: 's', serverName: 'notes' };
    const asked = this.consent.ask(who, subject, { signal: new AbortController().signal });
    void asked.then((outcome) => (this.outcomes[index] = outcome));
    return this.consent.entries().at(-1)?.id ?? assert.fail();
  }

  async run(command: string, argument?: unknown): Promise<void> {
    await screen.commands.get(command)?.(argument);
    await turn();
  }

  /** The next notification. */
  async notification(): Promise<ShownMessage> {
    while (screen.messages.length === 0) await turn();
    return screen.messages.shift() ?? assert.fail();
  }
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

function reviewUri(kind: string, id: number, name = 'whole text.txt'): Uri {
  return Uri.from({ scheme: 'mcp-host', path: `/${reviewFolder(kind, id)}/${name}` });
}

/** The same review in a window of before, which a reload brought back, and what somebody else might make up. */
function foreignReviews(kind: string, id: number): Uri[] {
  const folders = [`${'0'.repeat(16)}-${id}`, String(id), `-${id}`, `${reviewFolder('', id).slice(1)}-${id}`];
  return folders.map((folder) => Uri.from({ scheme: 'mcp-host', path: `/${kind}/${folder}/whole text.txt` }));
}

const REQUEST = sampling().subject;
const ANSWER = samplingAnswer().subject;
const NO_MODEL = { ...REQUEST, model: { kind: 'none', reason: 'There is none.' } } as const;

const CASES = [
  ['a request', REQUEST, 'mcpHost.allowRequest', 'review', 'Deny'],
  ["a model's answer", ANSWER, 'mcpHost.returnAnswer', 'answer', 'Refuse'],
] as const;

beforeEach(() => screen.clear());

for (const [what, subject, release, kind, no] of CASES) {
  test(`the notification of ${what} leads to its text, or says no, and does nothing else`, async () => {
    const desk = new Desk();
    const id = desk.ask(subject);
    const { buttons, press } = await desk.notification();
    assert.deepEqual(buttons, ['Review…', no]);
    press('Review…');
    await turn();
    assert.deepEqual(desk.reviewed, [id]);
    assert.deepEqual(desk.outcomes, [undefined]);
    const other = new Desk();
    other.ask(subject);
    (await other.notification()).press(no);
    await turn();
    assert.deepEqual(other.outcomes, [{ kind: 'deny' }]);
  });

  test(`${what} is not let go from the palette or a row: its text is opened`, async () => {
    for (const argument of [undefined, 'row'] as const) {
      const desk = new Desk();
      const id = desk.ask(subject);
      await desk.run(release, argument && new ApprovalTarget(id));
      assert.deepEqual(desk.reviewed, [id]);
      assert.deepEqual(desk.outcomes, [undefined]);
    }
  });

  test(`${what} is let go where its text is looked at, by command or title bar, and above its text`, async () => {
    for (const way of ['palette', 'title bar', 'lens'] as const) {
      screen.clear();
      const desk = new Desk();
      const id = desk.ask(subject);
      const uri = reviewUri(kind, id);
      if (way !== 'lens') screen.lookAt(uri);
      await desk.run(release, { palette: undefined, 'title bar': uri, lens: new ReadTarget(id) }[way]);
      assert.deepEqual(desk.outcomes, [{ kind: 'allow-once' }], way);
    }
  });

  test(`${what} is not let go, nor refused, from a review of another window, such as one that a reload brought back`, async () => {
    const no = release === 'mcpHost.allowRequest' ? 'mcpHost.denyRequest' : 'mcpHost.refuseAnswer';
    for (const command of [release, no])
      for (const [index] of foreignReviews(kind, 1).entries()) {
        screen.clear();
        const desk = new Desk();
        const id = desk.ask(subject);
        const uri = foreignReviews(kind, id)[index];
        screen.lookAt(uri);
        await desk.run(command, uri);
        assert.deepEqual(desk.outcomes, [undefined], uri?.path);
        assert.match((await desk.notification()).text, /no longer waiting/);
        if (command !== release) continue;
        await desk.run(command);
        assert.deepEqual([desk.reviewed, desk.outcomes], [[id], [undefined]]);
      }
  });

  test(`${what} is not let go from a picture of it: its text is opened`, async () => {
    for (const way of ['palette', 'title bar'] as const) {
      screen.clear();
      const desk = new Desk();
      const id = desk.ask(subject);
      const uri = reviewUri(kind, id, 'image 1 (notes).png');
      window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(uri) };
      await desk.run(release, way === 'palette' ? undefined : uri);
      assert.deepEqual([desk.reviewed, desk.outcomes], [[id], [undefined]], way);
    }
  });

  test(`looking at one text lets go nothing else than ${what} that it is of`, async () => {
    const desk = new Desk();
    const [first, second] = [desk.ask(subject), desk.ask(subject)];
    screen.lookAt(reviewUri(kind, first));
    await desk.run(release, new ApprovalTarget(second));
    assert.deepEqual(desk.reviewed, [second]);
    assert.deepEqual(desk.outcomes, [undefined, undefined]);
    await desk.run(release);
    assert.deepEqual(desk.outcomes, [{ kind: 'allow-once' }, undefined]);
  });
}

test('a rule is made of a request only where its text is looked at, and never from a row, a picture or another window', async () => {
  for (const way of ['palette', 'title bar', 'lens'] as const) {
    screen.clear();
    const desk = new Desk();
    const id = desk.ask(REQUEST);
    const uri = reviewUri('review', id);
    if (way !== 'lens') screen.lookAt(uri);
    await desk.run(
      'mcpHost.allowFor',
      { palette: undefined, 'title bar': uri, lens: new ReadTarget(id) }[way],
    );
    assert.deepEqual(desk.allowedFor, [id], way);
  }
  const elsewhere = [
    [undefined, undefined],
    [new ApprovalTarget(1), undefined],
    [undefined, reviewUri('review', 1, 'image 1 (notes).png')],
  ] as const;
  for (const [argument, picture] of elsewhere) {
    screen.clear();
    const desk = new Desk();
    desk.ask(REQUEST);
    if (picture) window.tabGroups.activeTabGroup.activeTab = { input: new TabInputCustom(picture) };
    await desk.run('mcpHost.allowFor', argument);
    assert.deepEqual([desk.allowedFor, desk.reviewed, desk.outcomes], [[], [1], [undefined]]);
  }
  for (const uri of foreignReviews('review', 1)) {
    screen.clear();
    const desk = new Desk();
    desk.ask(REQUEST);
    screen.lookAt(uri);
    await desk.run('mcpHost.allowFor', uri);
    assert.deepEqual([desk.allowedFor, desk.outcomes], [[], [undefined]], uri.path);
  }
});

test('no rule is made of a request that no model can answer', async () => {
  const desk = new Desk();
  const id = desk.ask(NO_MODEL);
  screen.lookAt(reviewUri('review', id));
  const ran = desk.run('mcpHost.allowFor');
  await turn();
  const message = screen.messages.find(({ text }) => text.startsWith('No language model can answer'));
  message?.press(undefined);
  await ran;
  assert.ok(message);
  assert.deepEqual([desk.allowedFor, desk.outcomes], [[], [undefined]]);
});

test('a request that no model can answer leads from its text to the panel, where it can be answered', async () => {
  const desk = new Desk();
  const id = desk.ask(NO_MODEL);
  screen.lookAt(reviewUri('review', id));
  const ran = desk.run('mcpHost.allowRequest');
  await turn();
  const message = screen.messages.find(({ text }) => text.startsWith('No language model can answer'));
  assert.deepEqual(message?.buttons, ['Review…', 'Deny']);
  message?.press('Review…');
  await ran;
  await turn();
  assert.deepEqual([desk.reviewed, desk.outcomes], [[id], [undefined]]);
});

test('a request that no model can answer has no other way either', async () => {
  const desk = new Desk();
  const id = desk.ask(NO_MODEL);
  const { text, buttons } = await desk.notification();
  assert.match(text, /There is none\./);
  assert.deepEqual(buttons, ['Review…', 'Deny']);
  await desk.run('mcpHost.allowRequest');
  assert.deepEqual([desk.reviewed, desk.outcomes], [[id], [undefined]]);
});

test('more than one request that waits is only reviewed, and no click decides about several (T132)', async () => {
  const desk = new Desk();
  desk.ask(REQUEST);
  desk.ask(ANSWER);
  const { text, buttons, press } = await desk.notification();
  assert.match(text, /^2 requests/);
  assert.deepEqual(buttons, ['Review…']);
  press('Review…');
  await turn();
  assert.deepEqual(desk.outcomes, [undefined, undefined]);
});
