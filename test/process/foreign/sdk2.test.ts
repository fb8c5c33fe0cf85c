/** A server made with the official SDK 2.x, in both eras, over stdio and over HTTP. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';

import type { LaunchSpec, RemoteSpec } from '../../../src/client/contract';
import { toFailure } from '../../../src/protocol/failure';
import type { Negotiated } from '../../../src/protocol/revisions';
import {
  ForeignClient,
  refusedWith,
  remote,
  script,
  structuredOf,
  textOf,
  type ForeignOptions,
} from './foreignClient';
import { withHttpServer } from './httpServer';

const SERVER = path.resolve('test/support/sdk2Server.mjs');
const MODERN: Negotiated = { era: 'modern', revision: '2026-07-28' };
const LEGACY: Negotiated = { era: 'legacy', revision: '2025-11-25' };

interface Way {
  readonly name: string;
  readonly negotiated: Negotiated;
  readonly isHttp: boolean;
  readonly run: (body: (launch: LaunchSpec | RemoteSpec) => Promise<void>) => Promise<void>;
}

const overHttp =
  (...args: string[]): Way['run'] =>
  (body) =>
    withHttpServer(SERVER, args, ({ origin }) => body(remote(origin)));

const WAYS: readonly Way[] = [
  {
    name: 'stdio, stateless',
    negotiated: MODERN,
    isHttp: false,
    run: (body) => body(script(SERVER, ['stdio', 'modern'])),
  },
  {
    name: 'stdio, stateful',
    negotiated: LEGACY,
    isHttp: false,
    run: (body) => body(script(SERVER, ['stdio', 'legacy'])),
  },
  { name: 'HTTP, stateless', negotiated: MODERN, isHttp: true, run: overHttp('http', 'modern') },
  { name: 'HTTP, stateful', negotiated: LEGACY, isHttp: true, run: overHttp('sessions') },
];

for (const { name, negotiated, isHttp, run } of WAYS) {
  const on = (body: Parameters<typeof ForeignClient.with>[1], options: ForeignOptions = {}): Promise<void> =>
    run((launch) => ForeignClient.with(launch, body, options));
  const isModern = negotiated.era === 'modern';

  test(`SDK 2.x over ${name}: what it is and what it lists`, () =>
    on(async (client, server) => {
      assert.deepEqual(server.negotiated, negotiated);
      assert.equal(server.info.name, 'sdk2-fixture');
      assert.match(server.declared, /"instructions":"Nothing to do here\."/);
      const tools = await client.list('tools');
      assert.ok(tools.some((tool) => tool.name === 'echo' && tool.title === 'Echo'));
      assert.ok(!tools.some((tool) => tool.name === 'late'));
      assert.deepEqual(await client.names('prompts'), ['greet', 'places']);
      assert.deepEqual(await client.names('resources'), ['first', 'oracle']);
      const [template] = await client.list('resourceTemplates');
      assert.equal(template?.uriTemplate, 'note://{name}');
    }));

  test(`SDK 2.x over ${name}: results, errors, completion`, () =>
    on(async (client) => {
      assert.equal(
        await client.say('echo', { message: '=?base64?line\nbreak ü?=' }),
        '=?base64?line\nbreak ü?=',
      );
      assert.deepEqual(structuredOf(await client.call('structured')), { sum: 3, none: null });
      assert.equal((await client.call('fail')).isError, true);
      const [first] = (await client.read('note://first')).contents;
      assert.ok(first?.body.kind === 'text');
      await refusedWith(-32602, client.read('note://nowhere'));
      const { messages } = await client.prompt('greet', { name: 'ann' });
      assert.match(JSON.stringify(messages), /Greet ann/);
      await refusedWith(-32602, client.prompt('greet'));
      assert.deepEqual(await client.complete({ kind: 'prompt', name: 'greet' }, 'name', 'b'), [
        'ben',
        'beth',
      ]);
      const template = { kind: 'resource', uriTemplate: 'note://{name}' } as const;
      assert.deepEqual(await client.complete(template, 'name', 'a', { family: 'lee' }), ['ann lee']);
    }));

  test(`SDK 2.x over ${name}: progress, cancellation, and many calls at once on one connection`, () =>
    on(async (client) => {
      await client.call('count', { steps: 3 });
      const last = client.heard('progress').at(-1);
      assert.deepEqual(last, { callId: 1, progress: 3, total: 3, message: 'step 3' });
      const abort = new AbortController();
      const long = client.call('count', { steps: 10_000 }, abort.signal);
      await client.event('progress', ({ callId }) => callId === 2);
      abort.abort();
      await assert.rejects(long, (error) => toFailure(error).code === 'cancelled');
      const messages = Array.from({ length: 40 }, (_, index) => `message ${index}`);
      const said = await Promise.all(messages.map((message) => client.say('echo', { message })));
      assert.deepEqual(said, messages);
    }));

  test(`SDK 2.x over ${name}: what it asks for in the middle of a call, a read and a prompt`, () =>
    on(async (client) => {
      assert.deepEqual(JSON.parse(await client.say('what_can_you_do')), {
        sampling: {},
        roots: isModern ? {} : { listChanged: true },
        ...(isModern ? { extensions: { 'io.modelcontextprotocol/tasks': {} } } : {}),
      });
      const both = await client.say('ask_both');
      assert.match(both, /forty-two.*file:\/\/\/work\/project/);
      assert.equal(await client.say('ask_thrice'), 'asked 3 times');
      const [oracle] = (await client.read('oracle://words')).contents;
      assert.ok(oracle?.body.kind === 'blob');
      assert.match(Buffer.from(oracle.body.data).toString('utf8'), /forty-two/);
      assert.match(JSON.stringify((await client.prompt('places')).messages), /work\/project/);
      assert.equal(client.rootsAsked, 2);
      const asked = client.sampled.map(({ request }) => request.messages[0]?.content[0]);
      assert.deepEqual(
        asked.map((block) => (block?.type === 'text' ? block.text : block)),
        ['both', 'question 1', 'question 2', 'question 3', 'oracle'],
      );
      // Over stdio in the stateful era nothing says which call a request belongs to.
      const known = isModern || isHttp;
      assert.ok(client.sampled.every(({ origin }) => origin.kind === (known ? 'call' : 'unattributed')));
    }));

  test(`SDK 2.x over ${name}: changes of lists and of a watched resource are told`, () =>
    on(async (client) => {
      await client.request('subscribe', { uri: 'note://first' });
      // Asking for the subscription is answered at once or by a notification, so the first change may come before it.
      let rounds = 0;
      while (client.heard('resourceUpdated').length === 0 && rounds++ < 500)
        await client.call('write_note', { name: 'first' });
      assert.deepEqual(await client.event('resourceUpdated'), { uri: 'note://first' });
      await client.call('write_note', { name: 'second' });
      await client.event('listChanged', ({ kind }) => kind === 'resources');
      assert.deepEqual(await client.names('resources'), ['first', 'oracle', 'second']);
      await client.call('offer_late');
      await client.event('listChanged', ({ kind }) => kind === 'tools');
      assert.equal(await client.say('late'), 'here I am');
    }));
}

test('SDK 2.x over HTTP, stateless: arguments that a tool wants as headers are there, and are compared by the server', () =>
  withHttpServer(SERVER, ['http', 'modern'], ({ origin }) =>
    ForeignClient.with(remote(origin), async (client) => {
      await client.list('tools');
      const given = { region: ' süd ', count: -7, where: { exact: true } };
      assert.deepEqual(JSON.parse(await client.say('headers', given)), given);
      assert.deepEqual(JSON.parse(await client.say('headers', { count: 0 })), { count: 0 });
    }),
  ));

test('SDK 2.x over HTTP, stateless: a tool that was never listed is listed when the server misses its headers', () =>
  withHttpServer(SERVER, ['http', 'modern'], ({ origin }) =>
    ForeignClient.with(remote(origin), async (client) => {
      assert.deepEqual(JSON.parse(await client.say('headers', { region: 'north' })), { region: 'north' });
    }),
  ));

for (const [name, args] of [
  ['stdio', ['stdio', 'both']],
  ['HTTP', ['http', 'both']],
] as const)
  test(`SDK 2.x over ${name}: of a server that speaks both eras the stateless one is used`, () => {
    const check = (launch: LaunchSpec | RemoteSpec): Promise<void> =>
      ForeignClient.with(launch, async (client, server) => {
        assert.deepEqual(server.negotiated, MODERN);
        assert.equal(await client.say('echo', { message: 'hi' }), 'hi');
      });
    return name === 'stdio' ? check(script(SERVER, args)) : overHttp(...args)(check);
  });

test('SDK 2.x over HTTP, stateful: the session is ended at the server when the client closes', () =>
  withHttpServer(SERVER, ['sessions'], async ({ origin, output }) => {
    await ForeignClient.with(remote(origin), async (client) => {
      assert.equal(textOf(await client.call('echo', { message: 'hi' })), 'hi');
      assert.doesNotMatch(output(), /session closed/);
    });
    assert.match(output(), /session closed/);
  }));

test('SDK 2.x: a call that needs what the client does not offer is refused by the server in its own way', () =>
  ForeignClient.with(
    script(SERVER, ['stdio', 'modern']),
    async (client) => {
      assert.doesNotMatch(await client.say('what_can_you_do'), /sampling|roots|elicitation/);
      const failure = await client.call('ask_both').then(
        (result) => ({ isError: result.isError }),
        (error: unknown) => toFailure(error),
      );
      assert.ok(
        'isError' in failure ? failure.isError : failure.code === 'server-error',
        JSON.stringify(failure),
      );
      assert.deepEqual(client.sampled, []);
    },
    { offers: { sampling: false, roots: false } },
  ));
