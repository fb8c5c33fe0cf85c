/** Which requests a rule covers, cell by cell: whatever is not listed as covered is asked about. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { SAMPLING_LIMITS } from '../../../src/policy/samplingDecision';
import {
  decideGrant,
  GRANT_LIMITS,
  grantUse,
  isWithinLimits,
  recentUses,
  type GrantFacts,
  type GrantUse,
  type SamplingGrant,
} from '../../../src/policy/samplingGrants';
import { DAY, facts, grant, HOUR, MINUTE, NOW } from './grants';

/** What came of it, in one word. */
function outcome(grants: readonly SamplingGrant[], request: GrantFacts, now = NOW): string {
  const decision = decideGrant(grants, request, now);
  return decision.kind === 'covered' ? decision.grant.id : decision.because;
}

const uses = (count: number, ago: number, tokens = 1): readonly GrantUse[] =>
  Array.from({ length: count }, () => ({ at: NOW - ago, tokens }));

const WORKSPACE = { scope: { kind: 'workspace', workspace: 'file:///work' } } as const;
const ALWAYS = { scope: { kind: 'always' } } as const;
const POET = { tool: 'poet' } as const;
const DEMO = { model: { key: 'acme/demo', name: 'Demo' } } as const;

const TABLE: readonly (readonly [
  title: string,
  rule: Partial<SamplingGrant>,
  request: Partial<GrantFacts>,
  outcome: string,
])[] = [
  // Where it holds.
  ['of this session', {}, {}, 'g'],
  ['of another session', {}, { session: 't' }, 'no-rule'],
  ['of this workspace', WORKSPACE, {}, 'g'],
  ['of another workspace', WORKSPACE, { workspace: 'file:///other' }, 'no-rule'],
  ['of a workspace, where no folder is open', WORKSPACE, { workspace: '' }, 'no-rule'],
  ['for always', ALWAYS, { session: 't', workspace: '' }, 'g'],
  ['of another launch, in this session', {}, { fingerprint: 'f2' }, 'no-rule'],
  ['of another launch, in this workspace', WORKSPACE, { fingerprint: 'f2' }, 'no-rule'],
  ['of another launch, for always', ALWAYS, { fingerprint: 'f2' }, 'no-rule'],
  // What led to the request.
  ['about any call, and a tool asks', {}, { cause: { kind: 'tool', name: 'x' } }, 'g'],
  ['about any call, and another call asks', {}, { cause: { kind: 'other-call' } }, 'g'],
  ['about any call, and it is not known which asks', {}, { cause: { kind: 'uncertain' } }, 'g'],
  ['about any call, and none runs', {}, { cause: { kind: 'none' } }, 'no-call'],
  ['about the tool that asks', POET, {}, 'g'],
  ['about a tool, and another asks', POET, { cause: { kind: 'tool', name: 'Poet' } }, 'tool'],
  ['about a tool, and a call of something else asks', POET, { cause: { kind: 'other-call' } }, 'tool'],
  ['about a tool, and it is not known which asks', POET, { cause: { kind: 'uncertain' } }, 'cause'],
  ['about a tool, and none runs', POET, { cause: { kind: 'none' } }, 'no-call'],
  // Which model answers.
  ['about the model that answers', DEMO, {}, 'g'],
  ['about a model, and another answers', DEMO, { model: 'acme/other' }, 'model'],
  ['about any model', {}, { model: 'acme/other' }, 'g'],
  ['about any model, and none can answer', {}, { model: undefined }, 'no-model'],
  // What the request holds.
  ['about text, and there are images', {}, { extras: ['media'] }, 'media'],
  ['about text, and context is wished for', {}, { extras: ['context'] }, 'context'],
  ['about images, too', { covers: ['media'] }, { extras: ['media'] }, 'g'],
  ['about images, and context is wished for', { covers: ['media'] }, { extras: ['context'] }, 'context'],
  [
    'about context, too, and there are images',
    { covers: ['context'] },
    { extras: ['media', 'context'] },
    'media',
  ],
  ['about everything', { covers: ['media', 'context'] }, { extras: ['media', 'context'] }, 'g'],
  [
    'about everything, and there is something new',
    { covers: ['media', 'context'] },
    { extras: ['unknown'] },
    'unknown-content',
  ],
  // How much it is.
  ['with just enough tokens for one', {}, { tokens: 1_000 }, 'g'],
  ['with too few tokens for one', {}, { tokens: 1_001 }, 'request-tokens'],
  ['with a request left this hour', { uses: uses(2, MINUTE) }, {}, 'g'],
  ['without a request left this hour', { uses: uses(3, MINUTE) }, {}, 'hour-requests'],
  ['that was used up an hour ago', { uses: uses(3, HOUR) }, {}, 'g'],
  ['that was used up just less than an hour ago', { uses: uses(3, HOUR - 1) }, {}, 'hour-requests'],
  ['with just enough tokens this hour', { uses: uses(1, MINUTE, 1_900) }, {}, 'g'],
  ['with too few tokens this hour', { uses: uses(1, MINUTE, 1_901) }, {}, 'hour-tokens'],
  ['with a request left today', { uses: uses(4, 2 * HOUR) }, {}, 'g'],
  ['without a request left today', { uses: uses(5, 2 * HOUR) }, {}, 'day-requests'],
  ['that was used up a day ago', { uses: uses(5, DAY) }, {}, 'g'],
  ['with just enough tokens today', { uses: uses(1, 2 * HOUR, 3_900) }, {}, 'g'],
  ['with too few tokens today', { uses: uses(1, 2 * HOUR, 3_901) }, {}, 'day-tokens'],
  // How long it lasts.
  ['that ends in a moment', { until: NOW + 1 }, {}, 'g'],
  ['that ends now', { until: NOW }, {}, 'ended'],
  ['that has ended', { until: NOW - DAY }, {}, 'ended'],
  ['that was made just now', { since: NOW }, {}, 'g'],
  ['that was made before the clock was set right', { since: NOW + MINUTE }, {}, 'g'],
  ['that was made before the clock was set back', { since: NOW + MINUTE + 1 }, {}, 'clock'],
];
for (const [title, rule, request, expected] of TABLE)
  test(`a rule ${title}: ${expected === 'g' ? 'covered' : `asked (${expected})`}`, () => {
    const decision = decideGrant([grant(rule)], facts(request), NOW);
    assert.equal(outcome([grant(rule)], facts(request)), expected);
    if (decision.kind === 'ask') assert.equal(decision.reason === undefined, expected === 'no-rule');
  });

test('without rules there is nothing to speak of', () => {
  assert.deepEqual(decideGrant([], facts(), NOW), { kind: 'ask', because: 'no-rule' });
});

test('one rule that covers is enough, and the first of several is used', () => {
  const full = grant({ id: 'full', uses: uses(3, MINUTE) });
  const other = grant({ id: 'other', fingerprint: 'f2' });
  assert.equal(outcome([full, other, grant({ id: 'a' }), grant({ id: 'b' })], facts()), 'a');
});

test('of several that do not cover it, the reason is that of the one that came closest', () => {
  const rules = [grant({ tool: 'x' }), grant({ uses: uses(3, MINUTE) }), grant({ until: NOW })];
  assert.equal(outcome(rules, facts()), 'hour-requests');
  assert.equal(outcome([...rules].reverse(), facts()), 'hour-requests');
});

test('a clock that is set back gives no request back', () => {
  const used = grant({ since: NOW - 9 * DAY, uses: uses(3, 0) });
  assert.equal(outcome([used], facts(), NOW - DAY), 'hour-requests');
  assert.deepEqual(recentUses(used.uses, NOW - DAY), uses(3, DAY));
  const rewritten = { ...used, uses: recentUses(used.uses, NOW - DAY) };
  assert.equal(outcome([rewritten], facts(), NOW - DAY + HOUR), 'g', 'nor does it take one for ever');
});

test('what is used is counted by hour and by day, and what is older is not', () => {
  const used = grant({ uses: [...uses(1, MINUTE, 10), ...uses(2, 2 * HOUR, 20), ...uses(4, DAY, 1)] });
  assert.deepEqual(grantUse(used, NOW), {
    hour: { requests: 1, tokens: 10 },
    day: { requests: 3, tokens: 50 },
  });
});

test('no sequence of requests gets more from a rule than its bounds', () => {
  const request = fc.record({
    pass: fc.integer({ min: 0, max: 2 * HOUR }),
    tokens: fc.integer({ min: 1, max: 1_500 }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 60 }), (requests) => {
      let now = NOW;
      let rule = grant();
      const sent: GrantUse[] = [];
      for (const { pass, tokens } of requests) {
        now += pass;
        if (outcome([rule], facts({ tokens }), now) !== 'g') continue;
        sent.push({ at: now, tokens });
        rule = { ...rule, uses: [...recentUses(rule.uses, now), { at: now, tokens }] };
        for (const [ms, most] of [
          [HOUR, rule.bounds.hour],
          [DAY, rule.bounds.day],
        ] as const) {
          const within = sent.filter(({ at }) => at > now - ms);
          assert.ok(within.length <= most.requests);
          assert.ok(within.reduce((sum, use) => sum + use.tokens, 0) <= most.tokens);
        }
      }
    }),
  );
});

test('bounds are whole numbers from one to what a rule may have, and never more requests than a server may make', () => {
  assert.ok(isWithinLimits(GRANT_LIMITS));
  assert.equal(GRANT_LIMITS.hour.requests, SAMPLING_LIMITS.perHour);
  const one = { requests: 1, tokens: 1 };
  assert.ok(isWithinLimits({ tokensPerRequest: 1, hour: one, day: one }));
  const paths = [
    (value: number) => ({ ...GRANT_LIMITS, tokensPerRequest: value }),
    (value: number) => ({ ...GRANT_LIMITS, hour: { ...GRANT_LIMITS.hour, requests: value } }),
    (value: number) => ({ ...GRANT_LIMITS, hour: { ...GRANT_LIMITS.hour, tokens: value } }),
    (value: number) => ({ ...GRANT_LIMITS, day: { ...GRANT_LIMITS.day, requests: value } }),
    (value: number) => ({ ...GRANT_LIMITS, day: { ...GRANT_LIMITS.day, tokens: value } }),
  ];
  for (const bounds of paths)
    for (const value of [0, -1, 1.5, NaN, Infinity, 5_000_001])
      assert.ok(!isWithinLimits(bounds(value)), String(value));
});
