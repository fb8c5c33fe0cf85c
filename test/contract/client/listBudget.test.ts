import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { Listing, ListKind } from '../../../src/protocol/model';
import { ClientHarness, legacyAnswers } from '../../support/clientHarness';
import type { Answer } from '../../support/scriptedServer';

const BUDGET = 8_388_608;
const OVER = 'more than fits into 8 MB';

/** Skills are bounded entry by entry; their tests are elsewhere. */
type CoreKind = Exclude<ListKind, 'skills'>;

const LISTS: Readonly<Record<CoreKind, { readonly method: string; readonly property: string }>> = {
  tools: { method: 'tools/list', property: 'tools' },
  resources: { method: 'resources/list', property: 'resources' },
  resourceTemplates: { method: 'resources/templates/list', property: 'resourceTemplates' },
  prompts: { method: 'prompts/list', property: 'prompts' },
};

/** Each kind's entry `index` with texts as long as they may be. */
const FATTEST: Readonly<Record<CoreKind, (index: number) => JsonObject>> = {
  tools: (index) => ({ ...fatTexts(index), inputSchema: {} }),
  resources: (index) => ({ ...fatTexts(index), uri: `u:${'u'.repeat(8_000)}${index}` }),
  resourceTemplates: (index) => ({ ...fatTexts(index), uriTemplate: `u:${'u'.repeat(8_000)}${index}` }),
  prompts: (index) => ({
    ...fatTexts(index),
    arguments: Array.from({ length: 100 }, (_, at) => ({ ...fatTexts(at), name: `${at}${'n'.repeat(150)}` })),
  }),
};

function fatTexts(index: number): JsonObject {
  return {
    name: `${index}${'n'.repeat(1_000)}`,
    title: 't'.repeat(300),
    description: 'd'.repeat(4_096),
    mimeType: 'm'.repeat(200),
  };
}

/** Pages without end, each of `perPage` entries. */
function endless(property: string, perPage: number, make: (index: number) => JsonValue): Answer {
  return ({ cursor }) => {
    const page = Number(cursor ?? 0);
    const entries = Array.from({ length: perPage }, (_, at) => make(page * perPage + at));
    return { [property]: entries, nextCursor: String(page + 1) };
  };
}

/** Lists one kind. */
async function list(
  kind: CoreKind,
  perPage: number,
  make: (index: number) => JsonValue,
): Promise<{ listing: Listing; requests: number }> {
  const { method, property } = LISTS[kind];
  const harness = await ClientHarness.connected(
    legacyAnswers({ [method]: endless(property, perPage, make) }),
  );
  const listing = await harness.host.request('list', { kind });
  const requests = harness.sent(method).length;
  await harness.end();
  return { listing, requests };
}

/** Characters of all strings in a value. */
function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, child) => sum + charsOf(child), 0);
}

for (const kind of Object.keys(LISTS) as CoreKind[])
  test(`fat ${kind} are cut at eight million characters, and no further page is asked for`, async () => {
    const { listing, requests } = await list(kind, 100, FATTEST[kind]);
    assert.equal(listing.cut?.reason, OVER);
    const chars = charsOf([listing.items, listing.rejected]);
    assert.ok(chars <= BUDGET && chars > BUDGET * 0.6, `${chars} characters are kept`);
    assert.equal(requests, Math.ceil((listing.items.length + 1) / 100));
  });

test('small objects count beside their texts: many of them are dear to hand over', async () => {
  const { listing } = await list('prompts', 100, (index) => ({
    name: `p${index}`,
    arguments: Array.from({ length: 100 }, (_, at) => ({ name: String(at) })),
  }));
  assert.equal(listing.cut?.reason, OVER);
  assert.ok(listing.items.length > 100 && listing.items.length < 500, `${listing.items.length} prompts`);
});

test('what is rejected counts too', async () => {
  const { listing } = await list('resources', 100, (index) =>
    index < 600 ? FATTEST.resources(index) : { name: 'n'.repeat(500) },
  );
  assert.equal(listing.cut?.reason, OVER);
  assert.ok(listing.rejected.length > 0 && listing.rejected.length < 4_000, `${listing.rejected.length}`);
  assert.ok(charsOf(listing) <= BUDGET + 100);
});

test('a single page that holds too much is not taken for the whole list', async () => {
  const fat = Array.from({ length: 1_000 }, (_, index) => FATTEST.resources(index));
  const harness = await ClientHarness.connected(
    legacyAnswers({ 'resources/list': () => ({ resources: fat }) }),
  );
  const { items, cut } = await harness.host.request('list', { kind: 'resources' });
  assert.deepEqual([cut?.reason, items.length < fat.length], [OVER, true]);
  await harness.end();
});

test('cursors count too', async () => {
  const fat = Array.from({ length: 200 }, (_, index) => FATTEST.resources(index));
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/list': ({ cursor }) => ({
        resources: cursor === undefined ? fat : [],
        nextCursor: `${typeof cursor === 'string' ? Number(cursor) + 1 : 1}`.padStart(65_536, '0'),
      }),
    }),
  );
  const { cut } = await harness.host.request('list', { kind: 'resources' });
  assert.equal(cut?.reason, OVER);
  assert.ok(harness.sent('resources/list').length < 100);
  await harness.end();
});

test('an ordinary long list fits: five thousand entries with a description of 900 characters', async () => {
  for (const kind of ['tools', 'resources', 'resourceTemplates', 'prompts'] as const) {
    const { listing } = await list(kind, 500, (index) => ({
      name: `name-${index}`,
      uri: `file:///work/folder/${index}.txt`,
      uriTemplate: `file:///work/{folder}/${index}.txt`,
      description: 'd'.repeat(900),
      inputSchema: { type: 'object' },
      annotations: { audience: ['user'], readOnlyHint: true },
    }));
    assert.deepEqual([listing.items.length, listing.cut?.reason], [5_000, 'more than 5000 entries'], kind);
  }
});

test('all arguments of a prompt are kept by name, with texts while there is room', async () => {
  const { listing } = await list('prompts', 1, (index) =>
    index === 0
      ? FATTEST.prompts(0)
      : { name: `q${index}`, arguments: [{ name: 'n'.repeat(1_000) }, ...seventeen('m'.repeat(1_000))] },
  );
  const [prompt] = listing.items;
  assert.ok(prompt && 'arguments' in prompt);
  assert.equal(prompt.arguments.length, 100);
  const texts = prompt.arguments.map(({ title = '', description = '' }) => title.length + description.length);
  assert.equal(
    texts.reduce((sum, length) => sum + length),
    16_384,
  );
  assert.deepEqual(texts.slice(0, 2), [2_348, 2_348], 'the first ones are whole');
  assert.equal(texts.at(-1), 0);
  assert.deepEqual(listing.rejected[0]?.reason, 'has arguments whose names are too long together');
});

function seventeen(name: string): JsonValue[] {
  return Array.from({ length: 17 }, (_, at) => ({ name: `${name}${at}` }));
}

test('an audience is one of two, however often it is named', async () => {
  const audience = Array.from(
    { length: 100_000 },
    (_, index) => ['user', 'robot', 'assistant'][index % 3] ?? '',
  );
  const { listing } = await list('resources', 1, (index) => ({
    uri: `x:${index}`,
    name: 'n',
    annotations: { audience: index === 0 ? audience : ['robot'] },
  }));
  const audiences = listing.items.map(
    (item) => 'uri' in item && 'annotations' in item && item.annotations?.audience,
  );
  assert.deepEqual(audiences.slice(0, 2), [['user', 'assistant'], []]);
});
