import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { ItemKinds } from '../../../src/contributions/ids';
import type { Call } from '../../../src/host/calls';
import type { TaskEntry, TaskState } from '../../../src/host/tasks';
import { otherFiles, skillFileRow, skillRow, skillUriOf } from '../../../src/presentation/skillRows';
import { taskRow, tasksRow, taskText } from '../../../src/presentation/taskRows';
import { safe } from '../../../src/policy/safeText';
import { hostile } from '../policy/hostileText';

const OWNER = { id: 'user/s', name: 's', isRunning: true };

function entry(state: TaskState, more: Partial<TaskEntry> = {}): TaskEntry {
  return { key: 1, serverId: 'user/s', stamp: '', tool: 'work', id: 'T', startedAt: 1_000, state, ...more };
}

const running: TaskState = { kind: 'running', callId: 1 };

test('a running task tells what its server says, how far it is and since when', () => {
  const call: Call = {
    ...{ id: 1, serverId: 'user/s', kind: 'tool', target: 'work', startedAt: 1_000, background: false },
    state: { kind: 'running', progress: { progress: 2, total: 4 } },
  };
  const task = { id: 'T', status: 'working', message: 'half' } as const;
  const row = taskRow(OWNER, entry(running, { task }), call, 13_000);
  assert.equal(row.label, 'work');
  assert.equal(row.description, 'working: half · 2 / 4 · 12 s');
  assert.equal(row.context, ItemKinds.taskRunning);
  assert.equal(row.spoken, 's, task of work, working: half · 2 / 4 · 12 s');
});

test('a task that waits for input says so at a glance', () => {
  const task = { id: 'T', status: 'input_required' } as const;
  const row = taskRow(OWNER, entry(running, { task }), undefined, 13_000);
  assert.equal(row.description, 'waiting for input · 12 s');
  assert.equal(row.icon.id, 'question');
});

test('every state has a row of its own', () => {
  const failure = { code: 'task-ended', reason: 'expired' } as const;
  const result = { isError: false, content: [] };
  const cases: readonly (readonly [TaskState, string, string, string])[] = [
    [running, 'being looked at · 9.0 s', ItemKinds.taskRunning, 'loading~spin'],
    [{ kind: 'left' }, 'left running by an earlier window · 9.0 s', ItemKinds.taskLeft, 'debug-pause'],
    [
      { kind: 'left', failure: { code: 'connection-closed' } },
      'left running: The connection to the server closed. · 9.0 s',
      ItemKinds.taskLeft,
      'debug-pause',
    ],
    [{ kind: 'done', ms: 500, isError: false, result }, 'completed · 0.5 s', ItemKinds.taskDone, 'pass'],
    [{ kind: 'done', ms: 500, isError: false }, 'completed · 0.5 s', ItemKinds.taskEnded, 'pass'],
    [
      { kind: 'done', ms: 500, isError: true, result },
      'the tool reported an error · 0.5 s',
      ItemKinds.taskDone,
      'warning',
    ],
    [
      { kind: 'failed', ms: 500, failure },
      'The server no longer knows the task of this call. · 0.5 s',
      ItemKinds.taskEnded,
      'error',
    ],
    [
      { kind: 'failed', ms: 500, failure: { code: 'cancelled' } },
      'cancelled · 0.5 s',
      ItemKinds.taskEnded,
      'circle-slash',
    ],
  ];
  for (const [state, description, context, icon] of cases) {
    const row = taskRow(OWNER, entry(state), undefined, 10_000);
    assert.deepEqual([row.description, row.context, row.icon.id], [description, context, icon]);
  }
});

test('a task that was left is waited for and cancelled only while its server runs', () => {
  const stopped = { ...OWNER, isRunning: false };
  const left = taskRow(stopped, entry({ kind: 'left' }), undefined, 10_000);
  assert.equal(left.context, ItemKinds.taskOutOfReach);
  assert.ok(left.tooltip().includes(safe`Start the server to wait for it or to cancel it.`));
  const failed = entry({ kind: 'failed', ms: 1, failure: { code: 'cancelled' } });
  assert.equal(taskRow(stopped, failed, undefined, 10_000).context, ItemKinds.taskEnded);
});

test('the group counts its tasks and says how many run', () => {
  assert.equal(tasksRow(OWNER, [entry({ kind: 'left' })]).description, '1');
  assert.equal(tasksRow(OWNER, [entry(running), entry({ kind: 'left' })]).description, '2, 1 running');
});

test('nothing that a server says of tasks or skills reaches a row unchanged', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const task = { id: text, status: 'input_required', message: text } as const;
      const skill = { uri: text, name: text, description: text, files: [{ path: text, size: 1 }] };
      const rows = [
        taskRow(OWNER, entry(running, { task, tool: text, id: text }), undefined, 0),
        skillRow(OWNER, skill),
        skillFileRow(OWNER, skill, { path: text, size: 1 }),
      ];
      const shown = rows.flatMap((row) => [row.label, row.description ?? '', row.spoken, ...row.tooltip()]);
      for (const line of [...shown, taskText(task)])
        assert.doesNotMatch(line, /[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
    }),
  );
});

test('a skill row stands for its SKILL.md, and the other files stand below it', () => {
  const files = [
    { path: 'SKILL.md', size: 10 },
    { path: 'references/a.md', size: 2_048 },
  ];
  const skill = { uri: 'skill://x/SKILL.md', name: 'x', description: 'does x', files };
  const row = skillRow(OWNER, skill);
  assert.deepEqual(
    [row.label, row.description, row.children, row.context],
    ['x', 'does x', 'collapsed', ItemKinds.skill],
  );
  assert.deepEqual(otherFiles(skill), [files[1]]);
  assert.equal(skillFileRow(OWNER, skill, { path: 'references/a.md', size: 2_048 }).description, '2.0 KB');
  assert.equal(skillUriOf(skill.uri, 'references/a.md'), 'skill://x/references/a.md');
  assert.equal(skillUriOf(skill.uri), skill.uri);
  const dynamic = { ...skill, files: 'dynamic' } as const;
  assert.equal(skillRow(OWNER, dynamic).children, 'none');
  assert.match(skillRow(OWNER, dynamic).tooltip().join(' '), /cannot be verified/);
});
