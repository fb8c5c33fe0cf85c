import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';

import type { JsonRpcMessage } from '../../../src/protocol/jsonrpc';
import { LineWriter } from '../../../src/transport/lineWriter';

test('what is written is the JSON of each message, a line each, whatever it holds', async () => {
  const jsonrpc = '2.0';
  const messages: readonly JsonRpcMessage[] = [
    {
      jsonrpc,
      id: 0,
      method: 'tools/call',
      params: { name: 'a"b\n\u2028', arguments: { n: 1e21, '"': null } },
    },
    { jsonrpc, id: Number.MAX_SAFE_INTEGER, method: 'odd "method"\\', params: {} },
    { jsonrpc, id: 1, method: 'ping' },
    { jsonrpc, id: 'text', method: 'ping', params: { a: [true] } },
    { jsonrpc, method: 'notifications/initialized' },
    { jsonrpc, method: 'notifications/cancelled', params: { requestId: 3 } },
    { jsonrpc, id: 'x', result: { ok: true } },
    { jsonrpc, id: 2, error: { code: -32_601, message: 'no' } },
  ];
  const stream = new PassThrough();
  const writer = new LineWriter(stream, () => assert.fail('it is not dead'));
  for (const message of messages) writer.send(message);
  await new Promise<void>((resolve) => setImmediate(resolve));
  assert.equal(String(stream.read()), messages.map((message) => `${JSON.stringify(message)}\n`).join(''));
});
