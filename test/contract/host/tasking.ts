/** A host with a server whose calls become tasks of the stateless era. */

import assert from 'node:assert/strict';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { TaskEntry } from '../../../src/host/tasks';
import type { ToolCallResult } from '../../../src/protocol/content';
import { modernAnswers, textResult } from '../../support/clientHarness';
import { HostHarness, tool } from '../../support/hostHarness';
import type { Answer } from '../../support/scriptedServer';
import { memoryState } from '../../support/testPorts';

export const ID = 'user/slow';
const ENTRY = { command: 'slow' };

export function task(status: string, more: JsonObject = {}): JsonObject {
  return { taskId: 'T1', status, ttlMs: 3_600_000, pollIntervalMs: 1_000, ...more };
}

/** Answers of a server that makes a task of each call; `look` may change while it runs. */
export function slow(
  look: { now: JsonObject },
  more: Readonly<Record<string, Answer>> = {},
): Map<string, Answer> {
  let count = 0;
  return modernAnswers(
    {
      'tools/list': () => ({ tools: [tool('work')] }),
      'tools/call': () => ({ resultType: 'task', ...task('working'), taskId: `T${++count}` }),
      'tasks/get': ({ taskId }) => ({ ...look.now, taskId: taskId ?? null }),
      'tasks/cancel': () => ({}),
      ...more,
    },
    { capabilities: { tools: {} } },
  );
}

export const COMPLETED = task('completed', { result: textResult('at last') });

export async function opened(
  answers: Map<string, Answer>,
  memory = memoryState(),
  entry: JsonObject = ENTRY,
): Promise<HostHarness> {
  const harness = new HostHarness({ memory });
  harness.answers.set('slow', answers);
  harness.world.setServers({ slow: entry });
  harness.host.open();
  await harness.settle();
  return harness;
}

export function call(harness: HostHarness, signal?: AbortSignal): Promise<ToolCallResult> {
  return harness.host.callTool(ID, 'work', {}, signal ? { signal } : {});
}

export function only(harness: HostHarness): TaskEntry {
  const entries = harness.host.tasks.of(ID);
  assert.equal(entries.length, 1, 'there is one task');
  return entries[0] ?? assert.fail();
}

export function kept(memory: ReturnType<typeof memoryState>): JsonValue {
  return (memory.get('tasks') as JsonValue | undefined) ?? [];
}
