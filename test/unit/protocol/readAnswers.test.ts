/** What resources and prompts answer with. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { ContentBlock, Text } from '../../../src/protocol/content';
import {
  readGetPromptResult,
  readReadResourceResult,
  type KeepText,
} from '../../../src/protocol/readContent';

const keep: KeepText = (text) => ({ kind: 'inline', text });

function inline(text: string): Text {
  return { kind: 'inline', text };
}

function unknown(reason: string, json: JsonValue): ContentBlock {
  return { type: 'unknown', reason, json: inline(JSON.stringify(json, null, 2)) };
}

test('a read may bring several contents under other addresses', () => {
  const result = readReadResourceResult(
    {
      contents: [
        { uri: 'a:1', text: 'x' },
        { uri: 'a:2', blob: '' },
      ],
    },
    keep,
  );
  assert.deepEqual(result, {
    ok: true,
    value: {
      contents: [
        { uri: 'a:1', body: { kind: 'text', text: inline('x') } },
        { uri: 'a:2', body: { kind: 'blob', data: new Uint8Array() } },
      ],
    },
  });
  for (const raw of [{}, { contents: {} }, { contents: [5] }, { contents: [{ uri: 'a:b' }] }] as JsonObject[])
    assert.equal(readReadResourceResult(raw, keep).ok, false);
});

test('contents that cannot be read are kept as JSON beside those that can', () => {
  const odd: JsonValue[] = [{ uri: 'a:2' }, 5, { uri: 'a:4', blob: '*' }];
  const read = readReadResourceResult({ contents: [{ uri: 'a:1', text: 'x' }, ...odd] }, keep);
  assert.ok(read.ok);
  const json = (raw: JsonValue) => ({ kind: 'text', text: inline(JSON.stringify(raw, null, 2)) });
  const mimeType = 'application/json';
  const neither = 'a resource content has neither text nor a valid blob';
  assert.deepEqual(read.value.contents, [
    { uri: 'a:1', body: { kind: 'text', text: inline('x') } },
    { uri: 'a:2', mimeType, malformed: neither, body: json({ uri: 'a:2' }) },
    { uri: 'a:1', mimeType, malformed: 'a resource content is not an object', body: json(5) },
    { uri: 'a:4', mimeType, malformed: neither, body: json({ uri: 'a:4', blob: '*' }) },
  ]);
  const behind = readReadResourceResult({ contents: [5, { uri: 'a:1', text: 'x' }] }, keep);
  assert.deepEqual(behind.ok && behind.value.contents.map(({ uri, malformed }) => [uri, malformed]), [
    ['a:1', 'a resource content is not an object'],
    ['a:1', undefined],
  ]);
  assert.ok(!readReadResourceResult({ contents: odd }, keep).ok, 'there is nothing of it to be seen');
  assert.ok(readReadResourceResult({ contents: [] }, keep).ok);
});

test('contents and messages beyond a thousand are kept as JSON', () => {
  const contents = Array.from({ length: 1_002 }, (_, index): JsonValue => ({ uri: `a:${index}`, text: 'x' }));
  const read = readReadResourceResult({ contents }, keep);
  assert.ok(read.ok);
  assert.equal(read.value.contents.length, 1_001);
  const rest = read.value.contents.at(-1);
  assert.equal(rest?.mimeType, 'application/json');
  assert.deepEqual(rest.body, { kind: 'text', text: inline(JSON.stringify(contents.slice(1_000), null, 2)) });
  const messages = Array.from({ length: 1_002 }, (): JsonValue => ({
    role: 'user',
    content: { type: 'text', text: 'x' },
  }));
  const prompt = readGetPromptResult({ messages }, keep);
  assert.ok(prompt.ok);
  assert.equal(prompt.value.messages.length, 1_001);
  assert.deepEqual(prompt.value.messages.at(-1)?.content, unknown('2 more messages', messages.slice(1_000)));
});

test('_meta of a read, of each of its contents and of a prompt is kept as JSON, and so is what nobody knows', () => {
  const _meta = { 'com.example/a': 1 };
  const serverInfo = { 'io.modelcontextprotocol/serverInfo': { name: 'x' } };
  const contents = [
    { uri: 'a:1', text: 'x', _meta, odd: [2] },
    { uri: 'a:2', text: 'y', _meta: {} },
  ];
  const read = readReadResourceResult({ contents, _meta: { ..._meta, ...serverInfo } }, keep);
  assert.ok(read.ok);
  const json = (value: JsonValue): Text => inline(JSON.stringify(value, null, 2));
  assert.deepEqual(read.value.meta, json(_meta));
  assert.deepEqual(
    read.value.contents.map(({ more }) => more),
    [json({ _meta, odd: [2] }), undefined],
  );
  const prompt = readGetPromptResult({ messages: [], _meta }, keep);
  assert.deepEqual(prompt.ok && prompt.value.meta, json(_meta));
  for (const empty of [{ messages: [] }, { messages: [], _meta: serverInfo }]) {
    const without = readGetPromptResult(empty, keep);
    assert.ok(without.ok && !('meta' in without.value));
  }
});

test('a prompt has messages of two roles only', () => {
  const text = { type: 'text', text: 'x' };
  const prompt = readGetPromptResult(
    { description: 'd'.repeat(9_999), messages: [{ role: 'user', content: text }, { role: 'assistant' }] },
    keep,
  );
  assert.deepEqual(prompt, {
    ok: true,
    value: {
      description: 'd'.repeat(2_000),
      messages: [
        { role: 'user', content: { type: 'text', text: inline('x') } },
        { role: 'assistant', content: unknown('not an object', null) },
      ],
    },
  });
  for (const role of ['system', 'User', null, 5] as JsonValue[])
    assert.equal(readGetPromptResult({ messages: [{ role, content: text }] }, keep).ok, false);
  assert.equal(readGetPromptResult({ messages: {} }, keep).ok, false);
});
