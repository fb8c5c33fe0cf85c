import assert from 'node:assert/strict';
import { test } from 'node:test';

import { StopSource, toAbortSignal } from '../../../src/base/stopSignal';

test('listeners hear an abort once, in order, unless they were taken away', () => {
  const source = new StopSource();
  const heard: string[] = [];
  const gone = (): void => void heard.push('gone');
  source.addEventListener('abort', () => heard.push('first'));
  source.addEventListener('abort', gone);
  source.addEventListener('abort', () => heard.push('second'));
  source.removeEventListener('abort', gone);
  assert.equal(source.aborted, false);
  source.abort();
  source.abort();
  source.addEventListener('abort', () => heard.push('late'));
  assert.deepEqual([source.aborted, heard], [true, ['first', 'second']]);
});

test('a listener that throws does not keep the others from hearing, and is not kept quiet', (t) => {
  const source = new StopSource();
  const rethrown: (() => void)[] = [];
  t.mock.method(globalThis, 'queueMicrotask', (task: () => void) => rethrown.push(task));
  let heard = false;
  source.addEventListener('abort', () => {
    throw new Error('a listener failed');
  });
  source.addEventListener('abort', () => (heard = true));
  source.abort();
  assert.equal(heard, true);
  assert.throws(() => rethrown[0]?.(), /a listener failed/);
});

test('a real signal follows, also one that comes late', () => {
  const source = new StopSource();
  const early = toAbortSignal(source);
  assert.equal(early.aborted, false);
  source.abort();
  assert.deepEqual([early.aborted, toAbortSignal(source).aborted], [true, true]);
});
