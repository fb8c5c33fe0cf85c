/** The context store: what goes in, in which order, how much, and what is kept of it. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import type { ContextSource, NewContextItem } from '../../../src/host/contextItems';
import { ContextStore } from '../../../src/host/contextStore';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

class World {
  readonly kept = new Map<string, unknown>();
  readonly watched: string[] = [];
  contextTokenBudget = 1_000;
  now = 1_000;
  changes = 0;

  open(): ContextStore {
    const store = new ContextStore(
      {
        memory: {
          get: (key) => this.kept.get(key),
          set: (key, value) => {
            if (value === undefined) this.kept.delete(key);
            // As an editor keeps it.
            else this.kept.set(key, JSON.parse(JSON.stringify(value)));
            return Promise.resolve();
          },
        },
        clock: { wall: () => this.now },
        machine: { sha256 },
        settings: this,
      },
      (serverId, uri) => {
        const key = `${serverId} ${uri}`;
        this.watched.push(key);
        return { dispose: () => void this.watched.splice(this.watched.indexOf(key), 1) };
      },
    );
    store.onDidChange(() => (this.changes += 1));
    return store;
  }
}

function item(source: ContextSource | string, text = 'text', serverId = 'user/one'): NewContextItem {
  return {
    serverId,
    serverName: serverId.slice(5),
    source: typeof source === 'string' ? { kind: 'resource', uri: source } : source,
    text,
  };
}

const uris = (store: ContextStore): string[] =>
  store.items().map(({ source }) => (source.kind === 'resource' ? source.uri : source.name));

function added(store: ContextStore, given: NewContextItem): string {
  const outcome = store.add(given);
  assert.ok(outcome.kind === 'added' || outcome.kind === 'replaced', outcome.kind);
  return outcome.item.id;
}

test('items stand in the order in which they came, with server, time and size', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1', 'x'.repeat(30)));
  world.now = 2_000;
  added(store, item({ kind: 'tool', name: 'search', given: '{}' }, 'abc', 'user/two'));
  assert.deepEqual(
    store.items().map(({ serverName, tokens, readAt, isStale }) => [serverName, tokens, readAt, isStale]),
    [
      ['one', 10, 1_000, false],
      ['two', 1, 2_000, false],
    ],
  );
  assert.deepEqual(store.size, { tokens: 11, budget: 1_000 });
});

test('the same source of the same server is one item, read anew in its old place', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1', 'old'));
  added(store, item('a:2'));
  world.now = 5_000;
  const outcome = store.add(item('a:1', 'new'));
  assert.equal(outcome.kind, 'replaced');
  assert.deepEqual(uris(store), ['a:1', 'a:2']);
  assert.deepEqual([store.items()[0]?.text, store.items()[0]?.readAt], ['new', 5_000]);
});

test('another server, another call or another kind is another item', () => {
  const store = new World().open();
  added(store, item('same'));
  added(store, item('same', 'text', 'user/two'));
  added(store, item({ kind: 'tool', name: 'same', given: '{}' }));
  added(store, item({ kind: 'tool', name: 'same', given: '{"a":1}' }));
  added(store, item({ kind: 'prompt', name: 'same', given: '{}' }));
  assert.equal(new Set(store.items().map(({ id }) => id)).size, 5);
});

test('what does not fit the budget is refused, and nothing goes to make room for it', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1', 'x'.repeat(2_700)));
  assert.deepEqual(store.add(item('a:2', 'x'.repeat(303))), { kind: 'too-large', tokens: 101, left: 100 });
  added(store, item('a:2', 'x'.repeat(300)));
  assert.deepEqual(uris(store), ['a:1', 'a:2']);
  assert.equal(store.size.tokens, 1_000);
});

test('an item that is read anew counts once, and may shrink when the budget was lowered', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1', 'x'.repeat(2_700)));
  assert.equal(store.add(item('a:1', 'x'.repeat(3_000))).kind, 'replaced');
  world.contextTokenBudget = 10;
  assert.equal(store.add(item('a:1', 'x'.repeat(1_500))).kind, 'replaced');
  assert.equal(store.add(item('a:1', 'x'.repeat(1_800))).kind, 'too-large');
  assert.equal(store.size.tokens, 500);
});

test('there are 200 items at most, however small', () => {
  const store = new World().open();
  for (let index = 0; index < 200; index++) added(store, item(`a:${index}`, ''));
  assert.deepEqual(store.add(item('a:200', '')), { kind: 'too-many', most: 200 });
  assert.equal(store.add(item('a:0', '')).kind, 'replaced');
});

test('a resource that its server calls changed is marked, once, until it is read again', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1'));
  added(store, item('a:1', 'text', 'user/two'));
  added(store, item({ kind: 'tool', name: 'a:1', given: '{}' }));
  const before = world.changes;
  store.changedResource('user/one', 'a:1');
  store.changedResource('user/one', 'a:1');
  store.changedResource('user/one', 'a:other');
  assert.deepEqual(
    store.items().map(({ isStale }) => isStale),
    [true, false, false],
  );
  assert.equal(world.changes, before + 1, 'told once');
  added(store, item('a:1', 'newer'));
  assert.equal(store.items()[0]?.isStale, false);
});

test('resources are watched while they are here, and nothing else is', () => {
  const world = new World();
  const store = world.open();
  const first = added(store, item('a:1'));
  added(store, item('a:1'));
  added(store, item('a:2'));
  added(store, item({ kind: 'prompt', name: 'p', given: '{}' }));
  assert.deepEqual(world.watched, ['user/one a:1', 'user/one a:2']);
  store.remove([first]);
  assert.deepEqual(world.watched, ['user/one a:2']);
  store.dispose();
  assert.deepEqual(world.watched, []);
});

test('items are moved in their order, in front of another one or to the end', () => {
  const store = new World().open();
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((uri) => added(store, item(uri)));
  store.move([d ?? '', b ?? ''], a);
  assert.deepEqual(uris(store), ['b', 'd', 'a', 'c']);
  store.move([b ?? ''], undefined);
  assert.deepEqual(uris(store), ['d', 'a', 'c', 'b']);
  store.move([c ?? ''], c);
  assert.deepEqual(uris(store).sort(), ['a', 'b', 'c', 'd'], 'nothing is lost');
});

test('what was cleared can be brought back, but for what is newer', () => {
  const store = new World().open();
  added(store, item('a:1', 'old'));
  added(store, item('a:2'));
  const before = store.clear();
  assert.deepEqual(store.items(), []);
  added(store, item('a:1', 'new'));
  store.restore(before);
  assert.deepEqual(uris(store), ['a:2', 'a:1']);
  assert.equal(store.items()[1]?.text, 'new');
});

test('a reload brings everything back as it was, and watches it again', () => {
  const world = new World();
  const store = world.open();
  added(store, item('a:1', 'one'));
  added(store, item({ kind: 'tool', name: 't', given: '{"a":1}' }, 'two', 'user/two'));
  store.changedResource('user/one', 'a:1');
  const before = store.items();
  store.dispose();
  assert.deepEqual(world.open().items(), before);
  assert.deepEqual(world.watched, ['user/one a:1']);
});

test('an empty context leaves nothing behind', () => {
  const world = new World();
  const store = world.open();
  store.remove([added(store, item('a:1'))]);
  assert.equal(world.kept.size, 0);
});

const good = { serverId: 's', serverName: 's', source: { kind: 'resource', uri: 'a' }, text: 't', readAt: 1 };
const DAMAGED: readonly (readonly [what: string, stored: unknown, left: number])[] = [
  ['no list', { a: 1 }, 0],
  ['an item that is none', [good, 7, null, 'x'], 1],
  ['no text', [{ ...good, text: 7 }, good], 1],
  ['no time', [{ ...good, readAt: 'now' }], 0],
  ['no server', [{ ...good, serverId: undefined }], 0],
  ['a source of another kind', [{ ...good, source: { kind: 'file', uri: '/etc/passwd' } }], 0],
  ['a tool without a name', [{ ...good, source: { kind: 'tool', given: '{}' } }], 0],
  ['an address beyond all measure', [{ ...good, source: { kind: 'resource', uri: 'x'.repeat(20_000) } }], 0],
  ['the same twice', [good, good], 1],
  [
    'too many',
    Array.from({ length: 300 }, (_, i) => ({ ...good, source: { kind: 'resource', uri: `${i}` } })),
    200,
  ],
];

for (const [what, stored, left] of DAMAGED)
  test(`what is kept is read with care: ${what}`, () => {
    const world = new World();
    world.kept.set('context', stored);
    assert.equal(world.open().items().length, left);
  });
