/** What a server of the stateless era allows to be used again, and when it is not (spec: server/utilities/caching). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject } from '../../../src/base/json';
import type { ListKind } from '../../../src/protocol/model';
import { failsSaying } from '../../support/failures';
import { ClientHarness, idOf, legacyAnswers, modernAnswers, paramsOf } from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

const FRESH: JsonObject = { resultType: 'complete', ttlMs: 60_000, cacheScope: 'private' };

/** Items that tell how often they were asked for. */
function counted(result: (count: number, params: JsonObject) => JsonObject): Answer {
  let count = 0;
  return (params) => ({ ...FRESH, ...result(++count, params) });
}

const LISTS: Record<string, Answer> = {
  'tools/list': counted((count) => ({
    tools: [{ name: `tool-${count}`, inputSchema: { type: 'object' } }],
  })),
  'prompts/list': counted((count) => ({ prompts: [{ name: `prompt-${count}` }] })),
  'resources/list': counted((count) => ({ resources: [{ uri: `a:${count}`, name: 'r' }] })),
  'resources/templates/list': counted((count) => ({
    resourceTemplates: [{ uriTemplate: `a:${count}`, name: 't' }],
  })),
};

const CHANGES = [
  ['tools', 'tools/list', 'notifications/tools/list_changed'],
  ['prompts', 'prompts/list', 'notifications/prompts/list_changed'],
  ['resources', 'resources/list', 'notifications/resources/list_changed'],
  ['resourceTemplates', 'resources/templates/list', 'notifications/resources/list_changed'],
] as const satisfies readonly (readonly [ListKind, string, string])[];

async function tell(harness: ClientHarness, method: string, params: JsonObject = {}): Promise<void> {
  const listens = harness.sent('subscriptions/listen');
  const subscriptionId = idOf(listens.at(-1));
  harness.server.notify(method, {
    ...params,
    _meta: { 'io.modelcontextprotocol/subscriptionId': subscriptionId },
  });
  await harness.settle();
}

function reading(more: Record<string, Answer> = {}): Map<string, Answer> {
  return modernAnswers({
    'resources/read': counted((count, { uri = '' }) => ({ contents: [{ uri, text: `read ${count}` }] })),
    ...more,
  });
}

async function read(harness: ClientHarness, uri: string, fresh = false): Promise<string> {
  const { contents } = await harness.host.request('readResource', { callId: 1, uri, fresh });
  const [first] = contents;
  assert.ok(first?.body.kind === 'text' && first.body.text.kind === 'inline');
  return first.body.text.text;
}

for (const [kind, method, change] of CHANGES)
  test(`${kind} are asked for once while they are fresh, and anew when time, a change or the person says so`, async () => {
    const harness = await ClientHarness.connected(modernAnswers(LISTS));
    const list = async (fresh = false): Promise<number> => {
      await harness.host.request('list', { kind, fresh });
      return harness.sent(method).length;
    };
    const before = await list();
    assert.equal(await list(), before, 'it is fresh');
    await harness.pass(59_999);
    assert.equal(await list(), before, 'still');
    await harness.pass(1);
    assert.equal(await list(), before + 1, 'its time is over');
    await tell(harness, change);
    assert.equal(await list(), before + 2, 'a change beats the time');
    assert.equal(await list(), before + 2);
    assert.equal(await list(true), before + 3, 'the person wants to know');
    assert.equal(await list(), before + 3, 'and what was found out then is kept');
    await harness.end();
  });

test('time that is over makes nobody ask: it is no timer', async () => {
  const harness = await ClientHarness.connected(modernAnswers(LISTS));
  await harness.host.request('list', { kind: 'tools' });
  await harness.pass(600_000);
  assert.equal(harness.sent('tools/list').length, 1);
  await harness.end();
});

test('a list that comes from what is kept describes its tools as well', async () => {
  const harness = await ClientHarness.connected(modernAnswers(LISTS));
  const first = await harness.host.request('list', { kind: 'tools' });
  assert.deepEqual(await harness.host.request('list', { kind: 'tools' }), first);
  const [tool] = first.items;
  assert.ok(tool && 'name' in tool);
  assert.equal((await harness.host.request('describeTool', { name: tool.name })).name, tool.name);
  await harness.end();
});

for (const [what, ttlMs] of [
  ['no time', undefined],
  ['zero', 0],
  ['a negative time', -1],
  ['a time that is a text', '60000'],
  ['no number at all', null],
] as const)
  test(`a result with ${what} is not used again (CACHE4)`, async () => {
    const harness = await ClientHarness.connected(
      modernAnswers({
        'tools/list': () => ({
          resultType: 'complete',
          tools: [],
          ...(ttlMs === undefined ? {} : { ttlMs }),
        }),
      }),
    );
    for (const expected of [1, 2]) {
      await harness.host.request('list', { kind: 'tools' });
      assert.equal(harness.sent('tools/list').length, expected);
    }
    await harness.end();
  });

test('the stateful era knows no such thing', async () => {
  const harness = await ClientHarness.connected(legacyAnswers(LISTS));
  for (const expected of [1, 2]) {
    await harness.host.request('list', { kind: 'tools' });
    assert.equal(harness.sent('tools/list').length, expected);
  }
  await harness.end();
});

test('pages are kept, and read anew from the first when one of them is no longer fresh (CACHE8)', async () => {
  const pages: Record<string, JsonObject> = {
    first: { ...FRESH, tools: [{ name: 'one', inputSchema: {} }], nextCursor: 'b' },
    b: { ...FRESH, ttlMs: 1_000, tools: [{ name: 'two', inputSchema: {} }] },
  };
  const harness = await ClientHarness.connected(
    modernAnswers({ 'tools/list': ({ cursor = 'first' }) => pages[cursor as string] }),
  );
  const list = async (): Promise<unknown[]> => {
    const from = harness.sent('tools/list').length;
    const { items } = await harness.host.request('list', { kind: 'tools' });
    assert.deepEqual(
      items.map((tool) => 'name' in tool && tool.name),
      ['one', 'two'],
      'each page under its own cursor (CACHE2)',
    );
    return harness
      .sent('tools/list')
      .slice(from)
      .map((frame) => paramsOf(frame)['cursor']);
  };
  assert.deepEqual(await list(), [undefined, 'b']);
  assert.deepEqual(await list(), []);
  await harness.pass(1_000);
  assert.deepEqual(await list(), [undefined, 'b'], 'pages of two times would make no list');
  await harness.end();
});

test('a resource is read once while it is fresh, each for itself', async () => {
  const harness = await ClientHarness.connected(reading());
  assert.equal(await read(harness, 'a:one'), 'read 1');
  assert.equal(await read(harness, 'a:one'), 'read 1');
  assert.equal(await read(harness, 'a:two'), 'read 2');
  assert.equal(await read(harness, 'a:one', true), 'read 3');
  assert.equal(await read(harness, 'a:one'), 'read 3');
  await harness.pass(60_000);
  assert.equal(await read(harness, 'a:one'), 'read 4');
  await harness.end();
});

test('an update of a resource beats its time, also of what lies above and below it', async () => {
  const harness = await ClientHarness.connected(reading());
  await harness.host.request('subscribe', { uri: 'a:/dir' });
  for (const uri of ['a:/dir', 'a:/dir/file', 'a:/other']) await read(harness, uri);
  await tell(harness, 'notifications/resources/updated', { uri: 'a:/dir/file' });
  assert.equal(await read(harness, 'a:/dir'), 'read 4');
  assert.equal(await read(harness, 'a:/dir/file'), 'read 5');
  assert.equal(await read(harness, 'a:/other'), 'read 3');
  await tell(harness, 'notifications/resources/updated', { uri: 'a:/dir' });
  assert.equal(await read(harness, 'a:/dir/file'), 'read 6');
  await harness.end();
});

test('an answer that was on its way when the change was told is not kept', async () => {
  let release: ((result: JsonObject) => void) | undefined;
  const answers = reading({
    'resources/read': () => new Promise<JsonObject>((resolve) => (release = resolve)),
  });
  const harness = await ClientHarness.connected(answers);
  await harness.host.request('subscribe', { uri: 'a:b' });
  const first = read(harness, 'a:b');
  await harness.settle();
  await tell(harness, 'notifications/resources/updated', { uri: 'a:b' });
  release?.({ ...FRESH, contents: [{ uri: 'a:b', text: 'old' }] });
  assert.equal(await first, 'old');
  answers.set('resources/read', () => ({ ...FRESH, contents: [{ uri: 'a:b', text: 'new' }] }));
  assert.equal(await read(harness, 'a:b'), 'new');
  await harness.end();
});

test('what was made with inputs is not kept (CACHE3)', async () => {
  const harness = await ClientHarness.connected(
    reading({
      'resources/read': counted((count, params) =>
        'requestState' in params
          ? { contents: [{ uri: 'a:b', text: `made ${count}` }] }
          : {
              resultType: 'input_required',
              requestState: 's',
              inputRequests: { r: { method: 'roots/list' } },
            },
      ),
    }),
  );
  assert.equal(await read(harness, 'a:b'), 'made 2');
  assert.equal(await read(harness, 'a:b'), 'made 4');
  await harness.end();
});

test('an error is not kept, and does not spoil what comes after it', async () => {
  const answers = reading({
    'resources/read': () => {
      throw new ScriptedError(-32602, 'no');
    },
  });
  const harness = await ClientHarness.connected(answers);
  await failsSaying(read(harness, 'a:b'), /-32602/);
  answers.set('resources/read', () => ({ ...FRESH, contents: [{ uri: 'a:b', text: 'there' }] }));
  assert.equal(await read(harness, 'a:b'), 'there');
  await harness.end();
});

test('after a gap in the subscription nothing that was kept counts', async () => {
  const harness = await ClientHarness.connected(modernAnswers(LISTS));
  await harness.host.request('list', { kind: 'tools' });
  const before = harness.sent('tools/list').length;
  harness.server.respond(idOf(harness.sent('subscriptions/listen')[0]), { resultType: 'complete' });
  await harness.pass(1_200);
  await tell(harness, 'notifications/subscriptions/acknowledged', {
    notifications: { toolsListChanged: true },
  });
  await harness.host.request('list', { kind: 'tools' });
  assert.equal(harness.sent('tools/list').length, before + 1);
  await harness.end();
});

test('what a call does to a resource is the server’s to tell, and calls are never answered from what is kept', async () => {
  const harness = await ClientHarness.connected(
    reading({
      'tools/call': () => ({ ...FRESH, content: [] }),
      'prompts/get': () => ({ ...FRESH, messages: [] }),
    }),
  );
  await harness.callTool();
  await harness.callTool();
  for (const callId of [7, 8]) await harness.host.request('getPrompt', { callId, name: 'p', arguments: {} });
  assert.equal(harness.sent('tools/call').length, 2);
  assert.equal(harness.sent('prompts/get').length, 2);
  await harness.end();
});
