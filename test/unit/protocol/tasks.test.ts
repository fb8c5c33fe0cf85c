import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonValue } from '../../../src/base/json';
import { isTerminal, readTask, relatedTask, withRelatedTask } from '../../../src/protocol/tasks';

const CORE = {
  taskId: 'T',
  status: 'working',
  statusMessage: 'half',
  createdAt: '2026-01-01T00:00:00Z',
  lastUpdatedAt: '2026-01-01T00:00:01Z',
  ttl: 1_000,
  pollInterval: 5,
};

test('both wire forms are read into the same task, and neither takes the fields of the other', () => {
  const at = Date.UTC(2026, 0, 1);
  const task = { id: 'T', status: 'working', message: 'half', created: at, updated: at + 1_000 };
  assert.deepEqual(readTask(CORE, 'core'), { ok: true, value: { ...task, ttl: 1_000, pollMs: 5 } });
  assert.deepEqual(readTask(CORE, 'extension'), { ok: true, value: task });
  const { ttl: ttlMs, pollInterval: pollIntervalMs, ...rest } = CORE;
  assert.deepEqual(readTask({ ...rest, ttlMs, pollIntervalMs }, 'extension'), {
    ok: true,
    value: { ...task, ttl: 1_000, pollMs: 5 },
  });
});

test('what is malformed counts as absent, except for id and status', () => {
  for (const ttl of [null, -1, '1', {}] as const) {
    const read = readTask({ taskId: 'T', status: 'failed', ttl, pollInterval: ttl, createdAt: 'x' }, 'core');
    assert.deepEqual(read, { ok: true, value: { id: 'T', status: 'failed' } });
  }
  for (const bad of [undefined, null, {}, { taskId: 'T' }, { taskId: 'T', status: 'constructor' }])
    assert.equal(readTask(bad as JsonValue | undefined, 'core').ok, false);
  assert.equal(readTask({ taskId: 'x'.repeat(1_025), status: 'working' }, 'core').ok, false);
});

test('any JSON is read or refused within bounds', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string({ maxLength: 3_000 }), (given, text) => {
      readTask(given, 'core');
      const read = readTask({ ...CORE, statusMessage: text }, 'core');
      assert.ok(read.ok && (read.value.message ?? '').length <= 501);
    }),
  );
});

test('three of the five statuses are the end', () => {
  const ends = (['working', 'input_required', 'completed', 'failed', 'cancelled'] as const).filter((status) =>
    isTerminal({ status }),
  );
  assert.deepEqual(ends, ['completed', 'failed', 'cancelled']);
});

test('a message names its task beside what else its _meta holds', () => {
  const message = withRelatedTask({ a: 1, _meta: { b: 2 } }, 'T');
  assert.deepEqual(message, {
    a: 1,
    _meta: { b: 2, 'io.modelcontextprotocol/related-task': { taskId: 'T' } },
  });
  assert.equal(relatedTask(message), 'T');
  for (const other of [{}, { _meta: 1 }, { _meta: { 'io.modelcontextprotocol/related-task': 'T' } }])
    assert.equal(relatedTask(other), undefined);
});
