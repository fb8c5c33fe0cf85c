import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { SamplingAnswer } from '../../../src/protocol/sampling';
import { chunk, EndpointWorld, lastBody, request, say, startEndpoint } from '../../support/modelEndpoint';
import { json, stream, type HttpExchange, type ScriptedHttp } from '../../support/scriptedHttp';

const TOOLS = {
  list: [{ name: 'weather', description: 'Looks outside', inputSchema: '{"type":"object"}' }],
  choice: 'auto',
} as const;

async function withEndpoint(
  answer: (exchange: HttpExchange) => void,
  use: (world: EndpointWorld, http: ScriptedHttp) => Promise<void>,
): Promise<void> {
  const http = await startEndpoint(answer);
  try {
    await use(new EndpointWorld(`${http.origin}/v1`), http);
  } finally {
    await http.stop();
  }
}

/** What a model there answers when the endpoint plays this. */
async function answerOf(
  play: (exchange: HttpExchange) => void,
  change: Parameters<typeof request>[0] = {},
): Promise<SamplingAnswer> {
  let answer: SamplingAnswer | undefined;
  await withEndpoint(play, async (world) => {
    answer = await world.models.send(world.keyOf('small-1'), request(change), new AbortController().signal);
  });
  assert.ok(answer);
  return answer;
}

test('an answer streams in, whatever its chunks, and what was asked went there', async () => {
  await withEndpoint(
    (exchange) => say(exchange, ['I am ', 'fine', '.']),
    async (world, http) => {
      const given = request({ systemPrompt: 'Be kind.', temperature: 0.5, maxTokens: 50 });
      const told: string[] = [];
      const { signal } = new AbortController();
      const answer = await world.models.send(world.keyOf('small-1'), given, signal, (text) =>
        told.push(text),
      );
      assert.deepEqual(told, ['I am ', 'I am fine', 'I am fine.'], 'it is seen as it comes');
      assert.deepEqual(answer, {
        role: 'assistant',
        text: 'I am fine.',
        model: 'small-1',
        stopReason: 'endTurn',
      });
      assert.deepEqual(lastBody(http), {
        model: 'small-1',
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'How are you?' },
        ],
        max_tokens: 50,
        temperature: 0.5,
        stream: true,
      });
    },
  );
});

test('an endpoint that does not stream answers at once', async () => {
  const answer = await answerOf((exchange) =>
    json(exchange, 200, {
      choices: [{ index: 0, message: { role: 'assistant', content: 'Whole.' }, finish_reason: 'length' }],
    }),
  );
  assert.deepEqual([answer.text, answer.stopReason], ['Whole.', 'maxTokens']);
});

test('reasons of an end are told where they are certain, and left out where not', async () => {
  const ended = async (
    finish: string | null,
    stopSequences: readonly string[] = [],
    more: Parameters<typeof say>[3] = {},
  ) => (await answerOf((exchange) => say(exchange, ['text'], finish, more), { stopSequences })).stopReason;
  assert.equal(await ended('stop'), 'endTurn');
  assert.equal(await ended('length'), 'maxTokens');
  assert.equal(await ended('content_filter'), undefined);
  assert.equal(await ended('something new'), undefined);
  assert.equal(await ended(null), undefined);
  // With stop sequences a stop may be either, unless the endpoint says which.
  assert.equal(await ended('stop', ['END']), undefined);
  assert.equal(await ended('stop', ['END'], { stop_reason: 'END' }), 'stopSequence');
  assert.equal(await ended('stop', ['END'], { stop_reason: 'other' }), undefined);
});

test('a stop sequence that the endpoint does not heed ends the answer here, and the connection', async () => {
  await withEndpoint(
    (exchange) => {
      stream(exchange);
      chunk(exchange, { content: 'one E' });
      chunk(exchange, { content: 'ND two' });
    },
    async (world, http) => {
      const given = request({ stopSequences: ['END'] });
      const answer = await world.models.send(world.keyOf('small-1'), given, new AbortController().signal);
      assert.deepEqual([answer.text, answer.stopReason], ['one ', 'stopSequence']);
      assert.deepEqual(lastBody(http)['stop'], ['END']);
      await http.until(() => http.open === 0, 'the connection is closed');
    },
  );
});

test('an endpoint that goes on beyond the limit is cut there: no chunk is less than a token', async () => {
  const answer = await answerOf(
    (exchange) => {
      stream(exchange);
      for (let index = 0; index < 50; index++) chunk(exchange, { content: 'word ' });
    },
    { maxTokens: 3 },
  );
  assert.deepEqual([answer.text, answer.stopReason], ['word word word ', 'maxTokens']);
});

test('an endpoint that says that it kept to the limit is believed', async () => {
  const answer = await answerOf((exchange) => say(exchange, ['a'.repeat(40)], 'stop'), { maxTokens: 3 });
  assert.deepEqual([answer.text.length, answer.stopReason], [40, 'endTurn']);
});

test('uses of tools come together from their chunks, and go back to the server with their reason', async () => {
  const answer = await answerOf(
    (exchange) => {
      stream(exchange);
      const call = (index: number, more: object): void =>
        chunk(exchange, { tool_calls: [{ index, ...more }] });
      chunk(exchange, { content: 'I look.' });
      call(0, { id: 'call-a', type: 'function', function: { name: 'weather', arguments: '' } });
      call(0, { function: { arguments: '{"city":' } });
      call(1, { id: 'call-b', function: { name: 'weather', arguments: '' } });
      call(0, { function: { arguments: '"Bern"}' } });
      chunk(exchange, {}, { finish_reason: 'tool_calls' });
      exchange.response.end('data: [DONE]\n\n');
    },
    { tools: TOOLS },
  );
  assert.deepEqual(answer, {
    role: 'assistant',
    text: 'I look.',
    model: 'small-1',
    stopReason: 'toolUse',
    toolUses: [
      { type: 'tool_use', id: 'call-a', name: 'weather', input: '{"city":"Bern"}' },
      { type: 'tool_use', id: 'call-b', name: 'weather', input: '{}' },
    ],
  });
});

test('uses of tools that nobody brought, and those of an answer that was cut, are none', async () => {
  const play =
    (finish: string) =>
    (exchange: HttpExchange): void => {
      stream(exchange);
      chunk(exchange, {
        content: 'x',
        tool_calls: [{ index: 0, function: { name: 'weather', arguments: '{' } }],
      });
      chunk(exchange, {}, { finish_reason: finish });
      exchange.response.end('data: [DONE]\n\n');
    };
  const unasked = await answerOf(play('tool_calls'));
  assert.deepEqual([unasked.text, unasked.toolUses, unasked.stopReason], ['x', undefined, undefined]);
  const cut = await answerOf(play('length'), { tools: TOOLS });
  assert.deepEqual([cut.text, cut.toolUses, cut.stopReason], ['x', undefined, 'maxTokens']);
});

test('a use of a tool that cannot be understood is no answer', async () => {
  for (const call of [{ function: { name: 'weather', arguments: '[1]' } }, { function: { arguments: '{}' } }])
    await assert.rejects(
      answerOf(
        (exchange) => {
          stream(exchange);
          chunk(exchange, { tool_calls: [call] }, { finish_reason: 'tool_calls' });
          exchange.response.end('data: [DONE]\n\n');
        },
        { tools: TOOLS },
      ),
      /not in a way that can be understood/,
    );
});

test('a model that knows the limit by its newer name only is asked again with that', async () => {
  await withEndpoint(
    (exchange) => {
      const body = exchange.body as { readonly max_tokens?: number };
      if (body.max_tokens === undefined) say(exchange, ['ok']);
      else json(exchange, 400, { error: { message: 'Unsupported parameter', param: 'max_tokens' } });
    },
    async (world, http) => {
      await world.models.send(world.keyOf('small-1'), request(), new AbortController().signal);
      const { max_completion_tokens: limit, max_tokens: old } = lastBody(http);
      assert.deepEqual([limit, old, http.got('POST').length], [100, undefined, 2]);
    },
  );
});

test('the models are those that the settings name, else those that talk of those that the endpoint lists', async () => {
  const http = await startEndpoint(
    () => undefined,
    [
      'small-1',
      'text-embedding-3-small',
      'whisper-1',
      'dall-e-3',
      'gpt-image-1',
      'small-1',
      '',
      'x'.repeat(201),
    ],
  );
  const world = new EndpointWorld(`${http.origin}/v1`);
  assert.deepEqual(
    (await world.models.list()).map(({ key, name }) => [key, name]),
    [[world.keyOf('small-1'), 'small-1']],
  );
  world.samplingEndpointModels = ['mine', 5, 'whisper-1', 'mine'];
  const before = http.exchanges.length;
  const listed = await world.models.list();
  assert.deepEqual(
    listed.map(({ id, endpointHost }) => [id, endpointHost]),
    [
      ['mine', new URL(http.origin).host],
      ['whisper-1', new URL(http.origin).host],
    ],
  );
  assert.equal(http.exchanges.length, before, 'nobody was asked');
  await http.stop();
});
