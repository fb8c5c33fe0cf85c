import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { secretStore } from '../../../src/platform/storage';
import { EventEmitter } from '../../support/vscode';

type Store = Parameters<typeof secretStore>[0];

test('secrets are kept in the secret store of the editor, as they are, and its changes are told', async () => {
  const kept = new Map<string, string>();
  const changed = new EventEmitter<{ readonly key: string }>();
  const store = secretStore({
    onDidChange: changed.event,
    keys: () => Promise.resolve([...kept.keys()]),
    get: (key) => Promise.resolve(kept.get(key)),
    store: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(void kept.delete(key)),
  });
  const told: string[] = [];
  const listening = store.onDidChange((key) => told.push(key));
  await store.set('credentials/a', '{"token":"t"}');
  assert.deepEqual([...kept], [['credentials/a', '{"token":"t"}']]);
  assert.equal(await store.get('credentials/a'), '{"token":"t"}');
  assert.equal(await store.get('credentials/b'), undefined);
  await store.delete('credentials/a');
  assert.deepEqual([...kept], []);
  changed.fire({ key: 'credentials/c' });
  listening.dispose();
  changed.fire({ key: 'credentials/d' });
  assert.deepEqual(told, ['credentials/c']);
});

test('a secret store that fails or never answers is an error, and never "no secret" (T157)', async () => {
  const broken = (work: () => Promise<never>): Store => ({
    onDidChange: new EventEmitter<never>().event,
    ...{ keys: work, get: work, store: work, delete: work },
  });
  const uses = (store: ReturnType<typeof secretStore>): readonly Promise<unknown>[] => [
    store.get('a'),
    store.set('a', 'b'),
    store.delete('a'),
  ];
  for (const use of uses(secretStore(broken(() => Promise.reject(new Error('locked'))))))
    await assert.rejects(use, /locked/);
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    const open = uses(secretStore(broken(() => new Promise(() => undefined))));
    mock.timers.tick(10_000);
    for (const use of open) await assert.rejects(use, /does not answer/);
  } finally {
    mock.timers.reset();
  }
});
