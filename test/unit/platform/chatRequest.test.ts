import assert from 'node:assert/strict';
import { test } from 'node:test';

import { whyNotSendable } from '../../../src/platform/endpoint/chatLimits';
import { toChatRequest } from '../../../src/platform/endpoint/chatRequest';
import type { SamplingContent, SamplingMessage } from '../../../src/protocol/sampling';
import { request } from '../../support/modelEndpoint';

const data = new Uint8Array([1, 2, 3]);
const text = (value: string): SamplingContent => ({ type: 'text', text: value });
const use = (id: string, name = 'weather'): SamplingContent => ({
  type: 'tool_use',
  id,
  name,
  input: '{"city":"Bern"}',
});
const result = (toolUseId: string, more: object = {}): SamplingContent => ({
  type: 'tool_result',
  toolUseId,
  content: [
    { type: 'text', text: 'sunny' },
    { type: 'text', text: 'warm' },
  ],
  isError: false,
  ...more,
});

function messagesOf(...messages: readonly SamplingMessage[]): unknown {
  return toChatRequest(request({ messages }), 'm')['messages'];
}

test('messages become those of the interface, in order, with nothing added and nothing left out', () => {
  assert.deepEqual(
    messagesOf(
      { role: 'user', content: [text('one')] },
      { role: 'assistant', content: [text('two'), text('three')] },
      {
        role: 'user',
        content: [
          text('look'),
          { type: 'image', mimeType: 'IMAGE/PNG', data },
          { type: 'audio', mimeType: 'audio/x-wav', data },
          { type: 'audio', mimeType: 'audio/mpeg', data },
        ],
      },
    ),
    [
      { role: 'user', content: 'one' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'two' },
          { type: 'text', text: 'three' },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } },
          { type: 'input_audio', input_audio: { data: 'AQID', format: 'wav' } },
          { type: 'input_audio', input_audio: { data: 'AQID', format: 'mp3' } },
        ],
      },
    ],
  );
});

test('uses of tools and their results become calls and messages of the role tool', () => {
  assert.deepEqual(
    messagesOf(
      { role: 'assistant', content: [text('I look.'), use('a'), use('b')] },
      { role: 'user', content: [result('a'), result('b', { isError: true })] },
      { role: 'assistant', content: [use('c')] },
      { role: 'user', content: [result('c', { content: [] })] },
    ),
    [
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
          { id: 'b', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: 'sunny\nwarm' },
      { role: 'tool', tool_call_id: 'b', content: 'The tool failed:\nsunny\nwarm' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'c', type: 'function', function: { name: 'weather', arguments: '{"city":"Bern"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c', content: '' },
    ],
  );
});

test('limits, stop sequences and tools go by their names there, the token limit within ours', () => {
  const stopSequences = ['a', 'b', 'c', 'd', 'e'];
  const list = [
    { name: 'weather', description: 'Looks outside', inputSchema: '{"type":"object"}' },
    { name: 'time', inputSchema: '{}' },
  ];
  const body = toChatRequest(
    request({ maxTokens: 1e9, temperature: 0, stopSequences, tools: { list, choice: 'required' } }),
    'm',
  );
  assert.deepEqual(body, {
    model: 'm',
    messages: [{ role: 'user', content: 'How are you?' }],
    max_tokens: 4_096,
    temperature: 0,
    stop: ['a', 'b', 'c', 'd'],
    tools: [
      {
        type: 'function',
        function: { name: 'weather', description: 'Looks outside', parameters: { type: 'object' } },
      },
      { type: 'function', function: { name: 'time', parameters: {} } },
    ],
    tool_choice: 'required',
    stream: true,
  });
  assert.deepEqual(Object.keys(toChatRequest(request({ systemPrompt: '' }), 'm')), [
    'model',
    'messages',
    'max_tokens',
    'stream',
  ]);
});

test('what the interface cannot carry is refused before it is sent, with the reason', () => {
  const why = (role: 'user' | 'assistant', ...content: readonly SamplingContent[]): string =>
    whyNotSendable(request({ messages: [{ role, content }] })) ?? '';
  const image: SamplingContent = { type: 'image', mimeType: 'image/png', data };
  assert.equal(why('user', image, { type: 'audio', mimeType: 'audio/WAV', data }), '');
  assert.match(why('user', { type: 'audio', mimeType: 'audio/ogg', data }), /only WAV and MP3/);
  assert.match(why('user', { type: 'image', mimeType: 'image/svg+xml', data }), /an image of a type/);
  assert.match(why('assistant', image), /message of the assistant/);
  assert.match(why('user', result('a', { content: [image] })), /result of a tool/);
  assert.match(why('assistant', use('a', 'bad name')), /a tool whose name/);
  const tools = { list: [{ name: 'a.b', inputSchema: '{}' }], choice: 'auto' } as const;
  assert.match(whyNotSendable(request({ tools })) ?? '', /a tool whose name/);
});
