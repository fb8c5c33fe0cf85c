import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { HostRequests, SamplingReply } from '../../../src/client/contract';
import type { JsonRpcResult } from '../../../src/protocol/jsonrpc';
import { CANARY, ClientHarness, idOf, legacyAnswers } from '../../support/clientHarness';
import { ANSWER, answerSamplings, errorOf, openSamplings, sampling, send, TEXT } from './asking';

const PNG = { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' };
const WAV = { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' };

test('a ping is answered with an empty object', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  send(harness, 0, 'ping');
  send(harness, '', 'ping', { anything: [1] });
  await harness.settle();
  assert.deepEqual(harness.responses, [
    { jsonrpc: '2.0', id: 0, result: {} },
    { jsonrpc: '2.0', id: '', result: {} },
  ]);
  await harness.end();
});

test('1 and "1" are two requests, each answered under its own id', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  for (let round = 0; round < 100; round++) {
    send(harness, 1, 'ping');
    send(harness, '1', 'ping');
    await harness.settle();
  }
  assert.deepEqual(
    harness.responses.map((answer) => ('id' in answer ? answer.id : 'none')),
    Array.from({ length: 100 }, () => [1, '1']).flat(),
  );
  assert.ok(
    harness.responses.every((answer) => 'result' in answer),
    'none was busy: nothing is left behind',
  );
  await harness.end();
});

test('unknown methods and features that were not declared do not exist', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(), {
    offers: { sampling: false, roots: false },
  });
  const methods = [
    'sampling/createMessage',
    'roots/list',
    'elicitation/create',
    'tasks/list',
    'tools/call',
    '',
    '__proto__',
    '$/cancelRequest',
    'constructor',
  ];
  for (const method of methods) {
    const answer = await harness.server.request(method, sampling());
    assert.deepEqual(errorOf(answer), { code: -32601, message: 'Method not found.' });
  }
  await harness.end();
});

test('roots are told as the host gives them', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const answer = await harness.server.request('roots/list');
  assert.deepEqual('result' in answer && answer.result, { roots: [{ uri: 'file:///work', name: 'work' }] });
  await harness.end();
});

test('a sampling request is answered with one block and only what is known', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const asked = answerSamplings(harness);
  const answer = await harness.server.request('sampling/createMessage', sampling());
  assert.deepEqual('result' in answer && answer.result, {
    role: 'assistant',
    content: { type: 'text', text: 'yes' },
    model: 'm',
  });
  assert.deepEqual(asked[0]?.origin, { kind: 'unattributed' });
  await harness.end();
});

test('images, audio and lists of blocks reach the host as bytes', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const asked = answerSamplings(harness);
  await harness.server.request('sampling/createMessage', sampling([TEXT, PNG, WAV] as JsonValue));
  assert.deepEqual(asked[0]?.request.messages[0]?.content, [
    TEXT,
    { type: 'image', mimeType: 'image/png', data: new Uint8Array(Buffer.from(PNG.data, 'base64')) },
    { type: 'audio', mimeType: 'audio/wav', data: new Uint8Array(Buffer.from(WAV.data, 'base64')) },
  ]);
  await harness.end();
});

test('invalid params are refused in our own words, and the host is not asked', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  let asked = 0;
  harness.serve.sample = () => Promise.reject(new Error(String(++asked)));
  const invalid: JsonObject[] = [
    {},
    { messages: 'x', maxTokens: 1 },
    { messages: [], maxTokens: 1 },
    sampling(TEXT, { maxTokens: 0 }),
    sampling(TEXT, { maxTokens: '5' }),
    sampling({ type: 'text' }),
    sampling({ type: 'tool_use', id: 'CANARY' }),
    sampling({ ...PNG, data: '***' }),
    sampling([]),
    sampling(null),
    { messages: [{ role: 'system', content: TEXT }], maxTokens: 1 },
    { messages: Array<JsonValue>(501).fill({ role: 'user', content: TEXT }), maxTokens: 1 },
    sampling(Array<JsonValue>(101).fill(TEXT)),
    sampling({ type: 'text', text: 'x'.repeat(8_388_609) }),
    sampling(TEXT, { tools: [] }),
    sampling(TEXT, { tools: null }),
    sampling(TEXT, { toolChoice: { mode: 'auto' } }),
  ];
  for (const params of invalid) {
    const error = errorOf(await harness.server.request('sampling/createMessage', params));
    assert.equal(error.code, -32602);
    assert.match(error.message, /^Invalid params: [a-zA-Z0-9 ]+\.$/);
  }
  assert.equal(asked, 0);
  await harness.end();
});

test('no and not available have their own errors', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const cases: [SamplingReply, JsonObject][] = [
    [{ kind: 'rejected' }, { code: -1, message: 'User rejected sampling request' }],
    [
      { kind: 'unavailable', message: 'No model.' },
      { code: -32603, message: 'No model.' },
    ],
  ];
  for (const [reply, error] of cases) {
    harness.serve.sample = () => Promise.resolve(reply);
    assert.deepEqual(errorOf(await harness.server.request('sampling/createMessage', sampling())), error);
  }
  await harness.end();
});

test('a crash of ours is a fixed error without message, path or stack', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const crash = (): Promise<never> => Promise.reject(new TypeError(`${CANARY} is not a function`));
  harness.serve.sample = crash;
  harness.serve.roots = () => {
    throw new Error(CANARY);
  };
  for (const method of ['sampling/createMessage', 'roots/list']) {
    const answer = await harness.server.request(method, sampling());
    assert.deepEqual(answer, {
      jsonrpc: '2.0',
      id: 'id' in answer ? answer.id : '',
      error: { code: -32603, message: 'Internal error.' },
    });
  }
  await harness.end();
});

test('an answer that cannot be written becomes the fixed error too', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { clientTransport } = harness.server;
  const write = clientTransport.send.bind(clientTransport);
  clientTransport.send = (message) => {
    if ('result' in message) throw new RangeError(CANARY);
    write(message);
  };
  const answer = await harness.server.request('ping');
  assert.deepEqual(errorOf(answer), { code: -32603, message: 'Internal error.' });
  await harness.end();
});

test('more than fifty requests at once are busy, and room is made as they end', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const roots = new Deferred<HostRequests['roots']['result']>();
  harness.serve.roots = () => roots.promise;
  const answers = Array.from({ length: 60 }, () => harness.server.request('roots/list'));
  for (const busy of await Promise.all(answers.slice(50)))
    assert.deepEqual(errorOf(busy), { code: -32000, message: 'Too many requests at once.' });
  roots.resolve([]);
  for (const served of await Promise.all(answers.slice(0, 50))) assert.ok('result' in served);
  assert.ok('result' in (await harness.server.request('ping')));
  await harness.end();
});

test('a second request with an id that is still served is dropped, and a later one is served', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const { replies } = openSamplings(harness);
  send(harness, 'same', 'sampling/createMessage', sampling());
  send(harness, 'same', 'ping');
  await harness.settle();
  assert.deepEqual(harness.responses, []);
  replies[0]?.resolve(ANSWER);
  await harness.settle();
  send(harness, 'same', 'ping');
  await harness.settle();
  assert.deepEqual(
    harness.responses.map((answer) => Object.keys((answer as JsonRpcResult).result as JsonObject).length),
    [3, 0],
  );
  await harness.end();
});

test('who takes no answers is soon not answered any more, and is again once it does', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const transport = harness.server.clientTransport;
  transport.isCongested = true;
  for (let request = 0; request < 10_000; request++) send(harness, request, 'ping');
  await harness.settle();
  const { length } = harness.responses;
  assert.ok(length >= 1_000 && length <= 1_050, `${length} answers wait`);
  transport.isCongested = false;
  send(harness, 'again', 'ping');
  await harness.settle();
  assert.equal(idOf(harness.responses.at(-1)), 'again');
  await harness.end();
});
