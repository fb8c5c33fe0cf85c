import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Deferred } from '../../../src/base/deferred';
import type { SamplingReply } from '../../../src/client/contract';
import type { RequestId } from '../../../src/protocol/jsonrpc';
import { ClientHarness, failureOf, idOf, legacyAnswers, modernAnswers } from '../../support/clientHarness';

const SILENT = { 'tools/call': (): undefined => undefined };
const RESULT = '{"content":[{"type":"text","text":"x"}]}';
const ERROR = '{"code":7,"message":"no"}';

/** Puts a line in front of the client as its server would. */
function write(harness: ClientHarness, line: string): void {
  harness.server.clientTransport.receive(line);
}

function lastCall(harness: ClientHarness): RequestId {
  return idOf(harness.sent('tools/call').at(-1));
}

test('an answer that is none fails its call at once instead of leaving it to its deadline', async () => {
  const forms: readonly (readonly [members: string, detail: string])[] = [
    [`"jsonrpc":"2.0","result":${RESULT},"error":${ERROR}`, 'both result and error'],
    ['"jsonrpc":"2.0"', 'neither method, result nor error'],
    [`"result":${RESULT}`, 'no "jsonrpc": "2.0"'],
    [`"jsonrpc":"1.0","error":${ERROR}`, 'no "jsonrpc": "2.0"'],
    [`"jsonrpc":2.0,"result":${RESULT}`, 'no "jsonrpc": "2.0"'],
  ];
  for (const answers of [legacyAnswers, modernAnswers]) {
    const harness = await ClientHarness.connected(answers(SILENT));
    for (const [members, detail] of forms) {
      const call = failureOf(harness.callTool());
      await harness.settle();
      write(harness, `{"id":${JSON.stringify(lastCall(harness))},${members}}`);
      assert.deepEqual(await call, { code: 'invalid-result', detail, mayHaveActed: true }, members);
    }
    assert.equal(harness.sent('notifications/cancelled').length, 0, 'the server has answered');
    assert.equal(harness.heard('wire').length, forms.length, 'each is told of');
    await harness.end();
  }
});

test('a member that is null beside the other is absent', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const fine = harness.callTool();
  await harness.settle();
  write(
    harness,
    `{"jsonrpc":"2.0","id":${String(lastCall(harness))},"method":null,"result":${RESULT},"error":null}`,
  );
  assert.equal((await fine).content.length, 1);
  const failed = failureOf(harness.callTool());
  await harness.settle();
  write(harness, `{"jsonrpc":"2.0","id":${String(lastCall(harness))},"result":null,"error":${ERROR}}`);
  assert.deepEqual(await failed, { code: 'server-error', rpcCode: 7, message: 'no' });
  assert.deepEqual(harness.heard('wire'), []);
  await harness.end();
});

test('params that are null are none, for requests and notifications', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  write(harness, '{"jsonrpc":"2.0","id":"p","method":"ping","params":null}');
  write(harness, '{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":null}');
  await harness.settle();
  assert.deepEqual(harness.responses, [{ jsonrpc: '2.0', id: 'p', result: {} }]);
  assert.deepEqual(harness.heard('listChanged'), [{ kind: 'tools' }]);
  await harness.end();
});

test('a malformed answer behind a good one, and a good one behind a malformed one, change nothing', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(SILENT));
  const first = harness.callTool();
  await harness.settle();
  const good = (id: RequestId): string => `{"jsonrpc":"2.0","id":${String(id)},"result":${RESULT}}`;
  const bad = (id: RequestId): string => `{"jsonrpc":"2.0","id":${String(id)}}`;
  write(harness, good(lastCall(harness)));
  write(harness, bad(lastCall(harness)));
  assert.equal((await first).isError, false);
  const second = failureOf(harness.callTool());
  await harness.settle();
  write(harness, bad(lastCall(harness)));
  write(harness, good(lastCall(harness)));
  write(harness, bad(lastCall(harness)));
  assert.equal((await second).code, 'invalid-result');
  await harness.settle();
  await harness.end();
});

test('a server that answers the probe with nonsense is asked to initialize without a wait', async () => {
  const answers = legacyAnswers();
  answers.set('server/discover', (_params, { id }) => {
    write(harness, `{"id":${String(id)},"error":${ERROR}}`);
    return undefined;
  });
  const harness = new ClientHarness(answers);
  assert.equal((await harness.connect()).negotiated.era, 'legacy');
  await harness.end();
});

test('a request that cannot be read is answered as invalid, in our own words', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  write(harness, '{"jsonrpc":"2.0","id":"a","method":5,"params":{"x":"CANARY"}}');
  write(harness, '{"jsonrpc":"2.0","id":"b","method":"ping","params":["CANARY"]}');
  write(harness, '{"id":"c","method":"CANARY"}');
  for (const line of [
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
    '{"jsonrpc":"2.0","method":5}',
    '{"level":"info","id":"d","message":"a log line"}',
  ])
    write(harness, line);
  await harness.settle();
  assert.deepEqual(
    harness.responses,
    ['method is not a string', 'params is not an object', 'no "jsonrpc": "2.0"'].map((reason, index) => ({
      jsonrpc: '2.0',
      id: ['a', 'b', 'c'][index],
      error: { code: -32600, message: `Invalid request: ${reason}.` },
    })),
  );
  assert.equal(harness.heard('wire').length, 7);
  await harness.end();
});

test('a request that is refused for its size is answered too', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const peer = harness.server.transport.peerHandlers;
  const detail = 'requests and notifications may have 8 MB';
  peer?.onRefused({ subject: { kind: 'request', id: 'big' }, bytes: 9_000_000, detail });
  peer?.onRefused({ bytes: 9_000_000, detail });
  await harness.settle();
  assert.deepEqual(harness.responses, [
    { jsonrpc: '2.0', id: 'big', error: { code: -32600, message: `Invalid request: ${detail}.` } },
  ]);
  await harness.end();
});

test('nothing is said for a request under an id that is being served', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  const reply = new Deferred<SamplingReply>();
  harness.serve.sample = () => reply.promise;
  const params = '{"messages":[{"role":"user","content":{"type":"text","text":"x"}}],"maxTokens":5}';
  write(harness, `{"jsonrpc":"2.0","id":"s","method":"sampling/createMessage","params":${params}}`);
  await harness.settle();
  write(harness, '{"jsonrpc":"2.0","id":"s","method":5}');
  await harness.settle();
  assert.deepEqual(harness.responses, []);
  reply.resolve({ kind: 'rejected' });
  await harness.settle();
  assert.deepEqual(harness.responses.map(idOf), ['s']);
  await harness.end();
});

test('a server of the stateless era is not answered, and one that takes no answers gets no more', async () => {
  const modern = await ClientHarness.connected(modernAnswers({}, { capabilities: {} }));
  write(modern, '{"jsonrpc":"2.0","id":"a","method":5}');
  await modern.settle();
  assert.deepEqual(modern.responses, []);
  await modern.end();
  const harness = await ClientHarness.connected(legacyAnswers());
  harness.server.clientTransport.isCongested = true;
  for (let index = 0; index < 5_000; index++) write(harness, `{"jsonrpc":"2.0","id":${index},"method":5}`);
  await harness.settle();
  const { length } = harness.responses;
  assert.ok(length >= 1_000 && length <= 1_050, `${length} answers wait`);
  await harness.end();
});
