import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { CancelSignal } from '../../../src/base/cancelSignal';
import { Deferred } from '../../../src/base/deferred';
import { FailureError, type Failure } from '../../../src/protocol/failure';
import { Link } from '../../../src/rpc/link';
import { MemoryLinkPort } from '../../support/linkPair';

interface Requests {
  echo: { params: unknown; result: unknown };
  slow: { params: undefined; result: string };
}

interface Events {
  note: unknown;
}

type TestLink = Link<Requests, Requests, Events, Events>;

interface Side {
  readonly link: TestLink;
  readonly port: MemoryLinkPort;
  readonly notes: unknown[];
  readonly signals: CancelSignal[];
  readonly slow: Deferred<string>[];
  readonly closes: string[];
}

function side(port: MemoryLinkPort): Side {
  const notes: unknown[] = [];
  const signals: CancelSignal[] = [];
  const slow: Deferred<string>[] = [];
  const closes: string[] = [];
  const link: TestLink = new Link<Requests, Requests, Events, Events>(port, {
    requests: {
      echo: (params) => Promise.resolve(params),
      slow: (_params, signal) => {
        const answer = new Deferred<string>();
        signals.push(signal);
        slow.push(answer);
        return answer.promise;
      },
    },
    events: {
      note: (payload) => {
        if (payload === 'throw') throw new Error('a listener failed');
        notes.push(payload);
      },
    },
    onClose: (detail) => closes.push(detail),
  });
  return { link, port, notes, signals, slow, closes };
}

function pair(): readonly [Side, Side] {
  const [a, b] = MemoryLinkPort.pair();
  return [side(a), side(b)];
}

async function turns(count = 10): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}

async function failure(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  return assert.fail('it was fulfilled');
}

test('everything of one turn leaves in one post, in order', async () => {
  const [near, far] = pair();
  const answers = [near.link.request('echo', 1), near.link.request('echo', 2)];
  near.link.emit('note', 'a');
  await Promise.resolve();
  near.link.emit('note', 'b');
  assert.deepEqual(await Promise.all(answers), [1, 2]);
  const events = ['a', 'b'].map((payload) => ({ t: 'event', name: 'note', payload }));
  assert.deepEqual(
    near.port.posts.map(({ packets }) => packets),
    [[...[0, 1, 'echo', 1], ...[0, 2, 'echo', 2], ...events]],
  );
  assert.equal(far.port.posts.length, 1, 'and so do the answers');
  assert.deepEqual(far.notes, ['a', 'b']);
});

test('both directions work at once, and ids of the two do not meet', async () => {
  const [near, far] = pair();
  const results = await Promise.all([near.link.request('echo', 'x'), far.link.request('echo', 'y')]);
  assert.deepEqual(results, ['x', 'y']);
});

test('a failure crosses with its code, and any other error as internal', async () => {
  const [near, far] = pair();
  const calls = [
    failure(near.link.request('slow', undefined)),
    failure(near.link.request('slow', undefined)),
  ];
  await turns();
  far.slow[0]?.reject(new FailureError({ code: 'timeout', ms: 5, limit: 'idle' }));
  far.slow[1]?.reject(new Error('boom'));
  assert.deepEqual(await Promise.all(calls), [
    { code: 'timeout', ms: 5, limit: 'idle' },
    { code: 'internal', detail: 'boom' },
  ]);
});

test('cancelling rejects at once, aborts the handler, and drops the late answer', async () => {
  const [near, far] = pair();
  const abort = new AbortController();
  const call = failure(near.link.request('slow', undefined, abort.signal));
  await turns();
  abort.abort();
  abort.abort();
  assert.deepEqual(await call, { code: 'cancelled' });
  await turns();
  assert.deepEqual(
    far.signals.map(({ aborted }) => aborted),
    [true],
  );
  far.slow[0]?.resolve('late');
  await turns();
  assert.equal(await near.link.request('echo', 'fine'), 'fine');
  const sent = near.port.posts.flatMap(({ packets }) => packets);
  assert.deepEqual(
    sent.filter((packet) => typeof packet === 'object'),
    [{ t: 'cancel', id: 1 }],
  );
});

test('an aborted signal sends nothing, and an abort behind the answer neither', async () => {
  const [near] = pair();
  assert.deepEqual(await failure(near.link.request('echo', 1, AbortSignal.abort())), { code: 'cancelled' });
  assert.equal(near.port.posts.length, 0);
  const abort = new AbortController();
  await near.link.request('echo', 1, abort.signal);
  abort.abort();
  await turns();
  assert.equal(near.port.posts.length, 1);
});

test('a value that cannot be cloned fails alone', async () => {
  const [near, far] = pair();
  const good = near.link.request('echo', 'good');
  const bad = failure(near.link.request('echo', () => 'a function'));
  near.link.emit('note', Symbol('no'));
  near.link.emit('note', 'kept');
  assert.equal(await good, 'good');
  assert.deepEqual(await bad, { code: 'internal', detail: 'cannot cross the link (DataCloneError)' });
  assert.deepEqual(far.notes, ['kept']);
});

test('a result that cannot be cloned becomes the failure of its request', async () => {
  const [a, b] = MemoryLinkPort.pair();
  const near = side(a);
  new Link<Requests, Requests, Events, Events>(b, {
    requests: { echo: () => Promise.resolve(() => 'a function'), slow: () => Promise.resolve('fine') },
    events: { note: () => undefined },
    onClose: () => undefined,
  });
  const bad = failure(near.link.request('echo', 1));
  const good = near.link.request('slow', undefined);
  assert.equal((await bad).code, 'internal');
  assert.equal(await good, 'fine');
});

test('closing rejects what is pending on both sides, aborts what is served, and tells each side once', async () => {
  const [near, far] = pair();
  const calls = [failure(near.link.request('slow', undefined)), failure(far.link.request('slow', undefined))];
  await turns();
  near.link.close();
  near.link.close();
  assert.deepEqual(await Promise.all(calls), [{ code: 'connection-closed' }, { code: 'connection-closed' }]);
  await turns();
  assert.deepEqual([near.closes.length, far.closes.length], [1, 1]);
  assert.ok([...near.signals, ...far.signals].every(({ aborted }) => aborted));
  assert.deepEqual(await failure(near.link.request('echo', 1)), { code: 'connection-closed' });
  near.link.emit('note', 'late');
  far.slow[0]?.resolve('late');
  await turns();
  assert.deepEqual(far.notes, []);
});

test('what was queued leaves before a close', () => {
  const [near, far] = pair();
  near.link.emit('note', 'last words');
  near.link.close();
  assert.deepEqual(near.port.posts.length, 1);
  assert.deepEqual(far.notes, []);
});

test('an event that was on its way when this side closed is still heard, and nothing else is', async () => {
  let onBatch: (batch: unknown) => void = () => undefined;
  const posts: unknown[] = [];
  const heard: unknown[] = [];
  const link: TestLink = new Link<Requests, Requests, Events, Events>(
    {
      post: (batch) => posts.push(batch),
      listen: (handlers) => (onBatch = handlers.onBatch),
      close: () => undefined,
    },
    {
      requests: {
        echo: (params) => {
          heard.push(params);
          return Promise.resolve(params);
        },
        slow: () => Promise.resolve(''),
      },
      events: { note: (payload) => heard.push(payload) },
      onClose: () => undefined,
    },
  );
  const call = failure(link.request('slow', undefined));
  link.close();
  onBatch([
    ...[1, 1, undefined, 'late'],
    ...[0, 7, 'echo', 1],
    { t: 'event', name: 'note', payload: 'last words' },
  ]);
  assert.deepEqual(await call, { code: 'connection-closed' });
  await turns();
  assert.deepEqual(heard, ['last words']);
  assert.equal(posts.length, 1, 'and nothing is answered');
});

test('packets for nobody and packets behind the end are ignored', async () => {
  const [near, far] = pair();
  far.port.deliver([
    ...[1, 99, undefined, 1],
    { t: 'failure', id: 99, failure: { code: 'cancelled' } },
    { t: 'cancel', id: 99 },
  ]);
  const call = failure(near.link.request('slow', undefined));
  await turns();
  near.port.break('gone');
  assert.deepEqual(await call, { code: 'connection-closed' });
  near.port.deliver([{ t: 'event', name: 'note', payload: 1 }]);
  await turns();
  assert.deepEqual(near.notes, []);
  assert.deepEqual(near.closes, ['gone']);
});

test('a listener that throws does not cost the packets behind it, and is not kept quiet', async (t) => {
  const [near, far] = pair();
  const rethrown: (() => void)[] = [];
  t.mock.method(globalThis, 'queueMicrotask', (task: () => void) => rethrown.push(task));
  near.link.emit('note', 'throw');
  near.link.emit('note', 'behind');
  await turns();
  assert.deepEqual(far.notes, ['behind']);
  assert.equal(rethrown.length, 1);
  assert.throws(() => rethrown[0]?.(), /a listener failed/);
});

test('large buffers of results move, small and pooled ones are copied', async () => {
  const [a, b] = MemoryLinkPort.pair();
  const near = side(a);
  const large = new Uint8Array(100_000).fill(1);
  const small = new Uint8Array(100).fill(2);
  const shared = new Uint8Array(new ArrayBuffer(200_000), 50_000, 100_000).fill(3);
  new Link<Requests, Requests, Events, Events>(b, {
    requests: {
      echo: () =>
        Promise.resolve({
          content: [{ contents: { body: { data: large } } }, { data: small }, { data: shared }],
          again: large,
        }),
      slow: () => Promise.resolve(''),
    },
    events: { note: () => undefined },
    onClose: () => undefined,
  });
  const result = (await near.link.request('echo', 1)) as {
    content: [{ contents: { body: { data: Uint8Array } } }, { data: Uint8Array }, { data: Uint8Array }];
  };
  assert.deepEqual([large.byteLength, small.byteLength, shared.byteLength], [0, 100, 100_000]);
  assert.equal(b.posts[0]?.transfer.length, 1);
  assert.equal(result.content[0].contents.body.data.byteLength, 100_000);
  assert.equal(result.content[2].data[99_999], 3);
});

test('buffers of requests stay with their sender', async () => {
  const [near] = pair();
  const bytes = new Uint8Array(100_000);
  await near.link.request('echo', { bytes });
  assert.equal(bytes.byteLength, 100_000);
});
