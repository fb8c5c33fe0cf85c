import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Batch, readBatch, singly, transfersOf, type BatchReader } from '../../../src/rpc/batch';

const text = { kind: 'inline', text: 'hello' };
const plain = (given: string) => ({
  isError: false,
  content: [{ type: 'text', text: { kind: 'inline', text: given } }],
});

type Seen = readonly [kind: keyof BatchReader, ...values: readonly unknown[]];

/** What the other end reads of posted values. */
function read(posted: readonly unknown[]): readonly Seen[] {
  const seen: Seen[] = [];
  readBatch(structuredClone(posted), {
    request: (id, name, params) => seen.push(['request', id, name, params]),
    result: (id, value) => seen.push(['result', id, value]),
    packet: (packet) => seen.push(['packet', packet]),
  });
  return seen;
}

function taken(fill: (batch: Batch) => void): readonly unknown[] {
  const batch = new Batch();
  fill(batch);
  return batch.take();
}

for (const [name, result] of Object.entries({
  'one text': plain('hello'),
  'an empty text': plain(''),
  'a text of strange characters': plain('\u0000\ud800{"isError":false}'),
  'an error': { isError: true, content: [{ type: 'text', text }] },
  'no content': { isError: false, content: [] },
  'two texts': {
    isError: false,
    content: [
      { type: 'text', text },
      { type: 'text', text },
    ],
  },
  'structured content': { isError: false, content: [{ type: 'text', text }], structured: text },
  metadata: { isError: false, content: [{ type: 'text', text }], meta: text },
  'a block that says more': { isError: false, content: [{ type: 'text', text, more: 1 }] },
  'a text that says more': { isError: false, content: [{ type: 'text', text: { ...text, more: 1 } }] },
  'a held text': {
    isError: false,
    content: [{ type: 'text', text: { kind: 'held', handle: 1, bytes: 1, head: '' } }],
  },
  'an image': {
    isError: false,
    content: [{ type: 'image', mimeType: 'image/png', data: new Uint8Array([1]) }],
  },
  'another result': { items: [], more: false },
  'a text': 'hello',
  nothing: undefined,
  null: null,
}))
  test(`a result that is ${name} comes as it was`, () => {
    const posted = taken((batch) => batch.result(7, result));
    assert.deepEqual(read(posted), [['result', 7, result]]);
  });

const call = { callId: 3, name: 'echo', arguments: { path: 'a', deep: [{ b: null }] } };

for (const [name, params] of Object.entries({
  'a call': call,
  'a call without arguments': { callId: 3, name: 'echo', arguments: {} },
  'a call that says more': { ...call, more: 1 },
  'a call with one member missing': { callId: 3, name: 'echo', arguments: undefined },
  'three other members': { callId: 3, name: 'echo', uri: 'a' },
  'an object': { kind: 'tools' },
  nothing: undefined,
}))
  test(`params that are ${name} come as they were`, () => {
    const posted = taken((batch) => batch.request(1, 'callTool', params));
    assert.deepEqual(read(posted), [['request', 1, 'callTool', params]]);
  });

test('a call and a text lie in the batch as they are, with no object around them', () => {
  const posted = taken((batch) => {
    batch.request(1, 'callTool', call);
    batch.result(2, plain('hello'));
  });
  assert.deepEqual(
    posted.filter((value) => typeof value === 'object'),
    [call.arguments],
  );
});

const mixed = (): readonly unknown[] =>
  taken((batch) => {
    batch.request(1, 'callTool', call);
    batch.packet({ t: 'cancel', id: 9 });
    batch.result(2, plain('hello'));
    batch.result(3, { items: [] });
    batch.request(4, 'close', undefined);
    batch.packet({ t: 'event', name: 'said', payload: 1 });
  });

const SEEN: readonly Seen[] = [
  ['request', 1, 'callTool', call],
  ['packet', { t: 'cancel', id: 9 }],
  ['result', 2, plain('hello')],
  ['result', 3, { items: [] }],
  ['request', 4, 'close', undefined],
  ['packet', { t: 'event', name: 'said', payload: 1 }],
];

test('what is neither a call nor a text is not gone through: each byte of a slice would be a key', () => {
  const counting = {
    ownKeys: () => {
      throw new Error('its keys are asked for');
    },
  };
  const bytes = new Proxy(new Uint8Array(8), counting);
  const params = new Proxy({ data: 'x' }, counting);
  assert.deepEqual(
    taken((batch) => {
      batch.result(1, bytes);
      batch.request(2, 'saveCredentials', params);
    }).length,
    7,
  );
});

test('packets of all kinds are read in their order', () => {
  assert.deepEqual(read(mixed()), SEEN);
});

test('packets that are posted singly are the same packets', () => {
  assert.deepEqual(singly(mixed()).flatMap(read), SEEN);
});

test('a batch counts its packets and is empty when they are taken', () => {
  const batch = new Batch();
  batch.request(1, 'callTool', call);
  batch.result(2, plain('hello'));
  batch.packet({ t: 'cancel', id: 9 });
  assert.equal(batch.size, 3);
  batch.take();
  assert.equal(batch.size, 0);
  assert.deepEqual(batch.take(), []);
});

test('only large buffers of results move to the other side', () => {
  const large = new Uint8Array(100_000);
  const image = (data: Uint8Array) => ({ isError: false, content: [{ type: 'image', data }] });
  const posted = taken((batch) => {
    batch.result(1, image(new Uint8Array(10)));
    batch.request(2, 'other', { data: new Uint8Array(100_000) });
    batch.result(3, image(large));
  });
  assert.deepEqual(transfersOf(posted), [large.buffer]);
});
