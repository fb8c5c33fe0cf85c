/** Skills: which there are, what of them is read, and what is left out. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '../../../src/base/json';
import { ClientHarness, failureOf } from '../../support/clientHarness';
import { ScriptedError } from '../../support/scriptedServer';
import { acknowledge, endNewest } from './listening';
import { DECLARES, entry, FORMS, listed, MARKDOWN, open, serving, SUPPORT, URI } from './servingSkills';

for (const era of ['legacy', 'modern'] as const) {
  test(`skills of a ${era} server are listed without reading a file of theirs, and read verified`, async () => {
    const harness = await ClientHarness.connected(serving([entry()])[era]);
    const listing = await harness.host.request('list', { kind: 'skills' });
    assert.deepEqual(listing.items, [
      {
        uri: URI,
        name: 'pdf-processing',
        description: 'Fill PDF forms',
        files: [
          { path: 'SKILL.md', size: Buffer.byteLength(MARKDOWN) },
          { path: 'references/FORMS.md', size: Buffer.byteLength(SUPPORT) },
        ],
      },
    ]);
    assert.equal(harness.sent('resources/read').length, 0, 'nothing is fetched ahead of need');
    assert.deepEqual(await open(harness), [{ uri: URI, text: MARKDOWN }]);
    assert.deepEqual(await open(harness, 'references/FORMS.md'), [{ uri: FORMS, text: SUPPORT }]);
    await harness.end();
  });
}

test('a skill can be read while its list is read again and breaks off (T102)', async () => {
  let isBroken = false;
  const answers = serving([entry()]).legacy;
  answers.set('skills/list', ({ cursor }) => {
    if (cursor === undefined) return { skills: [], nextCursor: '2' };
    if (isBroken) throw new ScriptedError(-32000, 'no');
    return { skills: [entry()] };
  });
  const harness = await ClientHarness.connected(answers);
  assert.equal((await harness.host.request('list', { kind: 'skills' })).items.length, 1);
  isBroken = true;
  const again = await harness.host.request('relist', { kind: 'skills', known: undefined });
  assert.ok(again?.cut?.failure);
  assert.deepEqual(await open(harness), [{ uri: URI, text: MARKDOWN }]);
  await harness.end();
});

test('a server that does not declare skills is not asked for them', async () => {
  const harness = await ClientHarness.connected(serving([entry()], {}, { resources: {} }).modern);
  const { items } = await harness.host.request('list', { kind: 'skills' });
  assert.deepEqual([items, harness.sent('skills/list').length], [[], 0]);
  const failure = await failureOf(open(harness));
  assert.equal(failure.code, 'refused');
  assert.equal(harness.sent('resources/read').length, 0);
  await harness.end();
});

test('a file that the skill does not list is not asked for', async () => {
  const harness = await ClientHarness.connected(serving([entry()]).modern);
  await harness.host.request('list', { kind: 'skills' });
  for (const path of ['other.md', '../x/SKILL.md', '__proto__', ''])
    assert.equal((await failureOf(open(harness, path))).code, 'refused', path);
  assert.equal(harness.sent('resources/read').length, 0);
  await harness.end();
});

test('a dynamic skill has its frontmatter verified, and no other file is read', async () => {
  const harness = await ClientHarness.connected(serving([entry({ resources: 'dynamic' })]).modern);
  const { items } = await harness.host.request('list', { kind: 'skills' });
  assert.ok(items[0] && 'files' in items[0]);
  assert.equal(items[0].files, 'dynamic');
  assert.equal((await open(harness)).length, 1);
  assert.equal((await failureOf(open(harness, 'references/FORMS.md'))).code, 'refused');
  await harness.end();
});

test('a SKILL.md of more than a megabyte is refused, listed or not, and bars nothing', async () => {
  for (const more of [0, 1]) {
    const text = MARKDOWN.padEnd(1_048_576 + more, 'x');
    for (const resources of ['dynamic', [listed(URI, text), listed(FORMS, SUPPORT)]]) {
      const answers = serving([entry({ resources })], { [URI]: { text } });
      const harness = await ClientHarness.connected(answers.modern);
      await harness.host.request('list', { kind: 'skills' });
      const read = open(harness);
      if (more === 0) assert.equal((await read).length, 1);
      else {
        const failure = await failureOf(read);
        assert.ok(failure.code === 'refused' && failure.detail.includes('more than 1 MB'));
      }
      if (resources !== 'dynamic') assert.equal((await open(harness, 'references/FORMS.md')).length, 1);
      await harness.end();
    }
  }
});

test('entries that break a rule are rejected one by one, and cannot be read', async () => {
  const far = [
    'skill://other/x.md',
    'skill://pdf-processing-too/x.md',
    'https://elsewhere.example/references/x.md',
    'skill://pdf-processing/../other/x.md',
    'skill://pdf-processing/a/%2E%2e/x.md',
  ];
  const broken: readonly JsonValue[] = [
    null,
    entry({ uri: 'skill://pdf-processing/readme.md' }),
    entry({ frontmatter: { name: 'other', description: 'd' } }),
    entry({ frontmatter: { name: 'pdf-processing' } }),
    entry({ resources: [listed(FORMS, SUPPORT)] }),
    entry({ uri: 'skill://x/../pdf-processing/SKILL.md' }),
    ...far.map((uri) => entry({ resources: [listed(URI, MARKDOWN), listed(uri, '')] })),
    entry({ resources: [listed(URI, MARKDOWN), listed(FORMS, ''), listed(FORMS.replace('F', '%46'), '')] }),
    entry({ resources: [{ uri: URI, digest: 'sha256:abc', size: 1 }] }),
    entry({ resources: [{ ...listed(URI, MARKDOWN), size: 16_777_217 }] }),
    ...[-1, 1.5, String(Buffer.byteLength(MARKDOWN)), null].map((size) =>
      entry({ resources: [{ ...listed(URI, MARKDOWN), size }] }),
    ),
    entry({ resources: Array.from({ length: 513 }, (_, at) => listed(`skill://pdf-processing/${at}`, '')) }),
    entry({ frontmatter: { name: 'pdf-processing', description: 'd', more: 'x'.repeat(70_000) } }),
  ];
  const harness = await ClientHarness.connected(serving([...broken, entry()]).legacy);
  const { items, rejected } = await harness.host.request('list', { kind: 'skills' });
  assert.deepEqual(
    rejected.map(({ index }) => index),
    broken.map((_, index) => index),
    JSON.stringify(rejected),
  );
  assert.doesNotMatch(JSON.stringify(rejected), /listed twice/);
  assert.equal(items.length, 1);
  assert.equal((await open(harness)).length, 1);
  await harness.end();
});

test('skills beyond what can be kept are rejected', async () => {
  const many = Array.from({ length: 300 }, (_, index) => {
    const uri = `skill://s${index}/SKILL.md`;
    return {
      uri,
      frontmatter: { name: `s${index}`, description: 'd', more: 'x'.repeat(65_000) },
      resources: [listed(uri, '')],
    };
  });
  const harness = await ClientHarness.connected(serving(many).legacy);
  const { items, rejected } = await harness.host.request('list', { kind: 'skills' });
  assert.equal(items.length + rejected.length, 300);
  assert.ok(items.length > 200 && items.length < 260, `${items.length}`);
  await harness.end();
});

test('when resources change the skills are told to have changed too, where there are any', async () => {
  for (const [capabilities, kinds] of [
    [DECLARES, ['resources', 'skills', 'resourceTemplates']],
    [{ resources: {} }, ['resources', 'resourceTemplates']],
  ] as const) {
    const harness = await ClientHarness.connected(serving([], {}, capabilities).legacy);
    harness.server.notify('notifications/resources/list_changed');
    await harness.settle();
    assert.deepEqual(
      harness.heard('listChanged').map(({ kind }) => kind),
      kinds,
    );
    await harness.end();
  }
});

test('skills may have changed while there was no subscription, like the resources they are made of', async () => {
  const capabilities = { ...DECLARES, resources: { listChanged: true } };
  const harness = await ClientHarness.connected(serving([], {}, capabilities).modern);
  await endNewest(harness);
  await harness.pass(1_500);
  acknowledge(harness, { resourcesListChanged: true });
  await harness.settle();
  assert.deepEqual(
    harness.heard('listChanged').map(({ kind }) => kind),
    ['resources', 'skills', 'resourceTemplates'],
  );
  await harness.end();
});
