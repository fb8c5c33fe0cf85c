/** The example servers that the official SDK 1.x ships, over stdio and over every form of HTTP it has. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

import { toFailure } from '../../../src/protocol/failure';
import { ForeignClient, remote, script, structuredOf, textOf } from './foreignClient';
import { withHttpServer } from './httpServer';

const example = (name: string): string =>
  path.resolve('node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server', `${name}.js`);

/** Runs `body` on an example over Streamable HTTP. */
function overHttp(name: string, body: Parameters<typeof ForeignClient.with>[1]): Promise<void> {
  return withHttpServer(example(name), [], ({ origin }) =>
    ForeignClient.with(remote(`${origin}/mcp`, 'http'), body),
  );
}

test('SDK 1.x over stdio: each step of a tool is reported, and a tool that is cancelled stops', () =>
  ForeignClient.with(script(example('progressExample')), async (client) => {
    assert.equal(await client.say('count', { n: 3 }), 'Counted to 3');
    assert.deepEqual(client.heard('progress').at(-1), {
      callId: 1,
      progress: 3,
      total: 3,
      message: 'Counting: 3/3',
    });
    const abort = new AbortController();
    const counting = client.call('count', { n: 100 }, abort.signal);
    await client.event('progress', ({ callId }) => callId === 2);
    abort.abort();
    await assert.rejects(counting, (error) => toFailure(error).code === 'cancelled');
    await assert.rejects(
      client.call('count', { n: 1 }, AbortSignal.abort()),
      (error) => toFailure(error).code === 'cancelled',
    );
    assert.equal(await client.say('count', { n: 1 }), 'Counted to 1');
    assert.ok((await client.call('count', { n: 1_000 })).isError, 'arguments that its schema refuses');
  }));

test('SDK 1.x over stdio: structured content comes with the schema that it fits', () =>
  ForeignClient.with(script(example('mcpServerOutputSchema')), async (client) => {
    const { outputSchema, inputSchema } = await client.request('describeTool', { name: 'get_weather' });
    assert.deepEqual(outputSchema?.['required'], ['temperature', 'conditions', 'humidity', 'wind']);
    assert.equal(inputSchema['type'], 'object');
    const weather = await client.call('get_weather', { city: 'Bern', country: 'CH' });
    assert.deepEqual(structuredOf(weather), JSON.parse(textOf(weather)));
  }));

test('SDK 1.x over stdio: a model request is answered, and what else is printed on stdout is passed over', () =>
  ForeignClient.with(script(example('toolWithSampleServer')), async (client) => {
    assert.equal(await client.say('summarize', { text: 'a long text' }), 'forty-two');
    assert.match(JSON.stringify(client.sampled[0]?.request.messages), /a long text/);
    await client.event('wire', ({ excerpt }) => excerpt?.includes('MCP server is running') === true);
  }));

test('SDK 1.x over Streamable HTTP: a server that answers in JSON only', () =>
  overHttp('jsonResponseStreamableHttp', async (client) => {
    assert.equal(await client.say('greet', { name: 'you' }), 'Hello, you!');
    const both = await Promise.all([
      client.say('multi-greet', { name: 'one' }),
      client.say('greet', { name: 'two' }),
    ]);
    assert.deepEqual(both, ['Good morning, one!', 'Hello, two!']);
    const unknown = await client.call('none');
    assert.ok(unknown.isError);
    assert.match(textOf(unknown), /-32602: Tool none not found/);
  }));

test('SDK 1.x over Streamable HTTP: an answer whose stream the server closes in between is taken up again', () =>
  overHttp('ssePollingExample', async (client) => {
    assert.equal(await client.say('long-task'), 'Long task completed successfully!');
    // What it said while nobody was connected comes too, each once and in order.
    const shares = client.heard('logMessage').map(({ text }) => /(\d+)%/.exec(text)?.[1]);
    assert.deepEqual(shares, ['25', '50', '75', '100']);
  }));

test('SDK 1.x over Streamable HTTP: what the server says by itself comes on a stream of its own', () =>
  overHttp('standaloneSseWithGetStreamableHttp', async (client) => {
    assert.equal((await client.list('resources')).length, 1);
    await client.event('listChanged', ({ kind }) => kind === 'resources');
    const resources = await client.list('resources');
    assert.equal(resources.length, 2);
    for (const { uri } of resources) assert.equal((await client.read(uri)).contents[0]?.uri, uri);
  }));

test('SDK 1.x over Streamable HTTP: a server without sessions and without a stream of its own', () =>
  overHttp('simpleStatelessStreamableHttp', async (client) => {
    assert.deepEqual(await client.names('prompts'), ['greeting-template']);
    const { messages } = await client.prompt('greeting-template', { name: 'you' });
    assert.match(JSON.stringify(messages), /greet you/);
    const [greeting] = (await client.read('https://example.com/greetings/default')).contents;
    assert.ok(greeting?.body.kind === 'text' && greeting.body.text.kind === 'inline');
    assert.equal(greeting.body.text.text, 'Hello, world!');
    assert.match(await client.say('start-notification-stream', { interval: 5, count: 3 }), /every 5ms/);
  }));

for (const [name, place, transport] of [
  ['Streamable HTTP', '/mcp', 'auto'],
  ['HTTP+SSE, found out', '/sse', 'auto'],
  ['HTTP+SSE, as the entry says', '/sse', 'sse'],
] as const)
  test(`SDK 1.x: a server that serves two forms of HTTP is spoken to over ${name}`, () =>
    withHttpServer(example('sseAndStreamableHttpCompatibleServer'), [], ({ origin }) =>
      ForeignClient.with(remote(origin + place, transport), async (client, { negotiated }) => {
        assert.equal(negotiated.era, 'legacy');
        const given = { interval: 5, count: 4 };
        assert.match(await client.say('start-notification-stream', given), /Started sending/);
        await client.until(() => client.heard('logMessage').length === 4, 'all its messages');
      }),
    ));

test('SDK 1.x: a server of HTTP+SSE only is found by its stream', () =>
  withHttpServer(example('simpleSseServer'), [], ({ origin }) =>
    ForeignClient.with(remote(`${origin}/mcp`), async (client, { negotiated }) => {
      assert.equal(negotiated.era, 'legacy');
      assert.deepEqual(await client.names('tools'), ['start-notification-stream']);
      assert.match(await client.say('start-notification-stream', { interval: 5, count: 2 }), /every 5ms/);
    }),
  ));
