/** A server of the stateless era that tells of its tasks by itself (TASKX8). */

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { ClientHarness, idOf, modernAnswers, paramsOf } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const EXTENSION = { 'io.modelcontextprotocol/tasks': {} };
export const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
export const ROOTS = { method: 'roots/list' };

export function task(status: string, more: JsonObject = {}): JsonObject {
  return { taskId: 'T', status, ttlMs: 3_600_000, pollIntervalMs: 1_000, ...more };
}

export async function tasking(
  more: Readonly<Record<string, Answer>> = {},
  capabilities: JsonObject = { tools: { listChanged: true }, extensions: EXTENSION },
): Promise<ClientHarness> {
  let count = 0;
  return await ClientHarness.connected(
    modernAnswers(
      {
        'tools/call': () => ({
          resultType: 'task',
          ...task('working', count++ === 0 ? {} : { taskId: `T${count}` }),
        }),
        'tasks/get': ({ taskId }) => ({
          resultType: 'complete',
          ...task('working', { taskId: taskId ?? null }),
        }),
        'tasks/update': () => ({ resultType: 'complete' }),
        'tasks/cancel': () => ({ resultType: 'complete' }),
        ...more,
      },
      { capabilities },
    ),
  );
}

/** The subscriptions for tasks, in order, and what each is about. */
export function listens(harness: ClientHarness): { id: JsonValue; taskIds: JsonValue }[] {
  return harness
    .sent('subscriptions/listen')
    .map((frame) => ({ id: idOf(frame), ...(paramsOf(frame)['notifications'] as JsonObject) }))
    .flatMap((listen) => ('taskIds' in listen ? [listen as { id: JsonValue; taskIds: JsonValue }] : []));
}

export function acknowledge(harness: ClientHarness, agreed: JsonValue): void {
  tell(harness, 'notifications/subscriptions/acknowledged', { notifications: { taskIds: agreed } });
}

export function tell(harness: ClientHarness, method: string, params: JsonObject): void {
  const id = listens(harness).at(-1)?.id ?? 'none';
  harness.server.notify(method, { ...params, _meta: { [SUBSCRIPTION]: id } });
}

export function looks(harness: ClientHarness): JsonRpcMessage[] {
  return harness.sent('tasks/get');
}
