import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ListItems } from '../../../src/protocol/model';
import { ClientHarness, legacyAnswers, modernAnswers, paramsOf } from '../../support/clientHarness';

const URIS = [
  'https://example.com/page',
  'file:///not/a/real/file',
  'git://repo/commit',
  'custom+x.1:opaque',
  'relative/odd',
];

test('resources of any scheme are listed, and read through their server only', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/list': () => ({ resources: URIS.map((uri) => ({ uri, name: uri })) }),
      'resources/read': ({ uri }) => ({ contents: [{ uri, text: 'x' }] }),
    }),
  );
  const { items } = await harness.host.request('list', { kind: 'resources' });
  assert.equal(items.length, URIS.length);
  for (const uri of URIS) {
    const { contents } = await harness.host.request('readResource', { callId: 1, uri });
    assert.equal(contents[0]?.uri, uri);
  }
  assert.deepEqual(
    harness.sent('resources/read').map((frame) => paramsOf(frame)['uri']),
    URIS,
  );
  await harness.end();
});

test('a read may bring parts under other addresses, a folder among them, as text and as bytes', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/read': () => ({
        contents: [
          { uri: 'test://folder/a', text: 'a' },
          { uri: 'test://folder/b', blob: 'AAEC', mimeType: 'application/octet-stream' },
          { uri: 'test://folder/sub', mimeType: 'inode/directory', text: '' },
        ],
      }),
    }),
  );
  const { contents } = await harness.host.request('readResource', { callId: 1, uri: 'test://folder' });
  assert.deepEqual(
    contents.map(({ uri, body, mimeType }) => [uri, body.kind, mimeType]),
    [
      ['test://folder/a', 'text', undefined],
      ['test://folder/b', 'blob', 'application/octet-stream'],
      ['test://folder/sub', 'text', 'inode/directory'],
    ],
  );
  const bytes = contents[1]?.body;
  assert.ok(bytes?.kind === 'blob');
  assert.deepEqual([...bytes.data], [0, 1, 2]);
  await harness.end();
});

test('hints about a resource are kept as far as they make sense, and decide nothing', async () => {
  const hinted = (annotations: object, more: object = {}): object => ({
    uri: `test://${JSON.stringify(annotations)}`,
    name: 'r',
    annotations,
    ...more,
  });
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/list': () =>
        JSON.parse(
          JSON.stringify({
            resources: [
              hinted(
                {
                  audience: ['assistant', 'user', 'robot'],
                  priority: 0.5,
                  lastModified: '2025-01-12T15:00:58Z',
                },
                { size: 12 },
              ),
              hinted({ audience: 'user', priority: 2, lastModified: 7 }, { size: -1 }),
              hinted({}),
            ],
          }),
        ) as object as Record<string, never>,
    }),
  );
  const { items, rejected } = await harness.host.request('list', { kind: 'resources' });
  assert.deepEqual(rejected, []);
  assert.deepEqual(
    (items as readonly ListItems['resources'][]).map(({ annotations, size }) => [annotations, size]),
    [
      [{ audience: ['user', 'assistant'], priority: 0.5, lastModified: '2025-01-12T15:00:58Z' }, 12],
      [{}, undefined],
      [{}, undefined],
    ],
  );
  await harness.end();
});

test('a server without pages is read with one request, and no size of a page is assumed', async () => {
  for (const count of [0, 1, 10, 1_000]) {
    const harness = await ClientHarness.connected(
      legacyAnswers({
        'resources/list': () => ({
          resources: Array.from({ length: count }, (_, index) => ({ uri: `test://${index}`, name: 'r' })),
        }),
      }),
    );
    const { items, cut } = await harness.host.request('list', { kind: 'resources' });
    assert.equal(items.length, count);
    assert.equal(cut, undefined);
    assert.equal(harness.sent('resources/list').length, 1);
    await harness.end();
  }
});

test('what a server does not let be watched is not watched, and can be read all the same', async () => {
  for (const answers of [legacyAnswers, modernAnswers]) {
    const harness = await ClientHarness.connected(
      answers({ 'resources/read': () => ({ contents: [] }) }, { capabilities: { resources: {} } }),
    );
    await harness.host.request('subscribe', { uri: 'test://r' });
    await harness.host.request('unsubscribe', { uri: 'test://r' });
    await harness.host.request('readResource', { callId: 1, uri: 'test://r' });
    for (const method of ['resources/subscribe', 'resources/unsubscribe', 'subscriptions/listen'])
      assert.equal(harness.sent(method).length, 0, method);
    await harness.end();
  }
});
