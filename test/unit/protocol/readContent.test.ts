import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { ContentBlock, Text } from '../../../src/protocol/content';
import {
  readBlock,
  readGetPromptResult,
  readToolCallResult,
  type KeepText,
} from '../../../src/protocol/readContent';

const keep: KeepText = (text) => ({ kind: 'inline', text });

function inline(text: string): Text {
  return { kind: 'inline', text };
}

function unknown(reason: string, json: JsonValue): ContentBlock {
  return { type: 'unknown', reason, json: inline(JSON.stringify(json, null, 2)) };
}

const BYTES = new Uint8Array([1, 2, 3]);

test('every kind of block is read', () => {
  const blocks: [JsonValue, ContentBlock][] = [
    [
      { type: 'text', text: 'é', _meta: {} },
      { type: 'text', text: inline('é') },
    ],
    [
      { type: 'text', text: '' },
      { type: 'text', text: inline('') },
    ],
    [
      { type: 'image', data: 'AQID', mimeType: 'image/png' },
      { type: 'image', data: BYTES, mimeType: 'image/png' },
    ],
    [
      { type: 'audio', data: 'AQID', mimeType: 'audio/wav' },
      { type: 'audio', data: BYTES, mimeType: 'audio/wav' },
    ],
    [
      { type: 'resource_link', uri: 'a:b', name: 'n', title: 't', description: 'd', mimeType: 'm' },
      { type: 'resource_link', uri: 'a:b', name: 'n', title: 't', description: 'd', mimeType: 'm' },
    ],
    [
      { type: 'resource_link', uri: 'a:b' },
      { type: 'resource_link', uri: 'a:b', name: 'a:b' },
    ],
    [
      { type: 'resource', resource: { uri: 'a:b', text: 'x', mimeType: 'm' } },
      {
        type: 'resource',
        contents: { uri: 'a:b', mimeType: 'm', body: { kind: 'text', text: inline('x') } },
      },
    ],
    [
      { type: 'resource', resource: { uri: 'a:b', blob: 'AQID' } },
      { type: 'resource', contents: { uri: 'a:b', body: { kind: 'blob', data: BYTES } } },
    ],
  ];
  for (const [raw, block] of blocks) assert.deepEqual(readBlock(raw, keep), block);
});

test('what is malformed or not known is kept as JSON with a reason', () => {
  const cases: [JsonValue, string][] = [
    [5, 'not an object'],
    [null, 'not an object'],
    [['x'], 'not an object'],
    [{}, 'unknown type'],
    [{ type: 'video', data: 'x' }, 'unknown type'],
    [{ type: '__proto__' }, 'unknown type'],
    [{ type: 'text' }, 'text without text'],
    [{ type: 'text', text: {} }, 'text without text'],
    [{ type: 'image', data: '***', mimeType: 'm' }, 'image without valid data and mimeType'],
    [{ type: 'audio', data: 'AQID' }, 'audio without valid data and mimeType'],
    [{ type: 'image' }, 'image without valid data and mimeType'],
    [{ type: 'resource_link' }, 'link without a usable uri'],
    [{ type: 'resource_link', uri: 'u'.repeat(9_000) }, 'link without a usable uri'],
    [{ type: 'resource' }, 'a resource content is not an object'],
    [{ type: 'resource', resource: { text: 'x' } }, 'a resource content has no usable uri'],
    [
      { type: 'resource', resource: { uri: 'a:b', blob: '*' } },
      'a resource content has neither text nor a valid blob',
    ],
  ];
  for (const [raw, reason] of cases) assert.deepEqual(readBlock(raw, keep), unknown(reason, raw));
});

test('what a block holds beside what is read of it is kept as JSON', () => {
  const annotations = { audience: ['user'], priority: 0.5 };
  const _meta = { 'com.example/a': [1] };
  const link = { type: 'resource_link', uri: 'a:b', name: 'n' };
  const cases: [JsonObject, JsonObject | undefined][] = [
    [
      { type: 'text', text: 'x', annotations, _meta, future: 1 },
      { annotations, _meta, future: 1 },
    ],
    [{ type: 'text', text: 'x', _meta: {}, annotations: {} }, undefined],
    [{ type: 'image', data: 'AQID', mimeType: 'image/png', _meta }, { _meta }],
    [{ type: 'audio', data: 'AQID', mimeType: 'audio/wav', annotations }, { annotations }],
    [
      { ...link, size: 5, icons: [{ src: 'https://a.test/i' }] },
      { size: 5, icons: [{ src: 'https://a.test/i' }] },
    ],
    [
      { type: 'resource', resource: { uri: 'a:b', text: 'x', mimeType: 'm', _meta }, annotations },
      { resource: { _meta }, annotations },
    ],
    [{ type: 'resource', resource: { uri: 'a:b', blob: 'AQID' }, _meta }, { _meta }],
    [{ type: 'resource', resource: { uri: 'a:b', text: 'x', _meta } }, { resource: { _meta } }],
  ];
  for (const [raw, more] of cases) {
    const block = readBlock(raw, keep);
    assert.ok(block.type !== 'unknown');
    assert.deepEqual(
      block.more?.kind === 'inline' ? JSON.parse(block.more.text) : block.more,
      more,
      JSON.stringify(raw),
    );
  }
  const large = readBlock({ type: 'text', text: 'x', _meta: { a: 'x'.repeat(70_000) } }, keep);
  assert.ok(large.type === 'text' && large.more?.kind === 'inline' && large.more.text.length < 100);
  const hostile = JSON.parse('{"type":"text","text":"x","__proto__":{"type":"image"}}') as JsonObject;
  assert.deepEqual(readBlock(hostile, keep), {
    type: 'text',
    text: inline('x'),
    more: inline('{\n  "__proto__": {\n    "type": "image"\n  }\n}'),
  });
});

test('long names and types are cut', () => {
  const block = readBlock(
    { type: 'resource_link', uri: 'a:b', name: 'n'.repeat(5_000), mimeType: 'm'.repeat(500) },
    keep,
  );
  assert.ok(block.type === 'resource_link');
  assert.deepEqual([block.name.length, block.mimeType?.length], [2_000, 200]);
});

test('content that is missing is empty, and content that is no list is kept', () => {
  assert.deepEqual(readToolCallResult({}, keep), { isError: false, content: [] });
  const result = readToolCallResult({ content: 'text' }, keep);
  assert.deepEqual(result.content, [unknown('content is not a list', 'text')]);
});

test('more than a thousand blocks are gathered in one', () => {
  const content = Array.from({ length: 100_000 }, (_, index): JsonValue => ({
    type: 'text',
    text: `${index}`,
  }));
  const result = readToolCallResult({ content }, keep);
  assert.equal(result.content.length, 1_001);
  const last = result.content.at(-1);
  assert.ok(last?.type === 'unknown' && last.json.kind === 'inline');
  assert.equal(last.reason, '99000 more blocks');
  assert.deepEqual(JSON.parse(last.json.text), content.slice(1_000));
});

test('structured content counts when it is there, whatever it is', () => {
  for (const structuredContent of [null, 0, false, '', [], {}, { a: 1 }] as JsonValue[])
    assert.deepEqual(
      readToolCallResult({ structuredContent }, keep).structured,
      inline(JSON.stringify(structuredContent, null, 2)),
    );
  assert.equal('structured' in readToolCallResult({ content: [] }, keep), false);
});

test('anything truthy is a failure of the tool', () => {
  for (const isError of [true, 1, 'false', {}, []] as JsonValue[])
    assert.equal(readToolCallResult({ isError }, keep).isError, true);
  for (const isError of [false, 0, '', null] as JsonValue[])
    assert.equal(readToolCallResult({ isError }, keep).isError, false);
});

test('members of a result that nobody knows are kept, and what every result carries is not', () => {
  const odd = { toolResult: 4, resultType: 'complete' };
  assert.deepEqual(readToolCallResult(odd, keep).more, inline('{\n  "toolResult": 4\n}'));
  const prompt = readGetPromptResult({ ...odd, messages: [], description: '' }, keep);
  assert.ok(prompt.ok);
  assert.deepEqual(prompt.value.more, inline('{\n  "toolResult": 4\n}'));
  const usual = { content: [], structuredContent: 1, isError: false, _meta: {}, resultType: 'complete' };
  assert.equal('more' in readToolCallResult(usual, keep), false);
});

test('prototype keys of a result are data', () => {
  const raw = JSON.parse(
    '{"__proto__":{"isError":true},"structuredContent":{"__proto__":1},"content":[]}',
  ) as JsonObject;
  const result = readToolCallResult(raw, keep);
  assert.equal(result.isError, false);
  assert.deepEqual(result.structured, inline('{\n  "__proto__": 1\n}'));
  assert.deepEqual(result.more, inline('{\n  "__proto__": {\n    "isError": true\n  }\n}'));
});
