import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import { readSamplingRequest, writeSamplingAnswer } from '../../../src/protocol/readSampling';
import {
  plainParts,
  usesTools,
  type SamplingMessage,
  type SamplingRequest,
  type SamplingToolUse,
} from '../../../src/protocol/sampling';
import { recheckEdit } from '../../../src/protocol/samplingEdit';

const HELLO = { type: 'text', text: 'hello' };
const WEATHER = { name: 'weather', description: 'Looks outside', inputSchema: { type: 'object' } };
const USE = { type: 'tool_use', id: 'a', name: 'weather', input: { city: 'Bern' } };
const RESULT = { type: 'tool_result', toolUseId: 'a', content: [{ type: 'text', text: 'sunny' }] };

const user = (...content: readonly JsonValue[]): JsonObject => ({ role: 'user', content });
const assistant = (...content: readonly JsonValue[]): JsonObject => ({ role: 'assistant', content });

function read(more: JsonObject): ReturnType<typeof readSamplingRequest> {
  return readSamplingRequest({ messages: [user(HELLO)], maxTokens: 100, ...more }, { tools: true });
}

function value(more: JsonObject): SamplingRequest {
  const request = read(more);
  assert.ok(request.ok, request.ok ? '' : request.error);
  return request.value;
}

function errorOf(more: JsonObject): string {
  const request = read(more);
  return request.ok ? assert.fail('it was taken') : request.error;
}

test('tools are read with their schemas as text, and used by the model as it likes unless the server says otherwise', () => {
  assert.deepEqual(value({ tools: [WEATHER, { name: 'time', inputSchema: {} }] }).tools, {
    list: [
      { name: 'weather', description: 'Looks outside', inputSchema: '{"type":"object"}' },
      { name: 'time', inputSchema: '{}' },
    ],
    choice: 'auto',
  });
  for (const mode of ['auto', 'required', 'none'])
    assert.equal(value({ tools: [WEATHER], toolChoice: { mode } }).tools?.choice, mode);
  assert.equal(value({ tools: [WEATHER], toolChoice: {} }).tools?.choice, 'auto');
  for (const none of [{}, { tools: [] }, { toolChoice: { mode: 'none' } }])
    assert.equal('tools' in value(none), false);
});

test('tools that cannot be passed on as they are make a request invalid', () => {
  const cases: readonly (readonly [JsonObject, RegExp])[] = [
    [{ tools: {} }, /tools must be a list/],
    [
      { tools: Array.from({ length: 129 }, (_, index) => ({ ...WEATHER, name: `t${index}` })) },
      /at most 128/,
    ],
    [{ tools: [{ inputSchema: {} }] }, /no name/],
    [{ tools: [{ name: '', inputSchema: {} }] }, /no name/],
    [{ tools: [{ name: 'x'.repeat(257), inputSchema: {} }] }, /no name/],
    [{ tools: [{ name: 'a' }] }, /no schema/],
    [{ tools: [{ name: 'a', inputSchema: true }] }, /no schema/],
    [{ tools: [5] }, /no name/],
    [{ tools: [WEATHER, WEATHER] }, /same name/],
    [{ tools: [WEATHER], toolChoice: { mode: 'all' } }, /toolChoice must have a mode/],
    [{ tools: [WEATHER], toolChoice: 'auto' }, /toolChoice must have a mode/],
    [{ toolChoice: { mode: 'required' } }, /requires a tool/],
    [{ tools: [{ ...WEATHER, inputSchema: { x: 'y'.repeat(2_097_152) } }] }, /characters of text/],
  ];
  for (const [more, expected] of cases)
    assert.match(errorOf(more), expected, JSON.stringify(more).slice(0, 80));
});

test('uses and results of tools are read; what no model takes in a result is its JSON', () => {
  const link = { type: 'resource_link', uri: 'file:///x', name: 'x' };
  const { messages } = value({
    messages: [
      user(HELLO),
      assistant(HELLO, USE, { ...USE, id: 'b' }),
      user(
        { ...RESULT, isError: true, structuredContent: { a: 1 } },
        {
          type: 'tool_result',
          toolUseId: 'b',
          content: [link, { type: 'image', mimeType: 'image/png', data: 'AQ==' }],
        },
      ),
      assistant({ ...USE, id: 'c' }),
      user({ type: 'tool_result', toolUseId: 'c', content: [], structuredContent: { a: 1 } }),
    ],
  });
  assert.deepEqual(
    messages.slice(1).map(({ content }) => content),
    [
      [
        HELLO,
        { type: 'tool_use', id: 'a', name: 'weather', input: '{"city":"Bern"}' },
        { type: 'tool_use', id: 'b', name: 'weather', input: '{"city":"Bern"}' },
      ],
      [
        { type: 'tool_result', toolUseId: 'a', content: [{ type: 'text', text: 'sunny' }], isError: true },
        {
          type: 'tool_result',
          toolUseId: 'b',
          content: [
            { type: 'text', text: JSON.stringify(link) },
            { type: 'image', mimeType: 'image/png', data: Buffer.from([1]) },
          ],
          isError: false,
        },
      ],
      [{ type: 'tool_use', id: 'c', name: 'weather', input: '{"city":"Bern"}' }],
      [{ type: 'tool_result', toolUseId: 'c', content: [{ type: 'text', text: '{"a":1}' }], isError: false }],
    ].map((blocks) => blocks.map((block) => normal(block))),
  );
  assert.equal(plainParts({ messages }).length, 6);
});

/** Bytes in whatever class they come. */
function normal(block: object): object {
  return JSON.parse(JSON.stringify(block), (_key, item: unknown) => {
    const bytes = item as { readonly type?: unknown; readonly data?: unknown } | null;
    return bytes?.type === 'Buffer' ? Uint8Array.from(bytes.data as number[]) : item;
  }) as object;
}

test('each use is answered by one result in the next message of the user, which holds nothing else (SAMP8)', () => {
  const cases: readonly (readonly [readonly JsonObject[], RegExp])[] = [
    [[user(USE)], /message of the user holds a tool_use/],
    [[assistant(RESULT)], /message of the assistant holds a tool_result/],
    [[assistant(USE)], /not answered/],
    [[assistant(USE), user(HELLO)], /must be answered/],
    [[assistant(USE), assistant(HELLO), user(RESULT)], /must be answered/],
    [[assistant(USE), user(RESULT, HELLO)], /holds other blocks/],
    [[assistant(USE), user(RESULT, RESULT)], /must be answered/],
    [[assistant(USE), user({ ...RESULT, toolUseId: 'b' })], /must be answered/],
    [[assistant(USE, { ...USE, id: 'b' }), user(RESULT)], /must be answered/],
    [[assistant(USE, { ...USE, id: 'b' }), user(RESULT, RESULT)], /must be answered/],
    [[assistant(USE, USE), user(RESULT)], /same id/],
    [[user(RESULT)], /must be answered/],
    [[assistant(HELLO), user(RESULT)], /must be answered/],
    [[assistant(USE), user(RESULT), user(RESULT)], /must be answered/],
  ];
  for (const [messages, expected] of cases)
    assert.match(errorOf({ messages }), expected, JSON.stringify(messages));
  value({ messages: [assistant(USE), user(RESULT), assistant(USE), user(RESULT)] });
});

test('blocks of tools that are malformed are refused', () => {
  for (const block of [
    { ...USE, id: 5 },
    { ...USE, name: '' },
    { ...USE, input: '{}' },
    { ...USE, input: [] },
    { ...USE, id: 'x'.repeat(257) },
  ])
    assert.match(errorOf({ messages: [assistant(block), user(RESULT)] }), /tool_use block has no valid/);
  for (const block of [
    { ...RESULT, toolUseId: undefined },
    { ...RESULT, content: 'text' },
    { ...RESULT, content: Array.from({ length: 101 }, () => HELLO) },
  ])
    assert.match(errorOf({ messages: [assistant(USE), user(block)] }), /tool_result block has no valid/);
  assert.match(errorOf({ messages: [assistant(USE), user({ ...RESULT, content: [USE] })] }), /of a type/);
});

test('whether a request needs a model that knows tools', () => {
  assert.equal(usesTools(value({})), false);
  assert.equal(usesTools(value({ tools: [WEATHER] })), true);
  assert.equal(usesTools(value({ messages: [assistant(USE), user(RESULT)] })), true);
});

test('an answer with uses of tools is a list of blocks, and the text is none of them when there is none', () => {
  const answer = {
    role: 'assistant',
    text: 'I look.',
    model: 'm',
    stopReason: 'toolUse',
    toolUses: [{ type: 'tool_use', id: 'a', name: 'weather', input: '{"city":"Bern"}' }],
  } as const;
  assert.deepEqual(writeSamplingAnswer(answer), {
    role: 'assistant',
    content: [{ type: 'text', text: 'I look.' }, USE],
    model: 'm',
    stopReason: 'toolUse',
  });
  assert.deepEqual(writeSamplingAnswer({ ...answer, text: '' })['content'], [USE]);
});

test('in an edit tools stay as they are, and uses and results keep their places', () => {
  const original = value({ tools: [WEATHER], messages: [user(HELLO), assistant(HELLO, USE), user(RESULT)] });
  const change = (messages: readonly SamplingMessage[]): ReturnType<typeof recheckEdit> =>
    recheckEdit(original, { ...original, tools: undefined as never, messages });
  const [, asked, answered] = original.messages;
  assert.ok(asked && answered);
  const use = asked.content.slice(1);
  const changed = [
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    { ...asked, content: use },
    answered,
  ] as const;
  assert.deepEqual(change(changed), { ok: true, value: { ...original, messages: changed } });
  const torn = change([answered]);
  assert.match(torn.ok ? '' : torn.error.message, /must be answered/);
  const other: SamplingToolUse = { type: 'tool_use', id: 'a', name: 'weather', input: '{}' };
  const forged: SamplingRequest = {
    ...original,
    messages: original.messages.map((message) =>
      message.role === 'assistant' ? { ...message, content: [other] } : message,
    ),
  };
  assert.equal(recheckEdit(original, forged).ok, false, 'a use that the server did not send');
});
