import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonRpcRequest, RequestId } from '../../../src/protocol/jsonrpc';
import { InboundRequests } from '../../../src/rpc/inboundRequests';

function request(id: RequestId): JsonRpcRequest {
  return { jsonrpc: '2.0', id, method: 'm' };
}

function keyOf(inbound: InboundRequests, id: RequestId): string {
  const admitted = inbound.admit(request(id));
  assert.ok(typeof admitted?.id === 'string', 'admitted');
  return admitted.id;
}

function answer(inbound: InboundRequests, key: string): RequestId | undefined {
  return inbound.settle({ jsonrpc: '2.0', id: key, result: {} })?.id;
}

test('ids come back with their type, and 1 is not "1"', () => {
  const inbound = new InboundRequests(() => undefined);
  const ids = [1, '1', 0, '', 'n1', 's1', '__proto__', -5];
  const keys = ids.map((id) => keyOf(inbound, id));
  assert.equal(new Set(keys).size, ids.length);
  assert.deepEqual(
    keys.map((key) => answer(inbound, key)),
    ids,
  );
});

test('a request is admitted once until it is answered', () => {
  const inbound = new InboundRequests(() => undefined);
  const key = keyOf(inbound, 1);
  assert.equal(inbound.admit(request(1)), undefined);
  answer(inbound, key);
  assert.equal(answer(inbound, key), undefined, 'a second answer goes nowhere');
  keyOf(inbound, 1);
});

test('the fifty-first is busy until one is answered', () => {
  const busy: RequestId[] = [];
  const inbound = new InboundRequests(({ id }) => busy.push(id));
  const keys = Array.from({ length: 50 }, (_, index) => keyOf(inbound, index));
  assert.equal(inbound.admit(request('more')), undefined);
  assert.deepEqual(busy, ['more']);
  answer(inbound, keys[0] ?? '');
  keyOf(inbound, 'more');
});

test('what is taken back is aborted and not answered, before or after it is begun', () => {
  const inbound = new InboundRequests(() => undefined);
  const [early, late] = [keyOf(inbound, 1), keyOf(inbound, 2)];
  inbound.cancel(1);
  const first = inbound.open(early).signal;
  const second = inbound.open(late).signal;
  assert.deepEqual([first.aborted, second.aborted], [true, false]);
  for (const id of [3, '2', null, undefined, {}, Number.NaN]) inbound.cancel(id);
  assert.equal(second.aborted, false);
  inbound.cancel(2);
  assert.equal(second.aborted, true);
  assert.deepEqual([answer(inbound, early), answer(inbound, late)], [undefined, undefined]);
  assert.equal(answer(inbound, keyOf(inbound, 1)), 1, 'the id is free again');
});

/** What aborts a request that is served, and one that waits until then. */
function abortedBy(end: (inbound: InboundRequests) => void): {
  inbound: InboundRequests;
  begun: string;
  waiting: string;
} {
  const inbound = new InboundRequests(() => undefined);
  const [begun, waiting] = [keyOf(inbound, 1), keyOf(inbound, 2)];
  const { signal } = inbound.open(begun);
  end(inbound);
  assert.equal(signal.aborted, true);
  assert.equal(inbound.open(waiting).signal.aborted, true);
  return { inbound, begun, waiting };
}

test('in a new session what was asked before is aborted and not answered, and its ids are other ones', () => {
  const { inbound, begun, waiting } = abortedBy((requests) => requests.beginSession(7));
  const again = keyOf(inbound, 1);
  assert.equal(inbound.open(again).signal.aborted, false);
  assert.deepEqual(
    [begun, waiting, again].map((key) => answer(inbound, key)),
    [undefined, undefined, 1],
  );
});

test('what comes on a stream of an earlier session is not admitted, and takes nothing back', () => {
  const inbound = new InboundRequests(() => undefined);
  inbound.beginSession(7);
  assert.equal(inbound.admit(request(1), 6), undefined);
  assert.ok(inbound.admit(request(1), 7));
  assert.ok(inbound.admit(request(2)), 'nobody knows of a stream');
  assert.deepEqual(
    [6, 7, undefined].map((during) => inbound.cancel(1, during)),
    [false, true, true],
  );
});

test('once everything is ignored nothing is admitted, served or answered', () => {
  const { inbound, begun, waiting } = abortedBy((requests) => requests.ignoreAll());
  assert.deepEqual([answer(inbound, begun), answer(inbound, waiting)], [undefined, undefined]);
  assert.equal(inbound.admit(request(3)), undefined);
});

test('what was never admitted is not served', () => {
  assert.equal(new InboundRequests(() => undefined).open('n1').signal.aborted, true);
});
