/** Answers of authorization servers that one window leaves for another, in the secret store that they share. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CallbackRelay, type RelayStore } from '../../../src/platform/callbackRelay';
import { FakeClock } from '../../support/fakeClock';

const ADDRESS = 'vscode://pub.ext/callback?code=CANARY&state=s';

class Store implements RelayStore {
  readonly kept = new Map<string, string>([['credentials/1', 'of a server']]);

  keys(): Promise<string[]> {
    return Promise.resolve([...this.kept.keys()]);
  }

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.kept.get(key));
  }

  store(key: string, value: string): Promise<void> {
    this.kept.set(key, value);
    return Promise.resolve();
  }

  delete(key: string): Promise<void> {
    this.kept.delete(key);
    return Promise.resolve();
  }

  /** Keys but that of somebody else. */
  get redirects(): string[] {
    return [...this.kept.keys()].filter((key) => key !== 'credentials/1');
  }
}

/** Lets what follows from a timer come to its end. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test('an answer that one window leaves is taken once by the window that waits for its state (T085)', async () => {
  const store = new Store();
  const [one, two] = [new CallbackRelay(store, new FakeClock()), new CallbackRelay(store, new FakeClock())];
  await one.leave('s', ADDRESS);
  const [key = ''] = store.redirects;
  assert.deepEqual([two.isFor(key, 's'), two.isFor(key, 'other')], [true, false]);
  assert.equal(await two.take('other'), undefined);
  assert.equal(await two.take('s'), ADDRESS);
  assert.deepEqual([await two.take('s'), store.redirects], [undefined, []]);
});

test('an answer that nobody takes is gone after a minute', async () => {
  const [store, clock] = [new Store(), new FakeClock()];
  await new CallbackRelay(store, clock).leave('s', ADDRESS);
  clock.advance(59_999);
  await turns();
  assert.equal(store.redirects.length, 1);
  clock.advance(1);
  await turns();
  assert.deepEqual([store.redirects, store.kept.size], [[], 1]);
});

test('what a window left that was closed within the minute goes with the next one that opens', async () => {
  const store = new Store();
  const clock = new FakeClock();
  await new CallbackRelay(store, new FakeClock()).leave('s', ADDRESS);
  store.kept.set('redirect/0123', 'vscode://pub.ext/callback?code=CANARY&state=of+an+older+version');
  clock.advance(30_000);
  const opened = new CallbackRelay(store, clock);
  await opened.sweep();
  assert.equal(store.redirects.length, 1, 'one that may still be waited for stays');
  clock.advance(30_000);
  await turns();
  assert.deepEqual([store.redirects, clock.waiting], [[], 0]);

  await new CallbackRelay(store, clock).leave('s', ADDRESS);
  const setBack = new FakeClock();
  await new CallbackRelay(store, setBack).sweep();
  assert.deepEqual(
    [store.redirects, store.kept.size],
    [[], 1],
    'nor does a clock that was set back keep one',
  );
});

test('pages that cause answers without end fill no store', async () => {
  const store = new Store();
  const relay = new CallbackRelay(store, new FakeClock());
  await Promise.all(Array.from({ length: 100 }, (_, index) => relay.leave(`s${index}`, ADDRESS)));
  assert.equal(store.redirects.length, 8);
});

test('a store that does not work makes no noise', async () => {
  const store = new Store();
  store.keys = () => Promise.reject(new Error('locked'));
  const relay = new CallbackRelay(store, new FakeClock());
  await relay.sweep();
  await relay.leave('s', ADDRESS);
  assert.deepEqual(store.redirects, []);
});
