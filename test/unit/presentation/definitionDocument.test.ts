import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { Result } from '../../../src/base/result';
import { definitionText, type Definition } from '../../../src/presentation/definitionDocument';
import { readPrompt, readResource, readResourceTemplate, readTool } from '../../../src/protocol/readItems';

type Reader = (raw: JsonValue) => Result<Definition, string>;

const extras: JsonObject = {
  icons: [{ src: 'data:image/png;base64,AA==', mimeType: 'image/png', sizes: ['48x48'], theme: 'dark' }],
  _meta: JSON.parse('{"com.example/a":{"b":[1,null]},"__proto__":{"c":2}}') as JsonObject,
};

const AS_WRITTEN: readonly (readonly [string, Reader, JsonObject])[] = [
  [
    'a tool',
    readTool,
    {
      name: 't',
      title: 'T',
      annotations: { readOnlyHint: true, costHint: 'high' },
      execution: { taskSupport: 'optional', where: ['here'] },
      inputSchema: { type: 'object' },
      outputSchema: { type: 'object' },
    },
  ],
  [
    'a resource',
    readResource,
    { uri: 'a:b', name: 'r', mimeType: 'text/plain', size: 3, annotations: { priority: 0.5, old: 1 } },
  ],
  ['a resource template', readResourceTemplate, { uriTemplate: 'a:{b}', name: 'rt', description: 'd' }],
  ['a prompt', readPrompt, { name: 'p', arguments: [{ name: 'x', required: true }] }],
];

function shown(read: Reader, raw: JsonObject): string {
  const item = read(raw);
  assert.ok(item.ok);
  return definitionText(item.value);
}

/** What no specification knows, under names that are ours among it. */
const UNKNOWN = JSON.parse(
  '{"com.example/x":{"y":[null]},"more":1,"meta":"m","withheld":["z"],"taskSupport":{},"__proto__":{"p":1}}',
) as JsonObject;

for (const [what, read, raw] of AS_WRITTEN)
  test(`the definition of ${what} is shown as its server wrote it, with icons, _meta and what nobody knows`, () => {
    const written = { ...raw, ...extras, ...UNKNOWN };
    const text = shown(read, written);
    assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(written)));
    assert.ok(text.endsWith('\n}\n'));
  });

test('a _meta, schemas and others that are too large are told of where they would be', () => {
  const text = shown(readResource, { uri: 'a:b', name: 'r', _meta: { a: 'x'.repeat(5_000) } });
  assert.match(text, /"_meta": "\(more than can be shown\)"/);
  const others = shown(readPrompt, { name: 'p', x: 'x'.repeat(5_000) });
  assert.deepEqual(JSON.parse(others), { name: 'p', arguments: [], '…': '(more than can be shown)' });
  const withheld = definitionText({
    name: 't',
    inputSchema: { type: 'object', additionalProperties: true },
    withheld: ['inputSchema', 'outputSchema'],
  });
  assert.deepEqual(JSON.parse(withheld), {
    name: 't',
    inputSchema: '(more than can be shown)',
    outputSchema: '(more than can be shown)',
  });
});

test('hidden characters of a definition are escapes', () => {
  const text = shown(readPrompt, { name: 'p', description: 'a\u202Eb', _meta: { ['k\u200B']: 1 } });
  assert.match(text, /a\\u202Eb/);
  assert.match(text, /k\\u200B/);
});
