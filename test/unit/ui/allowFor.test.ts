/** The steps by which a person allows a request for more than once: what each choice means, and what ends them. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

import { ConsentQueue, type ConsentOutcome } from '../../../src/host/consentQueue';
import type { GrantTerms } from '../../../src/host/samplingGrants';
import type { GrantOffer } from '../../../src/policy/samplingGrants';
import { allowFor } from '../../../src/ui/approvals/allowFor';
import { Decisions } from '../../../src/ui/approvals/decisions';
import { FakeClock } from '../../support/fakeClock';
import { screen, type QuickInput } from '../../support/vscode';
import { facts } from '../policy/grants';
import { sampling } from '../presentation/waiting';

const DAY = 86_400_000;
const OFFER: GrantOffer = { facts: facts(), isOwn: true };
const MIDDLE = '10 requests and 20,000 tokens an hour';
const MIDDLE_BOUNDS = {
  tokensPerRequest: 10_000,
  hour: { requests: 10, tokens: 20_000 },
  day: { requests: 50, tokens: 100_000 },
};

/** One request whose steps are open. */
class Open {
  private readonly consent = new ConsentQueue(new FakeClock());
  private readonly withdrawal = new AbortController();
  readonly given: GrantTerms[] = [];
  outcome: ConsentOutcome | undefined;
  readonly closed: Promise<void>;

  constructor(offer: GrantOffer | undefined = OFFER, became = 'allowed') {
    const subject = { ...sampling().subject, ...(offer ? { grant: offer } : {}) };
    const who = { serverId: 's', serverName: 'notes' };
    void this.consent
      .ask(who, subject, { signal: this.withdrawal.signal })
      .then((outcome) => (this.outcome = outcome));
    const permissions = {
      allowFor: (_id: number, terms: GrantTerms) => {
        this.given.push(terms);
        return Promise.resolve(became);
      },
    };
    const ui = { host: { consent: this.consent, permissions } } as never;
    const [entry] = this.consent.entries();
    this.closed = allowFor(entry ?? assert.fail(), ui, new Decisions(ui));
  }

  withdraw(): void {
    this.withdrawal.abort();
  }
}

/** What is open; only one thing ever is. */
function shown(): QuickInput {
  const open = screen.inputs.filter(({ isOpen }) => isOpen);
  assert.equal(open.length, 1);
  return open[0] ?? assert.fail();
}

function labels(): readonly string[] {
  return shown().items.flatMap(({ label, value }) => (value === undefined ? [] : [label]));
}

async function choose(...answers: readonly string[]): Promise<void> {
  for (const answer of answers) {
    shown().accept(answer);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

beforeEach(() => screen.clear());

test('the first choice is this request alone', async () => {
  const open = new Open();
  assert.deepEqual(labels(), ['This Request', 'This Session', 'This Workspace', 'Always']);
  await choose('This Request');
  await open.closed;
  assert.deepEqual([open.outcome, open.given], [{ kind: 'allow-once' }, []]);
});

test('three choices make a rule, with the tool and the model that were shown, and an end', async () => {
  const open = new Open();
  await choose('This Workspace');
  assert.deepEqual(labels(), ['Only poet', 'Any Call of Yours']);
  await choose('Only poet', MIDDLE);
  await open.closed;
  assert.deepEqual(open.given, [
    {
      scope: 'workspace',
      onlyTool: true,
      onlyModel: true,
      bounds: MIDDLE_BOUNDS,
      covers: [],
      lastsMs: 30 * DAY,
    },
  ]);
  assert.equal(open.outcome, undefined, 'the host settles the request with the rule');
  assert.match(screen.messages[0]?.text ?? '', /"notes"/);
  screen.messages[0]?.press('Show Permissions');
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.deepEqual(screen.ran, [['mcpHost.permissions.focus']]);
});

test('a rule of a session needs no other end', async () => {
  const open = new Open();
  await choose('This Session', 'Any Call of Yours', MIDDLE);
  await open.closed;
  const [terms] = open.given;
  assert.deepEqual([terms?.scope, terms?.onlyTool, terms?.lastsMs], ['session', false, undefined]);
});

test('only what can be is offered: no folder, no workspace; an entry of a workspace is not for always', () => {
  new Open({ facts: facts({ workspace: '' }), isOwn: false });
  assert.deepEqual(labels(), ['This Request', 'This Session']);
});

test('nobody is asked about a tool of which it is not known that it led to the request', async () => {
  const open = new Open({ facts: facts({ cause: { kind: 'uncertain' } }), isOwn: true });
  await choose('This Session', MIDDLE);
  await open.closed;
  assert.equal(open.given.length, 1);
});

test('bounds that would not cover this very request are not offered', async () => {
  new Open({ facts: facts({ tokens: 10_001, cause: { kind: 'uncertain' } }), isOwn: true });
  await choose('This Session');
  assert.deepEqual(labels(), ['30 requests and 200,000 tokens an hour', 'Other Bounds…']);
});

test('bounds of one’s own are asked for one by one, and checked', async () => {
  const open = new Open({ facts: facts({ cause: { kind: 'uncertain' } }), isOwn: true });
  await choose('Always', 'Other Bounds…', '8,000');
  for (const wrong of ['31', '0', '', '1.5', 'ten', '-1', '1e1']) {
    await choose(wrong);
    const { validationMessage } = shown() as unknown as { validationMessage: { message: string } };
    assert.match(validationMessage.message, /from 1 to 30/, wrong);
  }
  await choose('4', '30000', '9', '100000', 'Any Model', 'In 7 Days');
  await open.closed;
  assert.deepEqual(open.given, [
    {
      scope: 'always',
      onlyTool: true,
      onlyModel: false,
      bounds: {
        tokensPerRequest: 8_000,
        hour: { requests: 4, tokens: 30_000 },
        day: { requests: 9, tokens: 100_000 },
      },
      covers: [],
      lastsMs: 7 * DAY,
    },
  ]);
});

test('images are covered only when that is checked', async () => {
  const offer: GrantOffer = {
    facts: facts({ cause: { kind: 'uncertain' }, extras: ['media'] }),
    isOwn: true,
  };
  for (const [checked, covers] of [
    ['nothing', []],
    ['Requests with images or sounds', ['media']],
  ] as const) {
    screen.clear();
    const open = new Open(offer);
    await choose('This Session', MIDDLE, checked);
    await open.closed;
    assert.deepEqual(open.given[0]?.covers, covers);
  }
});

test('Escape at any step allows nothing', async () => {
  const answers = ['This Workspace', 'Only poet', 'Other Bounds…', '5000', '5'];
  for (let steps = 0; steps <= answers.length; steps++) {
    screen.clear();
    const open = new Open();
    await choose(...answers.slice(0, steps));
    shown().escape();
    await open.closed;
    assert.deepEqual([open.outcome, open.given, screen.messages], [undefined, [], []]);
  }
});

test('a request that ends meanwhile closes the steps, and the person is told', async () => {
  const open = new Open();
  await choose('This Workspace', 'Only poet');
  open.withdraw();
  await open.closed;
  assert.deepEqual(
    screen.inputs.filter(({ isOpen }) => isOpen),
    [],
  );
  assert.deepEqual(open.given, []);
  assert.match(screen.messages[0]?.text ?? '', /no longer waiting/);
});

test('what became of the rule is said', async () => {
  for (const [became, said] of [
    ['not-stored', /allowed once\. The rule could not be stored/],
    ['not-grantable', /No rule can be made/],
    ['gone', /no longer waiting/],
  ] as const) {
    screen.clear();
    const open = new Open(OFFER, became);
    await choose('This Session', 'Only poet', MIDDLE);
    await open.closed;
    assert.match(screen.messages[0]?.text ?? '', said);
  }
});

test('where no rule can be made, none is asked about', async () => {
  const ui = { host: { consent: new ConsentQueue(new FakeClock()) } } as never;
  await allowFor(sampling(), ui, new Decisions(ui));
  assert.deepEqual(screen.inputs, []);
  assert.match(screen.messages[0]?.text ?? '', /No rule can be made/);
});
