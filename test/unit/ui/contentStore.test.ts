import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContentStore } from '../../../src/ui/documents/contentStore';

const groupOf = (path: string): string => path.split('/', 3).join('/');
const bytes = (length: number): Uint8Array => new Uint8Array(length);

test('a change keeps the creation time and always moves the modification time on', () => {
  const store = new ContentStore(() => 5, groupOf);
  assert.equal(store.put('/r/1/a', bytes(1), 'mcp-json'), true);
  const first = store.get('/r/1/a');
  assert.equal(store.put('/r/1/a', bytes(2), undefined), false);
  const second = store.get('/r/1/a');
  assert.equal(second?.ctime, first?.ctime);
  assert.ok((second?.mtime ?? 0) > (first?.mtime ?? 0));
  assert.equal(second?.content.byteLength, 2);
});

test('when all is too large, the group used longest ago goes as a whole', () => {
  const store = new ContentStore(() => 0, groupOf, 100);
  store.put('/r/1/a', bytes(30), undefined);
  store.put('/r/1/b', bytes(10), undefined);
  store.put('/r/2/a', bytes(40), undefined);
  store.touch('/r/1/a');
  store.put('/r/3/a', bytes(50), undefined);
  assert.deepEqual(
    ['/r/1/a', '/r/1/b', '/r/2/a', '/r/3/a'].map((path) => store.get(path) !== undefined),
    [true, true, false, true],
  );
});

test('one document alone may be larger than the bound', () => {
  const store = new ContentStore(() => 0, groupOf, 100);
  store.put('/r/1/a', bytes(500), undefined);
  assert.ok(store.get('/r/1/a'));
});

test('what is removed no longer counts', () => {
  const store = new ContentStore(() => 0, groupOf, 100);
  store.put('/r/1/a', bytes(60), undefined);
  assert.equal(store.remove('/r/1/a'), true);
  assert.equal(store.remove('/r/1/a'), false);
  store.put('/r/2/a', bytes(60), undefined);
  store.removeGroup('/r/2');
  store.put('/r/3/a', bytes(60), undefined);
  store.put('/r/4/a', bytes(40), undefined);
  assert.ok(store.get('/r/3/a'));
});
