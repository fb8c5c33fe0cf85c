/** A server of 2025-11-25 whose tool runs as a task. */

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { legacyAnswers, textResult } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

/** The key of `_meta` that names the task which a message belongs to. */
export const RELATED = 'io.modelcontextprotocol/related-task';
const TASKS: JsonObject = { cancel: {}, requests: { tools: { call: {} } } };
const CAPABILITIES: JsonObject = { tools: {}, tasks: TASKS };

/** A task as the server tells of it. */
export function task(status: string, more: JsonObject = {}): JsonObject {
  const at = '2026-01-01T00:00:00.000Z';
  return {
    taskId: 'T',
    status,
    createdAt: at,
    lastUpdatedAt: at,
    ttl: 3_600_000,
    pollInterval: 2_000,
    ...more,
  };
}

/** A server whose tool makes tasks, which are at each look what `looks` says; the last look stays. */
export function making(
  looks: readonly JsonValue[],
  more: Readonly<Record<string, Answer>> = {},
  { capabilities = CAPABILITIES, taskSupport = 'required', revision = '2025-11-25' } = {},
): Map<string, Answer> {
  let look = 0;
  return legacyAnswers(
    {
      'tools/list': () => ({
        tools: [{ name: 't', inputSchema: { type: 'object' }, execution: { taskSupport } }],
      }),
      'tools/call': (params) => ('task' in params ? { task: task('working') } : textResult('plain')),
      'tasks/get': () => looks[Math.min(look++, looks.length - 1)],
      'tasks/result': () => textResult('done', { _meta: { [RELATED]: { taskId: 'T' } } }),
      'tasks/cancel': () => task('cancelled'),
      ...more,
    },
    { capabilities, revision },
  );
}
