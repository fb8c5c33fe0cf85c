import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeText } from '../../../src/policy/safeText';
import {
  decideStart,
  type ApprovalState,
  type StartSituation,
  type StartTrigger,
} from '../../../src/policy/startDecision';
import type { StartMode } from '../../../src/policy/serverEntry';

const base: StartSituation = {
  workspaceTrusted: true,
  scope: 'user',
  startMode: 'onOpen',
  trigger: 'open',
  approval: 'none',
  access: { kind: 'allowed' },
  problems: [],
  shadowed: false,
};
const SCOPES = ['user', 'workspace', 'folder'] as const;
const MODES: readonly StartMode[] = ['onOpen', 'onDemand', 'never'];
const TRIGGERS: readonly StartTrigger[] = ['open', 'configChange', 'person', 'demand', 'restartAfterCrash'];
const APPROVALS: readonly ApprovalState[] = ['approved', 'none', 'changed'];

/** mode | open, configChange, person, demand, restartAfterCrash, for an entry that may run. */
const WHEN_ALLOWED: Readonly<Record<StartMode, readonly ('start' | 'idle')[]>> = {
  onOpen: ['start', 'start', 'start', 'start', 'start'],
  onDemand: ['idle', 'idle', 'start', 'start', 'start'],
  never: ['idle', 'idle', 'start', 'idle', 'idle'],
};

for (const scope of SCOPES) {
  for (const startMode of MODES) {
    for (const [index, trigger] of TRIGGERS.entries()) {
      for (const approval of APPROVALS) {
        const situation = { ...base, scope, startMode, trigger, approval };
        const cell = `${scope}, ${startMode}, ${trigger}, ${approval}`;
        const mayRun = scope === 'user' || approval === 'approved';
        const wanted = WHEN_ALLOWED[startMode][index];
        const expected =
          mayRun || wanted === 'idle'
            ? { kind: wanted }
            : { kind: 'needs-approval', changed: approval === 'changed' };

        test(`${cell}: ${expected.kind}`, () => assert.deepEqual(decideStart(situation), expected));

        test(`${cell}, untrusted: nothing starts, whatever else holds`, () => {
          for (const more of [{}, { shadowed: true }, { problems: [{ field: 'a', message: 'b' }] }]) {
            assert.deepEqual(decideStart({ ...situation, ...more, workspaceTrusted: false }), {
              kind: 'wait-for-trust',
            });
          }
        });

        test(`${cell}: blocks win over approval and start mode`, () => {
          const denied = { kind: 'denied', reason: safeText('no'), setting: 'chat.mcp.access' } as const;
          const problems = [
            { field: 'args[0]', message: 'must be a string' },
            { field: 'x', message: 'y' },
          ];
          const cause = (more: Partial<StartSituation>): unknown => {
            const decision = decideStart({ ...situation, ...more });
            return decision.kind === 'blocked' ? decision.cause : decision.kind;
          };
          assert.equal(cause({ access: denied }), 'policy');
          assert.equal(cause({ shadowed: true }), 'shadowed');
          assert.equal(cause({ problems }), 'problems');
          assert.equal(cause({ access: denied, shadowed: true, problems }), 'policy');
          assert.equal(cause({ shadowed: true, problems }), 'shadowed');
        });
      }
    }
  }
}

test('the person saying start does not stand in for approval', () => {
  for (const approval of ['none', 'changed'] as const) {
    for (const scope of ['workspace', 'folder'] as const) {
      const decision = decideStart({ ...base, scope, approval, trigger: 'person' });
      assert.deepEqual(decision, { kind: 'needs-approval', changed: approval === 'changed' });
    }
  }
});

test('the reason of a block is told, and cannot act', () => {
  const problems = [
    { field: 'args[0]', message: '](command:x) \u202e' },
    { field: 'x', message: 'y' },
  ];
  const decision = decideStart({ ...base, problems });
  assert.equal(
    decision.kind === 'blocked' && decision.reason,
    'args[0]: ]\u200A(command:x) ⟨U+202E⟩ (and 1 more)',
  );
});
