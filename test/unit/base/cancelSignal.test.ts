import assert from 'node:assert/strict';
import { test } from 'node:test';

import { abortSignalOf, Cancellation } from '../../../src/base/cancelSignal';

test('listeners are called once, in order, and only until they are removed', () => {
  const cancellation = new Cancellation();
  const heard: string[] = [];
  const listeners = ['a', 'b', 'c'].map((name) => () => void heard.push(name));
  for (const listener of listeners) cancellation.addEventListener('abort', listener);
  cancellation.removeEventListener('abort', listeners[1] ?? assert.fail());
  assert.equal(cancellation.aborted, false);
  cancellation.abort();
  cancellation.abort();
  assert.equal(cancellation.aborted, true);
  assert.deepEqual(heard, ['a', 'c']);
});

test('a listener that comes too late is not called, as with the platform', () => {
  const cancellation = new Cancellation();
  cancellation.abort();
  cancellation.addEventListener('abort', () => assert.fail('called'));
});

test('the only listener can be removed, and a stranger cannot take its place', () => {
  const cancellation = new Cancellation();
  const heard: string[] = [];
  const only = (): void => void heard.push('only');
  cancellation.addEventListener('abort', only);
  cancellation.removeEventListener('abort', () => undefined);
  cancellation.removeEventListener('abort', only);
  cancellation.abort();
  assert.deepEqual(heard, []);
});

test("the platform's signal follows, whenever it was made, and stays what it is where it is one already", () => {
  const [early, late] = [new Cancellation(), new Cancellation()];
  const signal = abortSignalOf(early);
  early.abort();
  late.abort();
  assert.deepEqual([signal.aborted, abortSignalOf(late).aborted], [true, true]);
  const own = new AbortController().signal;
  assert.equal(abortSignalOf(own), own);
});
