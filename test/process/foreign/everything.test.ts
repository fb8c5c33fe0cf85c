/** Every primitive of server-everything that this client has, over each of its three transports. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { ownString, type JsonObject } from '../../../src/base/json';
import type { LaunchSpec, RemoteSpec } from '../../../src/client/contract';
import { ForeignClient, refusedWith, remote, script, structuredOf, textOf } from './foreignClient';
import { withHttpServer } from './httpServer';

const EVERYTHING = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const DOCUMENT = 'demo://resource/static/document/features.md';

type Body = Parameters<typeof ForeignClient.with>[1];
type Way = (body: (launch: LaunchSpec | RemoteSpec) => Promise<void>) => Promise<void>;

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  ['stdio', (body) => body(script(EVERYTHING, ['stdio']))],
  [
    'Streamable HTTP',
    (body) =>
      withHttpServer(EVERYTHING, ['streamableHttp'], ({ origin }) => body(remote(`${origin}/mcp`, 'http'))),
  ],
  ['HTTP+SSE', (body) => withHttpServer(EVERYTHING, ['sse'], ({ origin }) => body(remote(`${origin}/sse`)))],
];

/** What the server says by itself is lost on it until there is a stream for that; it asks for the roots as soon as there is. */
function isListening(client: ForeignClient): Promise<void> {
  return client.until(() => client.rootsAsked > 0, 'the server asks for the roots');
}

for (const [name, way] of WAYS) {
  const on = (body: Body): Promise<void> => way((launch) => ForeignClient.with(launch, body));

  test(`server-everything over ${name}: what it says of itself, and all four lists`, () =>
    on(async (client, { negotiated, info, capabilities, declared }) => {
      assert.deepEqual(negotiated, { era: 'legacy', revision: '2025-11-25' });
      assert.equal(info.title, 'Everything Reference Server');
      assert.deepEqual(capabilities.tools, { listChanged: true });
      assert.deepEqual(capabilities.resources, { listChanged: true, subscribe: true });
      assert.ok(capabilities.prompts && capabilities.completions && capabilities.logging);
      assert.ok((ownString(JSON.parse(declared) as JsonObject, 'instructions')?.length ?? 0) > 1_000);
      // The tools that need a feature of the client come only after the handshake. Over Streamable HTTP that is told before there is
      // a stream on which it could be.
      if (name !== 'Streamable HTTP') await client.event('listChanged', ({ kind }) => kind === 'tools');
      await isListening(client);
      const tools = await client.list('tools');
      const tool = tools.find((one) => one.name === 'get-roots-list');
      assert.deepEqual(tool?.annotations, {
        readOnlyHint: true,
        destructiveHint: false,
        idempotentHint: true,
        openWorldHint: false,
      });
      assert.ok(tools.some((one) => one.name === 'trigger-sampling-request'));
      assert.deepEqual(await client.names('prompts'), [
        'args-prompt',
        'completable-prompt',
        'resource-prompt',
        'simple-prompt',
      ]);
      assert.equal((await client.list('resources')).length, 7);
      assert.deepEqual(
        (await client.list('resourceTemplates')).map(({ uriTemplate }) => uriTemplate).sort(),
        ['demo://resource/dynamic/blob/{resourceId}', 'demo://resource/dynamic/text/{resourceId}'],
      );
    }));

  test(`server-everything over ${name}: every kind of result`, () =>
    on(async (client) => {
      assert.equal(await client.say('echo', { message: 'héllo\nyou' }), 'Echo: héllo\nyou');
      assert.match(await client.say('get-sum', { a: 2, b: 40 }), /42/);
      const wrong = await client.call('echo', { message: 7 });
      assert.equal(wrong.isError, true, "a wrong argument is the tool's own error");
      const annotated = await client.call('get-annotated-message', {
        messageType: 'error',
        includeImage: true,
      });
      assert.deepEqual(
        annotated.content.map(({ type }) => type),
        ['text', 'image'],
      );
      const { outputSchema } = await client.request('describeTool', { name: 'get-structured-content' });
      assert.ok(outputSchema);
      const weather = await client.call('get-structured-content', { location: 'Chicago' });
      assert.deepEqual(structuredOf(weather), JSON.parse(textOf(weather)));
      const image = (await client.call('get-tiny-image')).content.find(({ type }) => type === 'image');
      assert.ok(image?.type === 'image' && Buffer.from(image.data).subarray(1, 4).equals(Buffer.from('PNG')));
      const links = (await client.call('get-resource-links', { count: 2 })).content.filter(
        (block) => block.type === 'resource_link',
      );
      assert.equal(links.length, 2);
      const kinds = [];
      for (const { uri } of links) kinds.push((await client.read(uri)).contents[0]?.body.kind);
      assert.deepEqual(kinds.sort(), ['blob', 'text']);
      for (const [resourceType, kind] of [
        ['Text', 'text'],
        ['Blob', 'blob'],
      ] as const) {
        const given = { resourceType, resourceId: 1 };
        const { content } = await client.call('get-resource-reference', given);
        const embedded = content.find((block) => block.type === 'resource');
        assert.equal(embedded?.contents.body.kind, kind);
      }
      await refusedWith(-32602, client.read('demo://nowhere'));
    }));

  test(`server-everything over ${name}: a resource that a tool makes is told of and can be read`, () =>
    on(async (client) => {
      await isListening(client);
      const data = `data:text/plain,${'squeezed '.repeat(100).trim().replaceAll(' ', '%20')}`;
      const { content } = await client.call('gzip-file-as-resource', { name: 'a.gz', data });
      const [link] = content;
      assert.ok(link?.type === 'resource_link');
      await client.event('listChanged', ({ kind }) => kind === 'resources');
      assert.ok((await client.list('resources')).some(({ uri }) => uri === link.uri));
      const [read] = (await client.read(link.uri)).contents;
      assert.ok(read?.body.kind === 'blob');
      assert.match(gunzipSync(read.body.data).toString('utf8'), /^squeezed squeezed/);
      const embedded = await client.call('gzip-file-as-resource', {
        name: 'b.gz',
        data,
        outputType: 'resource',
      });
      assert.ok(embedded.content[0]?.type === 'resource');
    }));

  test(`server-everything over ${name}: prompts, and completion of their arguments and of templates`, () =>
    on(async (client) => {
      const [simple] = (await client.prompt('simple-prompt')).messages;
      assert.ok(simple?.role === 'user' && simple.content.type === 'text');
      const withArguments = await client.prompt('args-prompt', { city: 'Bern', state: 'BE' });
      assert.match(JSON.stringify(withArguments.messages), /Bern, BE/);
      const embedding = await client.prompt('resource-prompt', { resourceType: 'Text', resourceId: '1' });
      assert.ok(embedding.messages.some((message) => message.content.type === 'resource'));
      await refusedWith(-32602, client.prompt('args-prompt'));
      const prompt = { kind: 'prompt', name: 'completable-prompt' } as const;
      assert.deepEqual(await client.complete(prompt, 'department', 'S'), ['Sales', 'Support']);
      const resolved = { department: 'Engineering' };
      assert.deepEqual(await client.complete(prompt, 'name', '', resolved), ['Alice', 'Bob', 'Charlie']);
      assert.deepEqual(await client.complete(prompt, 'name', ''), []);
      const uriTemplate = 'demo://resource/dynamic/text/{resourceId}';
      assert.deepEqual(await client.complete({ kind: 'resource', uriTemplate }, 'resourceId', '3'), ['3']);
    }));

  test(`server-everything over ${name}: progress, cancellation, messages, watched resources`, () =>
    on(async (client) => {
      await isListening(client);
      await client.call('trigger-long-running-operation', { duration: 0.4, steps: 2 });
      const progress = client.heard('progress');
      assert.deepEqual(progress.at(-1), { callId: 1, progress: 2, total: 2 });
      const abort = new AbortController();
      const long = client.call('trigger-long-running-operation', { duration: 60, steps: 600 }, abort.signal);
      await client.event('progress', ({ callId }) => callId === 2);
      abort.abort();
      await assert.rejects(long, { failure: { code: 'cancelled' } });
      await client.call('toggle-simulated-logging');
      const { level } = await client.event('logMessage', ({ text }) => text.includes('-level'));
      assert.match(level, /^[a-z]+$/);
      await client.request('subscribe', { uri: DOCUMENT });
      await client.call('toggle-subscriber-updates');
      assert.deepEqual(await client.event('resourceUpdated'), { uri: DOCUMENT });
      await client.request('unsubscribe', { uri: DOCUMENT });
    }));

  test(`server-everything over ${name}: it asks for a model answer and for the roots, and hears of new ones`, () =>
    on(async (client) => {
      const answer = await client.say('trigger-sampling-request', { prompt: 'what', maxTokens: 10 });
      assert.match(answer, /forty-two/);
      // Only Streamable HTTP gives each call a stream of its own, by which it is known.
      const origin = name === 'Streamable HTTP' ? { kind: 'call', callId: 1 } : { kind: 'unattributed' };
      assert.deepEqual(
        client.sampled.map((asked) => asked.origin),
        [origin],
      );
      assert.equal(client.sampled[0]?.request.maxTokens, 10);
      const updates = (): number =>
        client.heard('logMessage').filter(({ text }) => text.startsWith('Roots updated')).length;
      await client.until(() => updates() === 1, 'the server asked for the roots by itself');
      assert.match(await client.say('get-roots-list'), /project\s+URI: file:\/\/\/work\/project/);
      client.roots = [{ uri: 'file:///work/other', name: 'other' }];
      await client.request('notifyRootsChanged', undefined);
      await client.until(() => updates() === 2, 'the server has taken the new roots');
      assert.equal(client.rootsAsked, 2);
      assert.match(await client.say('get-roots-list'), /other\s+URI: file:\/\/\/work\/other/);
    }));
}

test('server-everything hides the tools that need what a client does not offer, and is not asked for them', () =>
  ForeignClient.with(
    script(EVERYTHING, ['stdio']),
    async (client) => {
      const names = await client.names('tools');
      assert.ok(names.includes('echo'));
      assert.ok(!names.includes('trigger-sampling-request') && !names.includes('get-roots-list'));
      assert.equal(client.rootsAsked, 0);
    },
    { offers: { sampling: false, roots: false } },
  ));
