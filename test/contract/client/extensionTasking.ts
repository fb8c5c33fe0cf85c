/** A server of the stateless era whose calls become tasks. */

import assert from 'node:assert/strict';

import type { JsonObject } from '../../../src/base/json';
import { modernAnswers, paramsOf } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

/** A task as the server tells of it. */
export function task(status: string, more: JsonObject = {}): JsonObject {
  const at = '2026-08-01T00:00:00Z';
  return {
    ...{ taskId: 'T', status, createdAt: at, lastUpdatedAt: at, ttlMs: 3_600_000, pollIntervalMs: 1_000 },
    ...more,
  };
}

/** A server whose tasks are at each look what `looks` says; the last look stays. */
export function becoming(
  looks: readonly JsonObject[],
  more: Readonly<Record<string, Answer>> = {},
): Map<string, Answer> {
  let look = 0;
  return modernAnswers(
    {
      'tools/call': () => ({ resultType: 'task', ...task('working') }),
      'tasks/get': () => ({ resultType: 'complete', ...looks[Math.min(look++, looks.length - 1)] }),
      'tasks/update': () => ({ resultType: 'complete' }),
      'tasks/cancel': () => ({ resultType: 'complete' }),
      ...more,
    },
    { capabilities: { tools: {}, resources: {} } },
  );
}

/** The parameters of a request without its envelope, which it has to carry. */
export function bodyOf(frame: Parameters<typeof paramsOf>[0]): JsonObject {
  const { _meta, ...body } = paramsOf(frame);
  assert.ok(_meta, 'every request carries the envelope');
  return body;
}
