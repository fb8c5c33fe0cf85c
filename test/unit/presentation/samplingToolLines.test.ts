import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ModelChoice } from '../../../src/host/ports';
import { demoModel, reviewFor, reviewText, sampling, samplingAnswer } from './waiting';

const USE = { type: 'tool_use', id: 'call-1', name: 'weather', input: '{"city":"Bern"}' } as const;

test('a review shows the tools of a request, their schemas, and what became of earlier uses', () => {
  const text = reviewText(
    sampling({
      tools: {
        list: [{ name: 'weather', description: 'Looks outside.\nNow.', inputSchema: '{"type":"object"}' }],
        choice: 'required',
      },
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
        { role: 'assistant', content: [USE] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              toolUseId: 'call-1',
              content: [{ type: 'text', text: 'no network' }],
              isError: true,
            },
          ],
        },
      ],
    }),
  );
  assert.match(text, /^Tools +1 tool; the model must ask the server to use one\. MCP Host uses none/m);
  assert.ok(
    text.includes(`Tool "weather"
│ Looks outside.
│ Now.
│ {
│   "type": "object"
│ }`),
    text,
  );
  assert.ok(
    text.includes(`Use of the tool "weather" (call-1)
│ {
│   "city": "Bern"
│ }`),
    text,
  );
  assert.ok(
    text.includes(`Result of the tool use call-1, which failed
│ no network`),
    text,
  );
});

test('hidden characters in a tool, in its use and in its result are warned of', () => {
  const hidden = 'a\u200bb';
  const content = [{ type: 'text', text: hidden }] as const;
  for (const request of [
    { tools: { list: [{ name: 'x', description: hidden, inputSchema: '{}' }], choice: 'auto' } },
    { tools: { list: [{ name: 'x', inputSchema: `{"title":"${hidden}"}` }], choice: 'auto' } },
    { messages: [{ role: 'assistant', content: [{ ...USE, input: `{"city":"${hidden}"}` }] }] },
    {
      messages: [
        { role: 'user', content: [{ type: 'tool_result', toolUseId: 'a', content, isError: false }] },
      ],
    },
  ] as const)
    assert.ok(
      reviewFor(sampling(request)).lines.some(
        ({ kind, text }) => kind === 'warning' && text.includes('cannot be seen'),
      ),
      JSON.stringify(request),
    );
});

test('the review of an answer shows each use of a tool with all of its input', () => {
  const text = reviewText(samplingAnswer({ text: '', toolUses: [USE], stopReason: 'toolUse' }));
  assert.match(text, /^Ended +to have tools of the server used/m);
  assert.match(text, /^The answer has no text$/m);
  assert.ok(
    text.includes(`Use of the tool "weather" (call-1)
│ {
│   "city": "Bern"
│ }`),
    text,
  );
  const hidden = { ...USE, input: '{"a":"\u200b"}' };
  const { lines } = reviewFor(samplingAnswer({ toolUses: [hidden] }));
  assert.ok(lines.some(({ kind }) => kind === 'warning'));
});

test('whether a system prompt goes as what it is depends on the model', () => {
  const of = (model: ModelChoice): string => reviewText(sampling({ systemPrompt: 'Be brief.' }, { model }));
  assert.match(of(demoModel()), /^System prompt, sent as the first message and marked as such$/m);
  const model = demoModel();
  assert.match(of(model.kind === 'model' ? { ...model, systemRole: true } : model), /^System prompt$/m);
});
