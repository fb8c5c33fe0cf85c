/** The whole table: rule x scope x trust x what was chosen, cell by cell. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  decideRoots,
  heldRootsRule,
  offersRoots,
  ROOTS_LIMITS,
  type RootsChoice,
  type RootsSituation,
} from '../../../src/policy/rootsDecision';
import { ROOTS_RULES, type EntryScope } from '../../../src/policy/serverEntry';

const SCOPES: readonly EntryScope['kind'][] = ['user', 'workspace', 'folder'];
const CHOICES: Readonly<Record<string, RootsChoice | undefined>> = {
  undecided: undefined,
  some: { kind: 'share', uris: ['file:///b', 'file:///gone'] },
  none: { kind: 'share', uris: [] },
  denied: { kind: 'denied' },
};

/** Rule | scope | what comes of each choice, in the order of {@link CHOICES}. */
const TRUSTED: readonly (readonly [(typeof ROOTS_RULES)[number], EntryScope['kind'], string])[] = [
  ['ask', 'user', 'ask | b | - | denied'],
  ['ask', 'workspace', 'ask | b | - | denied'],
  ['ask', 'folder', 'ask | b | - | denied'],
  ['workspace', 'user', 'a b | b | - | denied'],
  ['workspace', 'workspace', 'ask | b | - | denied'],
  ['workspace', 'folder', 'ask | b | - | denied'],
  ['none', 'user', 'off | off | off | off'],
  ['none', 'workspace', 'off | off | off | off'],
  ['none', 'folder', 'off | off | off | off'],
];

function outcome(situation: Partial<RootsSituation>): string {
  const decision = decideRoots({
    rule: 'ask',
    scope: 'user',
    workspaceTrusted: true,
    choice: undefined,
    folders: ['file:///a', 'file:///b'],
    asked: 0,
    ...situation,
  });
  if (decision.kind === 'ask') return 'ask';
  if (decision.kind === 'nothing') return decision.cause;
  return decision.uris.map((uri) => uri.slice('file:///'.length)).join(' ') || '-';
}

for (const [rule, scope, expected] of TRUSTED)
  test(`"${rule}" in ${scope} settings: ${expected}`, () => {
    const got = Object.values(CHOICES).map((choice) => outcome({ rule, scope, choice }));
    assert.equal(got.join(' | '), expected);
  });

test('every cell of a workspace that is not trusted is nothing, and nothing is offered there', () => {
  for (const rule of ROOTS_RULES)
    for (const scope of SCOPES)
      for (const choice of Object.values(CHOICES)) {
        assert.equal(outcome({ rule, scope, choice, workspaceTrusted: false }), 'untrusted');
        assert.equal(offersRoots({ rule, workspaceTrusted: false }), false);
      }
});

test('a server is told that it may ask unless its entry says none', () => {
  const offered = ROOTS_RULES.map((rule) => offersRoots({ rule, workspaceTrusted: true }));
  assert.deepEqual(offered, [true, true, false]);
});

test('an entry that is not of the user narrows and never widens', () => {
  for (const scope of SCOPES) {
    assert.equal(heldRootsRule('none', scope), 'none');
    assert.equal(heldRootsRule('ask', scope), 'ask');
    assert.equal(heldRootsRule('workspace', scope), scope === 'user' ? 'workspace' : 'ask');
  }
});

test('nobody is asked where no folder is open, and not for ever', () => {
  assert.equal(outcome({ folders: [] }), 'no-folders');
  assert.equal(outcome({ asked: ROOTS_LIMITS.perHour - 1 }), 'ask');
  assert.equal(outcome({ asked: ROOTS_LIMITS.perHour }), 'hourly');
  const choice = { kind: 'share', uris: ['file:///a'] } as const;
  assert.equal(outcome({ asked: ROOTS_LIMITS.perHour, choice }), 'a', 'what was chosen needs no question');
});
