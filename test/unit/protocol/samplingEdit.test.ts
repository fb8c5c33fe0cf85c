import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { SamplingContent, SamplingMessage, SamplingRequest } from '../../../src/protocol/sampling';
import { recheckEdit } from '../../../src/protocol/samplingEdit';

const PICTURE = { type: 'image', mimeType: 'image/png', data: Uint8Array.of(1) } as const;
const SOUND = { type: 'audio', mimeType: 'audio/wav', data: Uint8Array.of(2) } as const;

const REQUEST: SamplingRequest = {
  systemPrompt: 'Be brief.',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'Yes' }, PICTURE] },
    { role: 'user', content: [SOUND] },
  ],
  maxTokens: 200,
  temperature: 0.5,
  stopSequences: ['END'],
  preferences: { hints: ['small'], costPriority: 1 },
  includeContext: 'none',
  ignored: ['metadata'],
};

const text = (value: string): SamplingContent => ({ type: 'text', text: value });
const says = (...content: SamplingContent[]): SamplingMessage => ({ role: 'user', content });

function edited(change: Partial<SamplingRequest>): SamplingRequest {
  const read = recheckEdit(REQUEST, { ...REQUEST, ...change });
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  return read.value;
}

test('a request that nobody changed is the request', () => {
  assert.deepEqual(edited({}), REQUEST);
});

test('each field can be changed, and the others stay', () => {
  assert.equal(edited({ systemPrompt: 'Be kind.' }).systemPrompt, 'Be kind.');
  assert.equal('systemPrompt' in edited({ systemPrompt: '' }), false);
  assert.equal(edited({ maxTokens: 1 }).maxTokens, 1);
  assert.equal(edited({ temperature: 2 }).temperature, 2);
  const { temperature, ...without } = REQUEST;
  assert.equal(temperature, 0.5);
  assert.deepEqual(recheckEdit(REQUEST, without), { ok: true, value: without });
  assert.deepEqual(edited({ stopSequences: [] }).stopSequences, []);
});

test('messages can be changed, moved, said by another and left out, their pictures with them', () => {
  const { messages } = edited({ messages: [says(SOUND, text('Listen'), PICTURE)] });
  assert.deepEqual(messages, [says(SOUND, text('Listen'), PICTURE)]);
  const [first] = messages;
  assert.equal(first?.content[0], SOUND, 'the very bytes that the server sent');
});

const WRONG: readonly (readonly [
  change: Partial<SamplingRequest>,
  field: string | undefined,
  message: RegExp,
])[] = [
  [{ maxTokens: 1.5 }, 'maxTokens', /whole number/],
  [{ maxTokens: Number.NaN }, 'maxTokens', /whole number/],
  [{ maxTokens: 0 }, 'maxTokens', /at least 1/],
  [{ maxTokens: 201 }, 'maxTokens', /at most 200 tokens/],
  [{ temperature: -1 }, 'temperature', /not negative/],
  [{ temperature: Number.NaN }, 'temperature', /not negative/],
  [{ stopSequences: ['a', ''] }, 'stopSequences', /1 to 1000 characters/],
  [{ stopSequences: ['x'.repeat(1_001)] }, 'stopSequences', /1 to 1000/],
  [{ stopSequences: Array<string>(65).fill('x') }, 'stopSequences', /At most 64/],
  [{ messages: [] }, undefined, /a list that is not empty/],
  [{ messages: [says()] }, undefined, /no content/],
  [{ messages: Array<SamplingMessage>(501).fill(says(text('x'))) }, undefined, /at most 500 messages/],
  [
    { messages: Array<SamplingMessage>(2).fill(says(text('x'.repeat(1_048_577)))) },
    undefined,
    /characters of text/,
  ],
];
for (const [change, field, message] of WRONG)
  test(`${JSON.stringify(change).slice(0, 60)} is told${field === undefined ? '' : ` at ${field}`}`, () => {
    const read = recheckEdit(REQUEST, { ...REQUEST, ...change });
    assert.ok(!read.ok);
    assert.equal(read.error.field, field);
    assert.match(read.error.message, message);
  });

test('whatever is made of the texts and the order passes unchanged when it is looked at again', () => {
  const block = fc.oneof(fc.string().map(text), fc.constantFrom<SamplingContent>(PICTURE, SOUND));
  const message = fc.record(
    {
      role: fc.constantFrom('user' as const, 'assistant' as const),
      content: fc.array(block, { minLength: 1, maxLength: 4 }),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 3 }), (messages) => {
      const read = edited({ messages });
      assert.deepEqual(read.messages, messages);
      assert.deepEqual(recheckEdit(REQUEST, read), { ok: true, value: read });
    }),
  );
});

test('what cannot be edited is taken from the request, whatever the edited one claims', () => {
  const claimed = {
    ...REQUEST,
    maxTokens: 5,
    preferences: { hints: ['expensive'] },
    includeContext: 'allServers',
    ignored: [],
    tools: { list: [], choice: 'auto' as const },
  };
  const read = recheckEdit(REQUEST, claimed);
  assert.ok(read.ok);
  assert.deepEqual(read.value, { ...REQUEST, maxTokens: 5 });
});

test('a picture that the server did not send is not an edited one of its own', () => {
  const other = { ...PICTURE, data: Uint8Array.of(1) };
  const renamed = { ...PICTURE, mimeType: 'image/svg+xml' };
  for (const block of [other, renamed])
    assert.equal(
      recheckEdit(REQUEST, { ...REQUEST, messages: [{ role: 'user', content: [block] }] }).ok,
      false,
    );
});
