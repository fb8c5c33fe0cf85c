/** Which decision settles which question, cell by cell: the one place through which every decision of a person goes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConsentQueue, type ConsentSubject, type PersonDecision } from '../../../src/host/consentQueue';
import { FakeClock } from '../../support/fakeClock';
import { sampling, samplingAnswer } from '../presentation/waiting';
import { DECISIONS, FITTING, ROOTS, SIGN_IN } from './subjects';

const WHO = { serverId: 'user/x', serverName: 'x' };

for (const [what, subject, fitting] of FITTING)
  test(`${what} is settled by ${fitting.replaceAll(' ', ', ')}, and "not now" is none of them`, async () => {
    const signal = new AbortController().signal;
    for (const decision of DECISIONS) {
      const queue = new ConsentQueue(new FakeClock());
      const outcome = queue.ask(WHO, subject, { signal });
      const isFit = fitting.split(' ').includes(decision.kind);
      assert.equal(queue.decide(1, decision), isFit, decision.kind);
      if (isFit) assert.deepEqual(await outcome, decision);
      queue.dispose();
    }
    const queue = new ConsentQueue(new FakeClock());
    void queue.ask(WHO, subject, { signal });
    for (const kind of [
      'not-now',
      'dismissed',
      'expired',
      'withdrawn',
      '',
      'allow',
      'true',
      '__proto__',
      null,
      true,
    ])
      assert.ok(!queue.decide(1, { kind } as never), String(kind));
    assert.equal(queue.entries().length, 1);
    queue.dispose();
  });

const TOOLS = { list: [{ name: 'weather', inputSchema: '{}' }], choice: 'auto' } as const;
const USE = { type: 'tool_use', id: 'a', name: 'weather', input: '{}' } as const;

/** An answer by hand | where the request names an end | where it brings tools | where it brings none of both. */
const HAND: readonly (readonly [PersonDecision & { kind: 'answer' }, boolean, boolean, boolean])[] = [
  [{ kind: 'answer', text: 'x', stopReason: 'endTurn' }, true, true, true],
  [{ kind: 'answer', text: 'x', stopReason: 'maxTokens' }, true, true, true],
  [{ kind: 'answer', text: 'x', stopReason: 'stopSequence' }, true, false, false],
  [{ kind: 'answer', text: '', stopReason: 'toolUse', toolUses: [USE] }, false, true, false],
  [{ kind: 'answer', text: '', stopReason: 'toolUse' }, false, false, false],
  [{ kind: 'answer', text: '', stopReason: 'toolUse', toolUses: [] }, false, false, false],
  [{ kind: 'answer', text: '', toolUses: [USE] }, false, false, false],
  [
    { kind: 'answer', text: '', stopReason: 'toolUse', toolUses: [{ ...USE, name: 'rm' }] },
    false,
    false,
    false,
  ],
  [
    { kind: 'answer', text: '', stopReason: 'toolUse', toolUses: [{ ...USE, input: '[]' }] },
    false,
    false,
    false,
  ],
];

test('an answer by hand ends as a model could have ended it, and uses only tools that the request brings', () => {
  const signal = new AbortController().signal;
  for (const [decision, ...fitting] of HAND) {
    const subjects = [
      sampling({ stopSequences: ['END'] }),
      sampling({ tools: TOOLS }),
      sampling({ tools: { ...TOOLS, choice: 'none' } }),
    ].map(({ subject }) => subject);
    for (const [index, subject] of subjects.entries()) {
      const queue = new ConsentQueue(new FakeClock());
      void queue.ask(WHO, subject, { signal });
      assert.equal(queue.decide(1, decision), fitting[index], JSON.stringify([decision, index]));
      queue.dispose();
    }
  }
});

test('what says more than its question asks is no decision', () => {
  const { model } = samplingAnswer().subject;
  const cases: readonly (readonly [ConsentSubject, PersonDecision])[] = [
    [samplingAnswer().subject, { kind: 'allow-once', model }],
    [samplingAnswer().subject, { kind: 'answer', text: 'x', stopReason: 'endTurn' }],
    [samplingAnswer({}, { asksLeft: 0 }).subject, { kind: 'ask-again' }],
    [SIGN_IN, { kind: 'allow-once', model }],
  ];
  for (const [subject, decision] of cases) {
    const queue = new ConsentQueue(new FakeClock());
    void queue.ask(WHO, subject, { signal: new AbortController().signal });
    assert.ok(!queue.decide(1, decision), decision.kind);
    queue.dispose();
  }
});

test('only folders that were asked about can be shared, none of them too', async () => {
  const signal = new AbortController().signal;
  const queue = new ConsentQueue(new FakeClock());
  void queue.ask(WHO, ROOTS, { signal });
  for (const uris of [['file:///b'], ['file:///a', 'file:///b'], ['']])
    assert.ok(!queue.decide(1, { kind: 'share', uris }), uris.join());
  const none = { kind: 'share', uris: [] } as const;
  const outcome = queue.ask(WHO, ROOTS, { signal });
  assert.ok(queue.decide(2, none));
  assert.deepEqual(await outcome, none);
  queue.dispose();
});
