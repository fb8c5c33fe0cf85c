/** What a person changed on the page is what is decided, no more; and what is wrong with it is told where it stands. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { PersonDecision } from '../../../src/host/consentQueue';
import {
  handDecision,
  returnDecision,
  sendDecision,
  type PageProblem,
} from '../../../src/presentation/samplingPageEdit';
import type { SamplingRequest } from '../../../src/protocol/sampling';
import type { Result } from '../../../src/base/result';
import { sampling } from './waiting';

const IMAGE = { type: 'image', mimeType: 'image/png', data: new Uint8Array(3) } as const;
const REQUEST: SamplingRequest = sampling({
  systemPrompt: 'System\r\nprompt',
  messages: [
    { role: 'user', content: [{ type: 'text', text: 'one\r\n' }, IMAGE, { type: 'text', text: 'two' }] },
    { role: 'assistant', content: [{ type: 'text', text: 'three' }] },
  ],
  temperature: 0.5,
  stopSequences: ['END'],
}).subject.request;

function edited(read: Result<PersonDecision, PageProblem>): SamplingRequest {
  assert.ok(read.ok && read.value.kind === 'allow-edited', JSON.stringify(read));
  return read.value.request;
}

test('what was not touched goes as the server sent it', () => {
  for (const request of [REQUEST, { ...REQUEST, temperature: -1 }])
    assert.deepEqual(sendDecision(request, { texts: [] }), { ok: true, value: { kind: 'allow-once' } });
  const request = edited(sendDecision(REQUEST, { texts: [[2, 'TWO']] }));
  assert.deepEqual(request, {
    ...REQUEST,
    messages: [
      {
        role: 'user',
        content: [{ type: 'text', text: 'one\r\n' }, IMAGE, { type: 'text', text: 'TWO' }],
      },
      REQUEST.messages[1],
    ],
  });
});

test('the system prompt, the limits and the end are what the person made of them', () => {
  const request = edited(
    sendDecision(REQUEST, {
      texts: [
        [0, ''],
        [3, 'THREE'],
      ],
      maxTokens: 10,
      temperature: null,
      stopSequences: [],
    }),
  );
  assert.deepEqual(
    [request.systemPrompt, request.maxTokens, request.temperature, request.stopSequences],
    [undefined, 10, undefined, []],
  );
  assert.deepEqual(request.messages[1]?.content, [{ type: 'text', text: 'THREE' }]);
  const { systemPrompt, ...without } = REQUEST;
  assert.equal(systemPrompt, 'System\r\nprompt');
  assert.equal(edited(sendDecision(without, { texts: [[0, 'New']] })).systemPrompt, 'New');
});

test('messages are left out, said by somebody else, and added, and the others keep their place', () => {
  const own = { role: 'assistant', text: 'Mine' } as const;
  const request = edited(
    sendDecision(REQUEST, { texts: [[3, 'THREE']], without: [0], roles: [[1, 'user']], added: [own] }),
  );
  assert.deepEqual(request, {
    ...REQUEST,
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'THREE' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Mine' }] },
    ],
  });
  const last = edited(sendDecision(REQUEST, { texts: [], without: [1] }));
  assert.deepEqual(last.messages, [REQUEST.messages[0]], 'with its picture');
  const used = sampling({
    tools: { list: [{ name: 'find', inputSchema: '{}' }], choice: 'auto' },
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'q' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'u', name: 'find', input: '{}' }] },
      { role: 'user', content: [{ type: 'tool_result', toolUseId: 'u', content: [], isError: false }] },
    ],
  }).subject.request;
  const torn = sendDecision(used, { texts: [], without: [1] });
  assert.ok(!torn.ok && /tool/.test(torn.error.message), 'a result without its use is none');
});

test('what is wrong is told, and where', () => {
  const cases: readonly (readonly [Parameters<typeof sendDecision>[1], PageProblem['field'], RegExp])[] = [
    [{ texts: [], maxTokens: 0 }, 'maxTokens', /whole number/],
    [{ texts: [], maxTokens: 201 }, 'maxTokens', /at most 200 tokens/],
    [{ texts: [], maxTokens: 1.5 }, 'maxTokens', /whole number/],
    [{ texts: [], temperature: -1 }, 'temperature', /not negative/],
    [{ texts: [], stopSequences: [''] }, 'stopSequences', /1 to 1000 characters/],
    [{ texts: [[4, 'there is none']] }, undefined, /no such text/],
    [{ texts: [], without: [2] }, undefined, /no such text/],
    [{ texts: [], roles: [[2, 'user']] }, undefined, /no such text/],
    [{ texts: [], without: [0, 1] }, undefined, /Nothing is left of the messages/],
    [{ texts: [], added: [{ role: 'user', text: ' \n' }] }, undefined, /your own is empty/],
    [
      { texts: [], added: new Array(499).fill({ role: 'user', text: 'x' }) },
      undefined,
      /at most 500 messages/,
    ],
    [{ texts: [[1, 'x'.repeat(2_097_153)]] }, undefined, /./],
  ];
  for (const [edit, field, message] of cases) {
    const read = sendDecision(REQUEST, edit);
    assert.ok(!read.ok, JSON.stringify(edit).slice(0, 100));
    assert.equal(read.error.field, field);
    assert.match(read.error.message, message);
  }
});

test('T141: an answer by hand is what was typed, with why it ends; an empty one is none', () => {
  assert.deepEqual(handDecision({ text: ' a ', stopReason: 'maxTokens' }), {
    ok: true,
    value: { kind: 'answer', text: ' a ', stopReason: 'maxTokens' },
  });
  const empty = handDecision({ text: ' \n', stopReason: 'endTurn' });
  assert.ok(!empty.ok && empty.error.field === 'answer');
  const used = handDecision({ text: '', stopReason: 'toolUse', tool: { name: 'find', input: ' {"a": 1}' } });
  assert.deepEqual(used, {
    ok: true,
    value: {
      kind: 'answer',
      text: '',
      stopReason: 'toolUse',
      toolUses: [{ type: 'tool_use', id: 'by-hand-1', name: 'find', input: '{"a":1}' }],
    },
  });
  for (const input of ['[]', 'x', '"a"']) {
    const wrong = handDecision({ text: '', stopReason: 'toolUse', tool: { name: 'find', input } });
    assert.ok(!wrong.ok && wrong.error.field === 'toolInput', input);
  }
  assert.ok(!handDecision({ text: 'a', stopReason: 'toolUse' }).ok);
});

test('a model’s answer that was edited into itself is the model’s, and an empty one is none unless it uses tools', () => {
  const answer = { role: 'assistant', text: 'one\r\ntwo', model: 'm' } as const;
  const whole = { ok: true, value: { kind: 'allow-once' } };
  assert.deepEqual(returnDecision(answer, undefined), whole);
  assert.deepEqual(returnDecision(answer, 'one\ntwo'), whole);
  assert.deepEqual(returnDecision(answer, 'one'), { ok: true, value: { kind: 'answer', text: 'one' } });
  assert.ok(!returnDecision(answer, ' ').ok);
  const toolUses = [{ type: 'tool_use', id: 'u', name: 'find', input: '{}' }] as const;
  assert.ok(returnDecision({ ...answer, toolUses }, '').ok);
});
