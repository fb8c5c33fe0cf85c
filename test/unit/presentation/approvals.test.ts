import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ItemKinds } from '../../../src/contributions/ids';
import type { ConsentEntry } from '../../../src/host/consentQueue';
import { approvalDetails, approvalRow } from '../../../src/presentation/approvalRows';
import {
  causeInOwnWords,
  entryLabel,
  expiryText,
  nextExpiryChange,
  outcomeText,
} from '../../../src/presentation/consentTexts';
import { OpeningBatch, planRing } from '../../../src/presentation/doorbellPlan';
import { exactText, safe } from '../../../src/policy/safeText';
import { hostile } from '../policy/hostileText';
import { elicitation, launch, sampling, samplingAnswer } from './waiting';

test('a row names the server by its key and tells when it expires', () => {
  const row = approvalRow(sampling(), 61_000);
  assert.equal(row.label, 'notes asks for a model answer');
  assert.equal(row.description, '9 min left');
  assert.equal(row.context, ItemKinds.approvalSampling);
  assert.equal(row.spoken, 'notes asks for a model answer, expires in 9 min');
  assert.ok(row.tooltip().includes(safe`It expires in 9 min.`));
  assert.equal(approvalRow(sampling(), 599_000).description, '< 1 min left');
});

test('a launch says that it changed and counts its warnings', () => {
  const row = approvalRow(launch({ command: 'npx', args: ['-y', 'a'] }, { changed: true }), 0);
  assert.equal(row.label, 'server wants to start (changed)');
  assert.equal(row.description, '1 warning');
  assert.equal(row.context, ItemKinds.approvalLaunch);
});

test('the rows below hold the essentials of a request', () => {
  const request = sampling({
    systemPrompt: 'Be\nbrief',
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'first' }] },
      { role: 'user', content: [{ type: 'text', text: 'last' }] },
    ],
  });
  assert.deepEqual(
    approvalDetails(request).map(({ label, description }) => [label, description]),
    [
      ['System prompt', 'Be brief'],
      ['2 messages', 'user: last'],
      ['Limit', 'at most 200 tokens'],
      ['Model', 'Demo'],
      ['Cause', 'your call of describe'],
    ],
  );
});

test('a question about folders has a row for each, with its whole path, and tells that none is known yet', () => {
  const path = `/work/${'long/'.repeat(40)}\u202Etxt`;
  const entry: ConsentEntry = {
    ...sampling(),
    subject: {
      kind: 'roots',
      folders: [
        { uri: 'file:///a', name: 'a', path: '/a' },
        { uri: 'file:///b', name: 'b', path },
      ],
    },
  };
  const row = approvalRow(entry, 61_000);
  assert.equal(row.label, 'notes asks for your workspace folders');
  assert.equal(row.context, ItemKinds.approvalRoots);
  assert.ok(row.tooltip().includes(safe`It gets no path before you choose, and only those that you choose.`));
  assert.deepEqual(
    approvalDetails(entry).map(({ label, description }) => [label, description]),
    [
      ['a', '/a'],
      ['b', exactText(path)],
    ],
  );
  assert.deepEqual(planRing([entry], new Set([entry.id])), { kind: 'request', entry });
});

test('a row of an answer says that the server has nothing of it, and the rows below show its beginning', () => {
  const row = approvalRow(samplingAnswer({ text: 'Hi\nthere' }), 61_000);
  assert.equal(row.label, 'notes waits for your review of a model answer');
  assert.equal(row.description, '9 min left');
  assert.equal(row.context, ItemKinds.approvalAnswer);
  assert.ok(row.tooltip().includes(safe`Nothing of it goes to the server before you return it.`));
  assert.deepEqual(
    approvalDetails(samplingAnswer({ text: 'Hi\nthere' })).map(({ label, description }) => [
      label,
      description,
    ]),
    [
      ['Answer', 'Hi there'],
      ['Model', 'Demo'],
      ['Cause', 'your call of describe'],
    ],
  );
  assert.equal(approvalDetails(samplingAnswer({ text: '' }))[0]?.description, '(empty)');
});

test('every end of a request and of an answer has words of its own', () => {
  const ends = (kind: 'sampling' | 'sampling-answer'): string[] =>
    (
      [
        { kind: 'allow-once' },
        { kind: 'answer', text: '' },
        { kind: 'deny' },
        { kind: 'expired' },
        { kind: 'withdrawn' },
      ] as const
    ).map((outcome) => outcomeText(outcome, kind));
  assert.deepEqual(ends('sampling-answer'), [
    'You returned it.',
    'You edited it and returned that.',
    'You refused it. The server got an error.',
    'It expired before you decided. Nothing of the answer went to the server, and the server got an error.',
    'It was withdrawn: the server, or the call behind it, is not waiting any more. Nothing of the answer went to the server.',
  ]);
  assert.match(ends('sampling').join(), /Nothing was sent to a model, and/);
  const request = sampling().subject.request;
  assert.equal(
    outcomeText({ kind: 'allow-edited', request }, 'sampling'),
    'You edited it and allowed that once.',
  );
});

test('the rows below a launch show its command line, or say what is left out', () => {
  const [command] = approvalDetails(launch({ command: 'node', args: ['a.js', '--x'] }));
  assert.equal(command?.description, 'node a.js --x');
  const [long] = approvalDetails(launch({ command: 'node', args: ['a', 'y'.repeat(500), 'c'] }));
  assert.equal(long?.description, 'node a … and 2 more');
});

test('times are whole minutes and change when they read differently', () => {
  const at = (left: number): string | undefined => expiryText({ expiresAt: left }, 0);
  assert.deepEqual(
    [at(600_000), at(540_001), at(540_000), at(60_000), at(-5)],
    [
      'expires in 10 min',
      'expires in 10 min',
      'expires in 9 min',
      'expires within a minute',
      'expires within a minute',
    ],
  );
  assert.equal(expiryText({}, 0), undefined);
  fc.assert(
    fc.property(fc.integer({ min: 60_001, max: 10_000_000 }), (left) => {
      const wait = nextExpiryChange([{ expiresAt: left }, {}], 0) ?? 0;
      assert.ok(wait > 0 && wait <= 60_000);
      assert.equal(expiryText({ expiresAt: left }, wait - 1), at(left));
      assert.notEqual(expiryText({ expiresAt: left }, wait), at(left));
    }),
  );
  assert.equal(nextExpiryChange([{ expiresAt: 60_000 }, {}], 0), undefined);
});

test('what a notification says holds nothing of the server beyond its key', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, key) => {
      const call = sampling({}, { cause: { kind: 'call', callId: 1, callTitle: title } });
      const running = sampling({}, { cause: { kind: 'while-running', callTitles: [title, title] } });
      assert.equal(causeInOwnWords(call.subject.cause), 'for a call that you made');
      assert.equal(causeInOwnWords(running.subject.cause), 'while 2 calls of yours are running');
      const label = entryLabel({ ...call, serverName: key });
      assert.ok(!label.includes('](') && !label.includes('$('));
    }),
  );
});

function ring(waiting: readonly ConsentEntry[], ...fresh: readonly number[]): string | undefined {
  const plan = planRing(waiting, new Set(fresh));
  if (!plan) return undefined;
  if (plan.kind === 'request') return `request ${plan.entry.id}`;
  return plan.kind === 'launches' ? `launches ${plan.entries.length}` : `several ${plan.count}`;
}

test('one request can be decided from its notification, several only be reviewed', () => {
  const [a, b] = [sampling({}, { id: 1 }), sampling({}, { id: 2 })];
  const start = launch({ command: 'node' }, { id: 3 });
  assert.equal(ring([a], 1), 'request 1');
  assert.equal(ring([a, b], 2), 'several 2');
  assert.equal(ring([a, b], 1, 2), 'several 2');
  assert.equal(ring([start, a], 1), 'request 1');
  assert.equal(ring([start, a], 1, 3), 'several 2');
  assert.equal(ring([a, start], 3), 'launches 1');
});

test('a request for input rings like any other request, and its row says what it is', () => {
  const form = elicitation({ mode: 'form', message: 'm', fields: [] }, { id: 1 });
  assert.equal(ring([form], 1), 'request 1');
  assert.equal(ring([form, sampling({}, { id: 2 })], 2), 'several 2');
  const row = approvalRow(form, 61_000);
  assert.equal(row.label, 'notes asks you for input');
  assert.equal(row.description, '9 min left');
  assert.equal(row.context, ItemKinds.approvalForm);
  const page = approvalRow(elicitation({ mode: 'url', message: 'm', url: 'https://a.example/' }), 61_000);
  assert.equal(page.label, 'notes asks you to open a page');
  assert.equal(page.context, ItemKinds.approvalUrl);
  const wait: ConsentEntry = {
    ...form,
    subject: { kind: 'elicitation-wait', urls: ['https://a.example/x'], cause: form.subject.cause },
  };
  assert.equal(approvalRow(wait, 0).label, 'notes waits until you are done in the browser');
  assert.equal(approvalRow(wait, 0).context, ItemKinds.approvalWait);
  assert.deepEqual(
    approvalDetails(wait).map(({ label, description }) => [label, description]),
    [
      ['Opened', 'a.example'],
      ['Cause', 'your call of describe'],
    ],
  );
});

test('the rows below a request for input name its fields, and warn of secrets', () => {
  const text = { required: false, input: { kind: 'string' } } as const;
  const fields = [
    { ...text, key: 'city', title: 'City' },
    { ...text, key: 'apiKey' },
  ];
  assert.deepEqual(
    approvalDetails(elicitation({ mode: 'form', message: 'Where\nto?', fields })).map(
      ({ label, description }) => [label, description],
    ),
    [
      ['Message', 'Where to?'],
      ['2 fields', 'City, apiKey'],
      ['Secrets?', 'apiKey: give no passwords or keys here'],
      ['Cause', 'your call of describe'],
    ],
  );
});

test('nothing rings for what is gone or was announced', () => {
  assert.equal(ring([], 1), undefined);
  assert.equal(ring([sampling({}, { id: 1 })], 9), undefined);
});

test('launches that wait on opening open the review once; those of later changes only ring', () => {
  const batch = new OpeningBatch(0);
  assert.equal(batch.onLaunch(200), 'open-review');
  assert.equal(batch.onLaunch(400), 'part-of-opening');
  batch.onSettingsChanged(5_000);
  assert.equal(batch.onLaunch(5_100), 'ring');
});

test('a server added long after opening never opens the review', () => {
  const batch = new OpeningBatch(0);
  assert.equal(batch.onLaunch(60_000), 'ring');
});

test('granting trust is an opening of its own, whatever order its events come in', () => {
  for (const events of ['trust settings', 'settings trust']) {
    const batch = new OpeningBatch(0);
    for (const event of events.split(' ')) {
      if (event === 'trust') batch.onTrusted(100_000);
      else batch.onSettingsChanged(100_001);
    }
    assert.equal(batch.onLaunch(100_300), 'open-review', events);
    assert.equal(batch.onLaunch(100_301), 'part-of-opening', events);
  }
});
