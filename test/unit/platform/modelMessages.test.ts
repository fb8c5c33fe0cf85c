import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toModelOptions, toPlainMessages, whyNotSendable } from '../../../src/platform/modelMessages';
import { toModelError } from '../../../src/platform/modelFailure';
import { ModelError } from '../../../src/host/ports';
import type { SamplingContent } from '../../../src/protocol/sampling';
import { samplingRequest as request } from '../../support/samplingRequests';

const bytes = new Uint8Array([1, 2, 3]);

test('the messages leave in order, with nothing added, and the system prompt first and marked', () => {
  const messages = toPlainMessages(
    request([], {
      systemPrompt: 'Be brief.',
      includeContext: 'allServers',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'first' },
            { type: 'image', mimeType: 'image/PNG', data: bytes },
          ],
        },
        { role: 'assistant', content: [{ type: 'text', text: 'last' }] },
      ],
    }),
  );
  assert.deepEqual(
    messages.map(({ role, parts }) => [
      role,
      parts.map((part) => (part.kind === 'text' ? part.text : part.mimeType)),
    ]),
    [
      [
        'user',
        [
          'System prompt (instructions for the whole conversation):\n\nBe brief.\n\n(End of the system prompt. The conversation follows.)',
        ],
      ],
      ['user', ['first', 'image/png']],
      ['assistant', ['last']],
    ],
  );
});

test('without a system prompt only the messages leave', () => {
  const plain = request([{ type: 'text', text: 'hi' }]);
  assert.deepEqual(toPlainMessages(plain), [{ role: 'user', parts: [{ kind: 'text', text: 'hi' }] }]);
  assert.equal(toPlainMessages({ ...plain, systemPrompt: '' }).length, 1);
});

test('audio, unusual images, and images where the editor takes none are refused before anything is sent', () => {
  const image = (mimeType: string): SamplingContent => ({ type: 'image', mimeType, data: bytes });
  assert.match(
    whyNotSendable(request([{ type: 'audio', mimeType: 'audio/wav', data: bytes }]), { images: true }) ?? '',
    /audio/,
  );
  assert.match(
    whyNotSendable(request([image('image/png')]), { images: false }) ?? '',
    /this version of the editor/,
  );
  assert.match(whyNotSendable(request([image('image/svg+xml')]), { images: true }) ?? '', /of a type/);
  assert.equal(whyNotSendable(request([image('image/jpeg')]), { images: true }), undefined);
});

test('limits are passed on under the usual names, the token limit within ours', () => {
  assert.deepEqual(toModelOptions(request([])), { max_tokens: 100 });
  assert.deepEqual(toModelOptions(request([], { maxTokens: 1e9, temperature: 0, stopSequences: ['END'] })), {
    max_tokens: 4_096,
    temperature: 0,
    stop: ['END'],
  });
});

test('failures of the editor become sentences for the person, by code, name or cause', () => {
  const told = (error: unknown): string => toModelError(error, 'Acme 1').forPerson;
  const withFields = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields);
  assert.match(told(withFields({ code: 'NoPermissions' })), /does not let MCP Host use Acme 1/);
  assert.match(told(withFields({ code: 'NotFound' })), /not available any more/);
  assert.match(told(withFields({ code: 'Blocked' })), /blocked the request/);
  assert.match(told(withFields({ code: 'Unknown', cause: { name: 'ChatQuotaExceeded' } })), /quota/);
  assert.match(told(withFields({ name: 'Canceled' })), /cancelled/);
  assert.match(told(withFields({}, 'bad [key](command:x)')), /^Acme 1 failed and says: "bad/);
  assert.ok(!told(withFields({}, 'bad [key](command:x)')).includes(']('));
  assert.match(told('text'), /without saying why/);
  const own = new ModelError('as it is');
  assert.equal(toModelError(own, 'Acme 1'), own);
});
