import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { cutListText } from '../../../src/presentation/serverTexts';
import { toFailure } from '../../../src/protocol/failure';
import type { Listing } from '../../../src/protocol/model';
import { ClientHarness, failureOf, legacyAnswers, paramsOf } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: 'object' }, ...more };
}

/** A tool list in pages; a page's cursor leads to the next one. */
function pages(...list: readonly { tools: JsonValue; nextCursor?: string }[]): Answer {
  return ({ cursor }) => {
    const index = cursor === undefined ? 0 : list.findIndex(({ nextCursor }) => nextCursor === cursor) + 1;
    return list[index] ?? { tools: [] };
  };
}

async function listing(answer: Answer): Promise<{ harness: ClientHarness }> {
  return { harness: await ClientHarness.connected(legacyAnswers({ 'tools/list': answer })) };
}

async function listTools(
  answer: Answer,
): Promise<{ names: string[]; rejected: readonly unknown[]; cut: Listing['cut']; requests: number }> {
  const { harness } = await listing(answer);
  const result = await harness.host.request('list', { kind: 'tools' });
  const requests = harness.sent('tools/list').length;
  await harness.end();
  const names = result.items.map((item) => ('name' in item ? item.name : ''));
  return { names, rejected: result.rejected, cut: result.cut, requests };
}

test('all pages are read, an empty cursor among them, and cursors go back as they came', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'tools/list': pages(
        { tools: [tool('a')], nextCursor: '' },
        { tools: [tool('b')], nextCursor: ' \u2028{"x":1}' },
        { tools: [], nextCursor: 'z' },
        { tools: [tool('c')] },
      ),
    }),
  );
  const result = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual(result, {
    kind: 'tools',
    items: [{ name: 'a' }, { name: 'b' }, { name: 'c' }],
    rejected: [],
  });
  assert.deepEqual(
    harness.sent('tools/list').map((frame) => paramsOf(frame)['cursor']),
    [undefined, '', ' \u2028{"x":1}', 'z'],
  );
  await harness.end();
});

test('an empty cursor that leads back to what is there already ends the list, which is whole', async () => {
  for (const empty of [true, false]) {
    const result = await listTools(({ cursor }) =>
      empty || cursor === 'z'
        ? { tools: [tool('b')], nextCursor: '' }
        : { tools: [tool('a')], nextCursor: 'z' },
    );
    assert.deepEqual(
      [result.names, result.rejected, result.cut, result.requests],
      empty ? [['b'], [], undefined, 2] : [['a', 'b'], [], undefined, 3],
    );
  }
});

test('a cursor that is no string ends the list, which is not whole then unless it is null', async () => {
  for (const [nextCursor, reason] of [
    [null, undefined],
    [5, 'a cursor that is no text'],
    [{}, 'a cursor that is no text'],
    [false, 'a cursor that is no text'],
  ] as const) {
    const { names, cut, requests } = await listTools(() => ({ tools: [tool('a')], nextCursor }));
    assert.deepEqual([names, cut?.reason, requests], [['a'], reason, 1]);
  }
});

test('a repeated cursor stops the list and keeps what came', async () => {
  const result = await listTools(({ cursor }) => ({
    tools: [tool(cursor === undefined ? 'tundefined' : 'tsame')],
    nextCursor: 'same',
  }));
  assert.deepEqual(result.names, ['tundefined', 'tsame']);
  assert.equal(result.cut?.reason, 'the server repeats a cursor');
});

test('endless pages stop at one hundred', async () => {
  let page = 0;
  const result = await listTools(() => ({ tools: [tool(`t${page}`)], nextCursor: `c${page++}` }));
  assert.equal(result.requests, 100);
  assert.equal(result.names.length, 100);
  assert.equal(result.cut?.reason, 'more than 100 pages');
});

test('a cursor that is too long stops the list', async () => {
  const result = await listTools(() => ({ tools: [tool('a')], nextCursor: 'c'.repeat(1_000_000) }));
  assert.deepEqual(
    [result.names, result.cut?.reason, result.requests],
    [['a'], 'a cursor that is too long', 1],
  );
});

test('a list is cut at five thousand entries, good or bad', async () => {
  const good = Array.from({ length: 100_000 }, (_, index) => tool(`t${index}`));
  const result = await listTools(() => ({ tools: good }));
  assert.deepEqual([result.names.length, result.cut?.reason], [5_000, 'more than 5000 entries']);
  const bad = await listTools(() => ({ tools: Array<JsonValue>(100_000).fill(null), nextCursor: 'x' }));
  assert.deepEqual([bad.names.length, bad.rejected.length, bad.requests], [0, 5_000, 1]);
});

test('a list that takes longer than thirty seconds is cut between pages', async () => {
  let page = 0;
  const { harness } = await listing(() => {
    harness.clock.advance(8_000);
    return { tools: [tool(`t${page}`)], nextCursor: `c${page++}` };
  });
  const result = await harness.host.request('list', { kind: 'tools' });
  assert.equal(result.items.length, 4);
  assert.equal(result.cut?.reason, 'not complete after 30 s');
  await harness.end();
});

test('a page that fails behind the first keeps what came, with a note without words of the server', async () => {
  const failing: Answer = ({ cursor }) => {
    if (cursor !== undefined) throw new ScriptedError(-32000, 'HOSTILE');
    return { tools: [tool('a')], nextCursor: 'x' };
  };
  const result = await listTools(failing);
  assert.deepEqual(result.names, ['a']);
  assert.equal(
    result.cut && cutListText(result.cut),
    'The list is incomplete: page 2 could not be read. The server answered with error -32000.',
  );
  const odd = await listTools(({ cursor }) =>
    cursor === undefined ? { tools: [tool('a')], nextCursor: 'x' } : { tools: 5 },
  );
  assert.deepEqual([odd.names, odd.cut?.reason], [['a'], 'page 2 is not a list']);
});

test('a first page that fails is an error', async () => {
  for (const [answer, code] of [
    [(): JsonValue => ({}), 'invalid-result'],
    [(): JsonValue => ({ tools: {} }), 'invalid-result'],
    [
      (): JsonValue => {
        throw new ScriptedError(1, 'x');
      },
      'server-error',
    ],
  ] as const) {
    const { harness } = await listing(answer);
    assert.equal((await failureOf(harness.host.request('list', { kind: 'tools' }))).code, code);
    await harness.end();
  }
});

test('a server with resources that does not know the request for templates has none', async () => {
  const listTemplates = async (code: number): Promise<unknown> => {
    const answer: Answer = () => {
      throw new ScriptedError(code, 'x');
    };
    const answers = legacyAnswers({ 'resources/templates/list': answer, 'resources/list': answer });
    const harness = await ClientHarness.connected(answers);
    const found = await harness.host
      .request('list', { kind: 'resourceTemplates' })
      .catch((error: unknown) => toFailure(error).code);
    assert.equal((await failureOf(harness.host.request('list', { kind: 'resources' }))).code, 'server-error');
    await harness.end();
    return found;
  };
  assert.deepEqual(await listTemplates(-32_601), { kind: 'resourceTemplates', items: [], rejected: [] });
  assert.equal(await listTemplates(-32_603), 'server-error');
});

test('cancelling a list ends it, in the middle too', async () => {
  const { harness } = await listing(({ cursor }) =>
    cursor === undefined ? { tools: [], nextCursor: 'x' } : undefined,
  );
  const abort = new AbortController();
  const list = failureOf(harness.host.request('list', { kind: 'tools' }, abort.signal));
  await harness.settle();
  assert.equal(harness.sent('tools/list').length, 2);
  abort.abort();
  assert.equal((await list).code, 'cancelled');
  await harness.settle();
  assert.equal(harness.sent('notifications/cancelled').length, 1);
  await harness.end();
});

test('malformed tools are told with place, name and reason, and the others are kept', async () => {
  const result = await listTools(() => ({
    tools: [
      tool('a'),
      null,
      tool('', {}),
      { name: 'no schema' },
      ...[null, [], 'object'].map((inputSchema) => ({ name: 'odd schema', inputSchema })),
      { name: 1, inputSchema: {} },
      tool('bad output', { outputSchema: [] }),
      tool('n'.repeat(2_000)),
      tool('a', { title: 'again' }),
      tool('no output', { outputSchema: null }),
      tool('odd texts', { description: {}, annotations: 'x', icons: {}, title: 5 }),
    ],
  }));
  assert.deepEqual(result.names, ['a', 'no output', 'odd texts']);
  assert.deepEqual(result.rejected, [
    { index: 1, reason: 'is not an object' },
    { index: 2, reason: 'has no name' },
    { index: 3, name: 'no schema', reason: 'has no inputSchema object' },
    ...[4, 5, 6].map((index) => ({ index, name: 'odd schema', reason: 'has no inputSchema object' })),
    { index: 7, reason: 'has no name' },
    { index: 8, name: 'bad output', reason: 'has an outputSchema that is not an object' },
    { index: 9, name: 'n'.repeat(200), reason: 'has a name of 2000 characters' },
    { index: 10, name: 'a', reason: 'is listed twice' },
  ]);
});

test('the other lists keep their good entries too', async () => {
  const harness = await ClientHarness.connected(
    legacyAnswers({
      'resources/list': () => ({
        resources: [
          { uri: 'a:b', name: 'A', size: -1, mimeType: 'm'.repeat(500) },
          { name: 'no uri' },
          { uri: 'a:b' },
          { uri: 'c:d', size: 5 },
        ],
      }),
      'resources/templates/list': () => ({ resourceTemplates: [{ uriTemplate: 'a:{x}' }, { uri: 'x' }] }),
      'prompts/list': () => ({
        prompts: [
          { name: 'p', arguments: [{ name: 'x', required: true }] },
          { name: 'q', arguments: [{}] },
          { name: 'r', arguments: {} },
        ],
      }),
    }),
  );
  const resources = await harness.host.request('list', { kind: 'resources' });
  assert.deepEqual(resources.items, [
    { uri: 'a:b', name: 'A', mimeType: 'm'.repeat(200) },
    { uri: 'c:d', name: 'c:d', size: 5 },
  ]);
  assert.deepEqual(
    resources.rejected.map(({ index, reason }) => [index, reason]),
    [
      [1, 'has no uri'],
      [2, 'is listed twice'],
    ],
  );
  const templates = await harness.host.request('list', { kind: 'resourceTemplates' });
  assert.deepEqual(templates.items, [{ uriTemplate: 'a:{x}', name: 'a:{x}' }]);
  assert.deepEqual(templates.rejected, [{ index: 1, reason: 'has no uriTemplate' }]);
  const prompts = await harness.host.request('list', { kind: 'prompts' });
  assert.deepEqual(prompts.items, [{ name: 'p', arguments: [{ name: 'x', required: true }] }]);
  assert.deepEqual(
    prompts.rejected.map(({ name }) => name),
    ['q', 'r'],
  );
  await harness.end();
});
