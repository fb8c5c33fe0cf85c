import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonObject, JsonValue } from '../../../src/base/json';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import { editableSampling, readSamplingEdit, recheckEdit } from '../../../src/protocol/samplingEdit';

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

const FORM: JsonObject = {
  systemPrompt: 'Be brief.',
  messages: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: ['Yes', { image: 1 }] },
    { role: 'user', content: [{ sound: 2 }] },
  ],
  maxTokens: 200,
  temperature: 0.5,
  stopSequences: ['END'],
};

function edited(change: JsonObject): SamplingRequest {
  const read = readSamplingEdit(REQUEST, { ...FORM, ...change });
  assert.ok(read.ok, read.ok ? '' : `${read.error.path}: ${read.error.message}`);
  return read.value;
}

test('the form holds what can be changed, and pictures and sounds by their number only', () => {
  assert.deepEqual(editableSampling(REQUEST), FORM);
  const { messages, maxTokens, stopSequences, preferences, ignored } = REQUEST;
  const plain: SamplingRequest = { messages, maxTokens, stopSequences, preferences, ignored };
  assert.deepEqual(editableSampling(plain), { ...FORM, systemPrompt: '', temperature: null });
});

test('a form that nobody changed is the request', () => {
  assert.deepEqual(edited({}), REQUEST);
});

test('each field can be changed, and what the form does not hold stays', () => {
  assert.equal(edited({ systemPrompt: 'Be kind.' }).systemPrompt, 'Be kind.');
  assert.equal('systemPrompt' in edited({ systemPrompt: '' }), false);
  assert.equal(edited({ maxTokens: 1 }).maxTokens, 1);
  assert.equal(edited({ temperature: 2 }).temperature, 2);
  assert.equal('temperature' in edited({ temperature: null }), false);
  assert.deepEqual(edited({ stopSequences: [] }).stopSequences, []);
  const { preferences, includeContext, ignored } = edited({ systemPrompt: 'x', maxTokens: 5 });
  assert.deepEqual(
    { preferences, includeContext, ignored },
    {
      preferences: REQUEST.preferences,
      includeContext: 'none',
      ignored: ['metadata'],
    },
  );
});

test('messages can be changed, moved and left out, their pictures with them', () => {
  const { messages } = edited({
    messages: [{ role: 'user', content: [{ sound: 2 }, 'Listen', { image: 1 }] }],
  });
  assert.deepEqual(messages, [{ role: 'user', content: [SOUND, { type: 'text', text: 'Listen' }, PICTURE] }]);
  const [first] = messages;
  assert.equal(first?.content[0], SOUND, 'the very bytes that the server sent');
});

const WRONG: readonly (readonly [change: JsonObject, path: string, message: RegExp])[] = [
  [{ systemprompt: 'x' }, '/systemprompt', /no such field\. Fields are systemPrompt, /],
  [{ 'a/b~c': 1 }, '/a~1b~0c', /no such field/],
  [{ systemPrompt: 5 }, '/systemPrompt', /must be a text/],
  [{ systemPrompt: null }, '/systemPrompt', /must be a text/],
  [{ maxTokens: '5' }, '/maxTokens', /whole number/],
  [{ maxTokens: 1.5 }, '/maxTokens', /whole number/],
  [{ maxTokens: 0 }, '/maxTokens', /at least 1/],
  [{ maxTokens: 201 }, '/maxTokens', /at most 200 tokens/],
  [{ temperature: -1 }, '/temperature', /not negative/],
  [{ temperature: 'hot' }, '/temperature', /not negative/],
  [{ stopSequences: 'END' }, '/stopSequences', /list of texts/],
  [{ stopSequences: ['a', ''] }, '/stopSequences/1', /1 to 1000 characters/],
  [{ stopSequences: ['a', 5] }, '/stopSequences/1', /must be a text/],
  [{ stopSequences: ['x'.repeat(1_001)] }, '/stopSequences/0', /1 to 1000/],
  [{ stopSequences: Array<string>(65).fill('x') }, '/stopSequences', /At most 64/],
  [{ messages: [] }, '/messages', /at least one message/],
  [{ messages: 'Hello' }, '/messages', /list/],
  [{ messages: ['Hello'] }, '/messages/0', /object with a role/],
  [{ messages: [{ role: 'system', content: 'x' }] }, '/messages/0/role', /"user" or "assistant"/],
  [{ messages: [{ role: 'user', content: 'x', name: 'y' }] }, '/messages/0/name', /only/],
  [{ messages: [{ role: 'user' }] }, '/messages/0/content', /a text, or a list/],
  [{ messages: [{ role: 'user', content: [] }] }, '/messages/0/content', /at least one part/],
  [
    { messages: [{ role: 'user', content: [5] }] },
    '/messages/0/content/0',
    /a text, or name what the request holds/,
  ],
];
for (const [change, path, message] of WRONG)
  test(`${JSON.stringify(change).slice(0, 60)} is told at ${path}`, () => {
    const read = readSamplingEdit(REQUEST, { ...FORM, ...change });
    assert.ok(!read.ok);
    assert.equal(read.error.path, path);
    assert.match(read.error.message, message);
  });

test('only pictures and sounds of the request can be named, each as what it is', () => {
  const parts: JsonValue[] = [
    { image: 2 },
    { sound: 1 },
    { image: 0 },
    { image: 3 },
    { image: '1' },
    { image: 1.5 },
    { image: -1 },
    { image: 1, more: 1 },
    { type: 'image', data: 'AA==', mimeType: 'image/png' },
    { type: 'reference', number: 1 },
    JSON.parse('{ "__proto__": 1 }') as JsonValue,
    {},
    null,
  ];
  for (const part of parts) {
    const read = readSamplingEdit(REQUEST, { ...FORM, messages: [{ role: 'user', content: ['x', part] }] });
    assert.equal(read.ok ? '' : read.error.path, '/messages/0/content/1', JSON.stringify(part));
  }
});

test('the bounds of a request hold for an edited one', () => {
  const half = 'x'.repeat(1_048_577);
  const read = readSamplingEdit(REQUEST, {
    ...FORM,
    messages: Array<JsonObject>(2).fill({ role: 'user', content: half }),
  });
  assert.match(read.ok ? '' : read.error.message, /characters of text/);
  const many = Array<JsonObject>(501).fill({ role: 'user', content: 'x' });
  assert.equal(readSamplingEdit(REQUEST, { ...FORM, messages: many }).ok, false);
});

test('whatever the form is, reading it throws nothing, and what it gives passes when it is looked at again', () => {
  const messages = fc.array(
    fc.record({
      role: fc.constantFrom('user', 'assistant', 'system'),
      content: fc.oneof(
        fc.string(),
        fc.array(
          fc.oneof(
            fc.string(),
            fc.record({ image: fc.nat(3) }),
            fc.record({ sound: fc.nat(3) }),
            fc.jsonValue(),
          ),
          { maxLength: 4 },
        ),
      ),
    }),
    { maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.oneof(messages, fc.jsonValue()), fc.jsonValue(), (given, other) => {
      const form = JSON.parse(JSON.stringify({ ...FORM, messages: given, temperature: other })) as JsonObject;
      const read = readSamplingEdit(REQUEST, form);
      if (read.ok) assert.deepEqual(recheckEdit(REQUEST, read.value), read);
    }),
    { numRuns: 1_000 },
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
