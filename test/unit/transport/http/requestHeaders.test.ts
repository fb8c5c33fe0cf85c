import assert from 'node:assert/strict';
import { test } from 'node:test';

import { postHeaders } from '../../../../src/transport/http/requestHeaders';

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

test('requests about a task name it in a header (HTTPM6)', () => {
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const params = { taskId: 'task-1', name: 'not this', _meta: MODERN };
    const headers = postHeaders({}, {}, { jsonrpc: '2.0', id: 1, method, params }, []);
    assert.deepEqual([headers['mcp-method'], headers['mcp-name']], [method, 'task-1']);
  }
});
