import assert from 'node:assert/strict';
import { test } from 'node:test';

import { postHeaders, sessionHeaders } from '../../../../src/transport/http/requestHeaders';

const MODERN = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28' };

test('requests about a task name it in a header (HTTPM6)', () => {
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const params = { taskId: 'task-1', name: 'not this', _meta: MODERN };
    const headers = postHeaders({}, {}, { jsonrpc: '2.0', id: 1, method, params }, []);
    assert.deepEqual([headers['mcp-method'], headers['mcp-name']], [method, 'task-1']);
  }
});

test('what a request is about is named by its name or address, and only where the revision says so (HTTPM6)', () => {
  const params = { name: 'a name', uri: 'test://uri', taskId: 'no task', _meta: MODERN };
  const named = (method: string): string | undefined =>
    postHeaders({}, {}, { jsonrpc: '2.0', id: 1, method, params }, [])['mcp-name'];
  assert.deepEqual(['tools/call', 'prompts/get', 'resources/read'].map(named), [
    'a name',
    'a name',
    'test://uri',
  ]);
  assert.deepEqual(['tools/list', 'completion/complete', 'server/discover'].map(named), [
    undefined,
    undefined,
    undefined,
  ]);
});

test('what an entry configures replaces nothing that the protocol needs', () => {
  const configured = {
    Accept: 'text/html',
    'MCP-Protocol-Version': '1',
    'mcp-method': 'x',
    'Mcp-Session-Id': 'x',
  };
  const params = { _meta: MODERN };
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list', params } as const;
  const modern = postHeaders(configured, {}, message, []);
  assert.equal(modern['accept'], 'application/json, text/event-stream');
  assert.equal(modern['mcp-protocol-version'], '2026-07-28');
  assert.equal(modern['mcp-method'], 'tools/list');
  const session = { id: 's', negotiated: { era: 'legacy', revision: '2025-11-25' } } as const;
  const get = sessionHeaders(configured, session, [['accept', 'text/event-stream']]);
  assert.deepEqual(
    [get['accept'], get['mcp-protocol-version'], get['mcp-session-id']],
    ['text/event-stream', '2025-11-25', 's'],
  );
});
