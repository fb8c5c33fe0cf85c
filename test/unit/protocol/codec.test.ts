import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import { clientCapabilities, legacyCodec, modernCodec } from '../../../src/protocol/codec';
import { isModernErrorCode } from '../../../src/protocol/errorCodes';
import { describeFailure } from '../../../src/presentation/failureTexts';
import { FailureError, toFailure, type Failure } from '../../../src/protocol/failure';
import { ClientMethods } from '../../../src/protocol/methods';
import { readCapabilities, readStrings } from '../../../src/protocol/readServer';
import { isAtLeast, newestLegacy, newestModern } from '../../../src/protocol/revisions';

const INFO = { name: 'n', version: 'v' };
const OFFERS = { sampling: true, roots: true };
const modern = modernCodec('2026-07-28', INFO, OFFERS);

test('the stateful era dresses nothing', () => {
  const params = { a: 1 };
  assert.equal(legacyCodec.dress(params), params);
});

test('the stateless era adds its keys, keeps others, and lets nobody replace its own', () => {
  const dressed = modern.dress({
    a: 1,
    _meta: { progressToken: 3, 'io.modelcontextprotocol/protocolVersion': 'forged' },
  });
  assert.deepEqual(dressed, {
    a: 1,
    _meta: {
      progressToken: 3,
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {
        sampling: {},
        roots: {},
        extensions: { 'io.modelcontextprotocol/tasks': {} },
      },
      'io.modelcontextprotocol/clientInfo': INFO,
    },
  });
});

test('only the stateful era declares changes of roots', () => {
  assert.deepEqual(clientCapabilities(OFFERS, '2025-11-25'), { sampling: {}, roots: { listChanged: true } });
  assert.deepEqual(clientCapabilities(OFFERS, '2026-07-28'), {
    sampling: {},
    roots: {},
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  });
});

test('input requests are read with their own keys', () => {
  const raw = JSON.parse(
    '{"resultType":"input_required","inputRequests":{"__proto__":{"method":"roots/list"},"a":{"method":"m","params":{"x":1}}}}',
  ) as JsonObject;
  assert.deepEqual(modern.read(ClientMethods.toolsCall, raw), {
    kind: 'input-required',
    requests: [
      { key: '__proto__', method: 'roots/list', params: {} },
      { key: 'a', method: 'm', params: { x: 1 } },
    ],
  });
});

test('requests for input are valid for three methods only', () => {
  const raw = { resultType: 'input_required', requestState: 's' };
  const may = Object.values(ClientMethods)
    .filter((method) => modern.read(method, raw).kind === 'input-required')
    .map(({ method }) => method);
  assert.deepEqual(may, ['tools/call', 'resources/read', 'prompts/get']);
});

test('the stateful era knows no request for input', () => {
  const raw = { resultType: 'input_required' };
  assert.deepEqual(legacyCodec.read(ClientMethods.toolsCall, raw), { kind: 'complete', result: raw });
});

test('exactly three codes prove the stateless era', () => {
  for (let code = -32_800; code < 100; code++)
    assert.equal(isModernErrorCode(code), [-32020, -32021, -32022].includes(code));
});

test('revisions are chosen by age, and unknown ones never', () => {
  assert.equal(newestLegacy(['2024-11-05', '9999-01-01', '2025-06-18']), '2025-06-18');
  assert.equal(newestLegacy(['2026-07-28']), undefined);
  assert.equal(newestModern(['2025-11-25', '2026-07-28']), '2026-07-28');
  assert.equal(newestModern(['2025-11-25']), undefined);
  assert.equal(isAtLeast('2025-06-18', '2025-06-18'), true);
  assert.equal(isAtLeast('2025-03-26', '2025-06-18'), false);
});

test('lists of versions are bounded, and other things in them left out', () => {
  assert.equal(readStrings(Array<string>(1_000).fill('x'))?.length, 100);
  assert.deepEqual(readStrings(['a', 5, null, 'b'.repeat(1_000)]), ['a', 'b'.repeat(200)]);
  assert.equal(readStrings({}), undefined);
});

test('a capability is present when it is an object', () => {
  assert.deepEqual(
    readCapabilities({ tools: {}, resources: { subscribe: true }, completions: {}, prompts: 'x' }),
    {
      tools: { listChanged: false },
      resources: { listChanged: false, subscribe: true },
      completions: true,
      logging: false,
    },
  );
  assert.deepEqual(readCapabilities('x'), { completions: false, logging: false });
});

test('every failure has a sentence without words of the server', () => {
  const failures: Failure[] = [
    { code: 'connection-closed' },
    { code: 'connection-closed', exit: { code: 1, signal: null } },
    { code: 'spawn-failed', spawn: { reason: 'not-found', command: 'c', searched: [] } },
    { code: 'timeout', ms: 1_500, limit: 'idle' },
    { code: 'timeout', ms: 1_500, limit: 'total' },
    { code: 'cancelled' },
    { code: 'server-error', rpcCode: 5, message: 'HOSTILE', data: 'HOSTILE' },
    { code: 'unsupported-version', offered: ['x'] },
    { code: 'not-offered', feature: 'tools' },
    { code: 'message-refused', bytes: 2_000_000, detail: 'd' },
    { code: 'invalid-result', detail: 'd' },
    { code: 'refused', detail: 'A sentence.' },
    { code: 'internal', detail: 'd' },
  ];
  for (const failure of failures) {
    assert.match(describeFailure(failure), /^[A-Z"].+$/);
    assert.ok(!describeFailure(failure).includes('HOSTILE'));
    assert.equal(toFailure(new FailureError(failure)), failure);
  }
  assert.deepEqual(toFailure('text'), { code: 'internal', detail: 'unknown error' });
});
