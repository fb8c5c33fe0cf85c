import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { LinkPort } from '../../../src/rpc/linkPort';
import { WaitingPort } from '../../../src/rpc/waitingPort';

/** A port that keeps what it is given. */
class Recorder implements LinkPort {
  readonly posted: unknown[] = [];
  handlers: Parameters<LinkPort['listen']>[0] | undefined;
  isClosed = false;

  post(batch: unknown): void {
    this.posted.push(batch);
  }

  listen(handlers: Parameters<LinkPort['listen']>[0]): void {
    this.handlers = handlers;
  }

  close(): void {
    this.isClosed = true;
  }
}

const nothing = { onBatch: () => undefined, onClose: () => undefined };

test('what is posted before the client is there goes first, as it was', () => {
  const port = new WaitingPort();
  const inner = new Recorder();
  port.listen(nothing);
  const list = [1];
  port.post(list, []);
  list.push(2);
  port.open(inner);
  port.post([3], []);
  assert.deepEqual(inner.posted, [[1], [3]]);
  assert.equal(inner.handlers, nothing);
});

test('what cannot be cloned is refused at once', () => {
  const port = new WaitingPort();
  assert.throws(() => port.post([() => undefined], []), { name: 'DataCloneError' });
});

test('whoever listens late hears the client', () => {
  const port = new WaitingPort();
  const inner = new Recorder();
  port.open(inner);
  port.listen(nothing);
  assert.equal(inner.handlers, nothing);
  port.close();
  assert.ok(inner.isClosed);
});

test('one that is closed before its client is there tells so once, and not while it is being closed', async () => {
  const port = new WaitingPort();
  const told: string[] = [];
  port.listen({ onBatch: () => undefined, onClose: (detail) => told.push(detail) });
  assert.equal(port.isClosed, false);
  port.close();
  port.close();
  assert.deepEqual([port.isClosed, told], [true, []]);
  await Promise.resolve();
  assert.deepEqual(told, ['it ended']);
});
