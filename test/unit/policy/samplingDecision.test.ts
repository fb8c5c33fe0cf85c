import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SamplingRule } from '../../../src/policy/serverEntry';
import {
  decideSampling,
  isMuted,
  mustReviewAnswer,
  type SamplingSituation,
} from '../../../src/policy/samplingDecision';

const ASK: SamplingRule = { kind: 'ask', outsideCalls: false };
const base: SamplingSituation = {
  rule: ASK,
  callsRunning: 1,
  waiting: 0,
  recent: { requests: 0, deniedAt: [], ofThisCall: 0 },
};

const TABLE: readonly (readonly [title: string, change: Partial<SamplingSituation>, outcome: string])[] = [
  ['a call is running', {}, 'ask'],
  ['several calls are running', { callsRunning: 9 }, 'ask'],
  ['sampling is off', { rule: { kind: 'off' } }, 'off'],
  ['no call is running', { callsRunning: 0 }, 'unprompted'],
  [
    'no call is running, and that is allowed',
    { callsRunning: 0, rule: { kind: 'ask', outsideCalls: true } },
    'ask',
  ],
  ['off, and a call outside would be allowed', { rule: { kind: 'off' }, callsRunning: 0 }, 'off'],
  ['two wait', { waiting: 2 }, 'ask'],
  ['three wait', { waiting: 3 }, 'busy'],
  ['very many wait', { waiting: 1_000 }, 'busy'],
  ['29 came in the last hour', { recent: { requests: 29, deniedAt: [], ofThisCall: 0 } }, 'ask'],
  ['30 came in the last hour', { recent: { requests: 30, deniedAt: [], ofThisCall: 0 } }, 'hourly'],
  ['the call led to 9', { recent: { requests: 9, deniedAt: [], ofThisCall: 9 } }, 'ask'],
  ['the call led to 10', { recent: { requests: 10, deniedAt: [], ofThisCall: 10 } }, 'per-call'],
  ['two were denied', { recent: { requests: 2, deniedAt: [0, 1], ofThisCall: 0 } }, 'ask'],
  [
    'three were denied within five minutes',
    { recent: { requests: 3, deniedAt: [0, 1, 300_000], ofThisCall: 0 } },
    'muted',
  ],
  [
    'three were denied over more than five minutes',
    { recent: { requests: 3, deniedAt: [0, 1, 300_001], ofThisCall: 0 } },
    'ask',
  ],
  [
    'muted outranks a call outside',
    { callsRunning: 0, recent: { requests: 3, deniedAt: [0, 1, 2], ofThisCall: 0 } },
    'muted',
  ],
];
for (const [title, change, outcome] of TABLE) {
  test(`when ${title}: ${outcome}`, () => {
    const decision = decideSampling({ ...base, ...change });
    assert.equal(decision.kind === 'ask' ? 'ask' : decision.cause, outcome);
    if (decision.kind === 'refuse') assert.ok(decision.message.length > 0 && decision.reason.length > 0);
  });
}

test('sampling that is off stays off in every situation', () => {
  for (const callsRunning of [0, 1]) {
    for (const waiting of [0, 3]) {
      for (const requests of [0, 30]) {
        const decision = decideSampling({
          ...base,
          rule: { kind: 'off' },
          callsRunning,
          waiting,
          recent: { requests, deniedAt: [], ofThisCall: 0 },
        });
        assert.equal(decision.kind === 'refuse' && decision.cause, 'off');
      }
    }
  }
});

test('a muted server stays muted, whatever time passes', () => {
  assert.ok(isMuted([0, 1, 2, 10_000_000]));
  assert.ok(isMuted([0, 9_000_000, 9_000_001, 9_000_002]));
  assert.ok(!isMuted([0, 200_000, 400_000, 600_000]));
  assert.ok(!isMuted([]));
});

test('the server is told the same when it is muted as when sampling is off', () => {
  const off = decideSampling({ ...base, rule: { kind: 'off' } });
  const muted = decideSampling({ ...base, recent: { requests: 3, deniedAt: [0, 1, 2], ofThisCall: 0 } });
  assert.equal(off.kind === 'refuse' && off.message, muted.kind === 'refuse' && muted.message);
});

const OWN_SAYS = [undefined, true, false] as const;
const says = (reviewAnswer: boolean | undefined): SamplingRule => ({
  kind: 'ask',
  outsideCalls: false,
  ...(reviewAnswer === undefined ? {} : { reviewAnswer }),
});

/** Whether an answer is reviewed, by what the entry says (nothing, yes, no). */
const REVIEWS: readonly (readonly [isOwn: boolean, setting: boolean, edited: boolean, ...of: boolean[]])[] = [
  [true, true, false, true, true, false],
  [true, false, false, false, true, false],
  [false, true, false, true, true, true],
  [false, false, false, false, false, false],
  [true, true, true, true, true, true],
  [true, false, true, true, true, true],
  [false, true, true, true, true, true],
  [false, false, true, true, true, true],
];
for (const [isOwn, reviewAnswers, edited, ...expected] of REVIEWS)
  test(`the answer to ${edited ? 'an edited' : 'a'} request of ${isOwn ? 'a server of the person' : 'another server'}, reviews ${reviewAnswers ? 'on' : 'off'}, waits as its entry lets it`, () => {
    assert.deepEqual(
      OWN_SAYS.map((said) => mustReviewAnswer({ rule: says(said), isOwn, reviewAnswers, edited })),
      expected,
    );
  });
