import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { isNotification, isRequest, isResponse, readMessage, subjectOf } from '../../../src/protocol/jsonrpc';

test('the four kinds of messages are read and told apart', () => {
  const messages = [
    [{ jsonrpc: '2.0', id: 1, method: 'm', params: { a: 1 } }, 'request'],
    [{ jsonrpc: '2.0', id: '1', method: 'm' }, 'request'],
    [{ jsonrpc: '2.0', method: 'm', params: {} }, 'notification'],
    [{ jsonrpc: '2.0', id: 0, result: null }, 'response'],
    [{ jsonrpc: '2.0', id: '', result: [] }, 'response'],
    [{ jsonrpc: '2.0', id: -7, error: { code: 1, message: 'm', data: { a: 1 } } }, 'response'],
    [{ jsonrpc: '2.0', error: { code: 1, message: 'm' } }, 'response'],
  ] as const;
  for (const [message, kind] of messages) {
    const read = readMessage(message);
    assert.ok(read.ok);
    assert.deepEqual(read.value, message);
    assert.deepEqual(
      [isRequest(read.value), isNotification(read.value), isResponse(read.value)],
      [kind === 'request', kind === 'notification', kind === 'response'],
    );
  }
});

test('what is no message is refused for a reason of ours', () => {
  const invalid: [unknown, string][] = [
    [null, 'not a JSON object'],
    [[], 'not a JSON object'],
    [{}, 'no "jsonrpc": "2.0"'],
    [{ jsonrpc: '1.0', id: 1, result: {} }, 'no "jsonrpc": "2.0"'],
    [{ jsonrpc: '2.0' }, 'neither method, result nor error'],
    [{ jsonrpc: '2.0', method: 5 }, 'method is not a string'],
    [{ jsonrpc: '2.0', method: 'm', params: [] }, 'params is not an object'],
    [{ jsonrpc: '2.0', id: 1, result: {}, error: {} }, 'both result and error'],
    ...[null, 1.5, {}, true, 2 ** 53, Number.NaN].flatMap((id): [unknown, string][] => [
      [{ jsonrpc: '2.0', id, method: 'm' }, 'id is not a string or integer'],
      [{ jsonrpc: '2.0', id, result: {} }, 'id is not a string or integer'],
    ]),
    [{ jsonrpc: '2.0', id: {}, error: { code: 1, message: 'm' } }, 'id is not a string or integer'],
  ];
  for (const [value, error] of invalid) assert.deepEqual(readMessage(value), { ok: false, error });
});

test('null counts as absent where the other member, or nothing, is meant', () => {
  const error = { code: 1, message: 'm' };
  const pairs: [object, object][] = [
    [
      { id: 1, method: 'm', params: null },
      { id: 1, method: 'm' },
    ],
    [{ method: 'm', params: null }, { method: 'm' }],
    [
      { id: 1, result: {}, error: null, method: null },
      { id: 1, result: {} },
    ],
    [
      { id: 1, result: null, error },
      { id: 1, error },
    ],
    [
      { id: 1, result: null, error: null },
      { id: 1, result: null },
    ],
  ];
  for (const [written, meant] of pairs)
    assert.deepEqual(readMessage({ jsonrpc: '2.0', ...written }), {
      ok: true,
      value: { jsonrpc: '2.0', ...meant },
    });
});

test('what is no message still says whom it concerns', () => {
  for (const member of [{ jsonrpc: '2.0' }, { result: null }, { error: null }])
    assert.deepEqual(subjectOf({ id: 1, ...member }), { kind: 'answer', id: 1 });
  assert.deepEqual(subjectOf({ id: 'a', result: {}, error: {}, method: null }), { kind: 'answer', id: 'a' });
  assert.deepEqual(subjectOf({ id: 'a', method: 5 }), { kind: 'request', id: 'a' });
  for (const value of [
    null,
    [],
    'x',
    {},
    { id: null, result: {} },
    { id: 1.5, result: {} },
    { id: 1, level: 'info' },
    Object.create({ id: 1, result: {} }),
  ])
    assert.equal(subjectOf(value), undefined);
});

test('inherited properties are not read', () => {
  const message: unknown = Object.create({ jsonrpc: '2.0', id: 1, result: {} });
  assert.equal(readMessage(message).ok, false);
});

test('an error is coerced and its message cut', () => {
  const read = (error: unknown): unknown => {
    const message = readMessage({ jsonrpc: '2.0', id: 1, error });
    return message.ok && 'error' in message.value ? message.value.error : undefined;
  };
  const malformed = { code: -32603, message: 'The server sent a malformed error.' };
  for (const error of [null, 5, 'x', [], {}, { code: '1', message: 5 }])
    assert.deepEqual(read(error), malformed);
  assert.deepEqual(read({ code: 5, message: 'm'.repeat(9_999) }), { code: 5, message: 'm'.repeat(2_000) });
  const halved = { code: 5, message: `${'m'.repeat(1_999)}😀` };
  assert.deepEqual(read(halved), { code: 5, message: 'm'.repeat(1_999) }, 'never within a character');
});

test('reading never throws, and keeps only known members', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (id, params, extra) => {
      const read = readMessage({ jsonrpc: '2.0', id, method: 'm', params, extra, __proto__: extra });
      if (read.ok)
        assert.deepEqual(
          Object.keys(read.value).filter((key) => key === 'extra'),
          [],
        );
    }),
  );
});
