/** Which decision settles which question, cell by cell: the one place through which every decision of a person goes. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ConsentQueue, type ConsentSubject, type PersonDecision } from '../../../src/host/consentQueue';
import { FakeClock } from '../../support/fakeClock';
import { elicitation, launch, sampling, samplingAnswer } from '../presentation/waiting';

const WHO = { serverId: 'user/x', serverName: 'x' };
const REQUEST = sampling().subject;
const SIGN_IN: ConsentSubject = {
  kind: 'sign-in',
  request: { issuer: 'https://as.example', resource: 'https://x.example', scopes: [], reason: 'sign-in' },
  host: 'x.example',
  clicked: false,
};

const ROOTS: ConsentSubject = {
  kind: 'roots',
  folders: [{ uri: 'file:///a', name: 'a', path: '/a' }],
};

/** What is asked | the decisions that settle it. All others leave it waiting. */
const FITTING: readonly (readonly [string, ConsentSubject, string])[] = [
  ['a launch', launch({ command: 'node' }).subject, 'allow-once deny'],
  ['a request for a model answer', REQUEST, 'allow-once deny allow-edited answer'],
  ['an answer of a model', samplingAnswer().subject, 'allow-once deny answer'],
  ['a sign-in', SIGN_IN, 'allow-once deny'],
  ['a form', elicitation({ mode: 'form', message: '', fields: [] }).subject, 'deny submit dismiss'],
  [
    'a page',
    elicitation({ mode: 'url', message: '', url: 'https://x.example/' }).subject,
    'allow-once deny dismiss',
  ],
  ['a choice of folders', ROOTS, 'deny share'],
  ['a wait', { kind: 'elicitation-wait', urls: [], cause: REQUEST.cause }, 'allow-once deny'],
];

const DECISIONS: readonly PersonDecision[] = [
  { kind: 'allow-once' },
  { kind: 'deny' },
  { kind: 'allow-edited', request: REQUEST.request },
  { kind: 'answer', text: 'x' },
  { kind: 'submit', content: {} },
  { kind: 'dismiss' },
  { kind: 'share', uris: ['file:///a'] },
];

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
