import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { readToolCallResult } from '../../../src/protocol/readContent';
import { readPrompt, readResource, readResourceTemplate, readTool } from '../../../src/protocol/readItems';

const inline = (text: string) => ({ kind: 'inline', text }) as const;

const ITEMS = [
  ['a tool', readTool, { name: 'x', inputSchema: {} }],
  ['a resource', readResource, { uri: 'a:b', name: 'x' }],
  ['a template', readResourceTemplate, { uriTemplate: 'a:{b}', name: 'x' }],
  ['a prompt', readPrompt, { name: 'x' }],
] as const satisfies readonly (readonly [string, (raw: JsonValue) => unknown, JsonObject])[];

interface Found {
  readonly icons?: unknown;
  readonly meta?: unknown;
  readonly more?: unknown;
}

function extrasOf(read: (raw: JsonValue) => unknown, raw: JsonObject): Found {
  const result = read(raw) as { readonly ok: boolean; readonly value: Found };
  assert.ok(result.ok, 'the item stays, whatever its extras are');
  return result.value;
}

for (const [what, read, raw] of ITEMS) {
  test(`${what} keeps its icons and its _meta as data`, () => {
    const icons = [
      { src: 'https://a.test/i.png', mimeType: 'image/png', sizes: ['48x48', 'any'], theme: 'dark' },
      { src: 'data:image/png;base64,AA==' },
    ];
    const extras = extrasOf(read, { ...raw, icons, _meta: { 'com.example/a': { b: [1] } } });
    assert.deepEqual(extras.icons, icons);
    assert.equal(extras.meta, '{"com.example/a":{"b":[1]}}');
  });

  test(`${what} with odd icons and an odd _meta is used without them`, () => {
    for (const icons of [null, 'x', {}, [1], [null], [{ src: 7 }], [{ src: 'x'.repeat(20_000) }]])
      for (const _meta of [null, 'x', [], {}])
        assert.deepEqual(
          Object.keys(extrasOf(read, { ...raw, icons, _meta })).filter((key) => /icons|meta/.test(key)),
          [],
        );
  });

  test(`${what} with a _meta that is too large, or too much that nobody knows, says so`, () => {
    const { meta, more } = extrasOf(read, {
      ...raw,
      _meta: { a: 'x'.repeat(5_000) },
      b: Array.from({ length: 101 }, () => []),
    });
    assert.deepEqual([meta, more], ['"(more than can be shown)"', '"(more than can be shown)"']);
  });

  test(`${what} keeps what nobody knows of it as JSON, and nothing where there is none`, () => {
    assert.equal(
      extrasOf(read, { ...raw, title: 't', description: 'd', icons: [], _meta: {} }).more,
      undefined,
    );
    const odd = JSON.parse('{"future":[1],"__proto__":{"polluted":1}}') as JsonObject;
    assert.equal(extrasOf(read, { ...raw, ...odd }).more, '{"future":[1],"__proto__":{"polluted":1}}');
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
}

test('icons of other schemes than https and data are left out (ICON2)', () => {
  for (const src of [
    'http://a.test/i.png',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'ws://a.test',
    'command:x',
    ' https://a.test',
    '//a.test/i.png',
  ])
    assert.equal(extrasOf(readTool, { name: 'x', inputSchema: {}, icons: [{ src }] }).icons, undefined, src);
});

test('the addresses of all icons of an item are bounded together', () => {
  const icons = [7_000, 7_000, 7_000, 2_000].map((length) => ({ src: `data:,${'x'.repeat(length)}` }));
  const kept = extrasOf(readTool, { name: 'x', inputSchema: {}, icons }).icons as { src: string }[];
  assert.deepEqual(
    kept.map(({ src }) => src.length),
    [7_006, 7_006, 2_006],
  );
});

test('icons are bounded in number, size and hints', () => {
  const icons = Array.from({ length: 20 }, (_, index) => ({
    src: `https://a.test/${index}`,
    sizes: ['48x48', '', '1x1; x', 7],
    theme: 'neon',
  }));
  const kept = extrasOf(readTool, { name: 'x', inputSchema: {}, icons }).icons as object[];
  assert.equal(kept.length, 8);
  assert.deepEqual(kept[0], { src: 'https://a.test/0', sizes: ['48x48'] });
});

test('_meta of a result is kept, without the name that every result of the stateless era carries', () => {
  const serverInfo = { 'io.modelcontextprotocol/serverInfo': { name: 'x' } };
  assert.equal(readToolCallResult({ content: [], _meta: serverInfo }, inline).meta, undefined);
  assert.deepEqual(readToolCallResult({ content: [], _meta: { ...serverInfo, a: 1 } }, inline).meta, {
    kind: 'inline',
    text: '{\n  "a": 1\n}',
  });
  const hostile = JSON.parse('{"content":[],"_meta":{"__proto__":{"polluted":1}}}') as JsonObject;
  assert.match(JSON.stringify(readToolCallResult(hostile, inline).meta), /__proto__/);
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  const large = readToolCallResult({ content: [], _meta: { a: 'x'.repeat(70_000) } }, inline).meta;
  assert.ok(large?.kind === 'inline' && large.text.length < 100);
});
