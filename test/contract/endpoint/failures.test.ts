import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';

import { ModelError } from '../../../src/host/ports';
import { FakeClock } from '../../support/fakeClock';
import { chunk, EndpointWorld, request, say, startEndpoint } from '../../support/modelEndpoint';
import { json, ScriptedHttp, stream, type HttpExchange } from '../../support/scriptedHttp';

const KEY = 'sk-CANARY-0123456789';

async function failureOf(work: Promise<unknown>): Promise<ModelError> {
  const error: unknown = await work.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ModelError, String(error));
  return error;
}

/** What the person is told when the endpoint plays this. */
async function told(play: (exchange: HttpExchange) => void, key?: string): Promise<ModelError> {
  const http = await startEndpoint(play);
  const world = new EndpointWorld(`${http.origin}/v1`);
  if (key !== undefined) await world.models.setKey(http.origin, key);
  try {
    const asked = world.models.send(world.keyOf('small-1'), request(), new AbortController().signal);
    const error = await failureOf(asked);
    assert.ok(!error.forPerson.includes('CANARY'), error.forPerson);
    return error;
  } finally {
    await http.stop();
  }
}

const refusing =
  (status: number, body: unknown) =>
  (exchange: HttpExchange): void =>
    json(exchange, status, body);

test('each refusal is told in words of its own, and what the endpoint says is quoted', async () => {
  const cases: readonly (readonly [number, unknown, RegExp])[] = [
    [401, { error: { message: 'no' } }, /wants a key\. Set it with "MCP Host: Set Model Endpoint Key/],
    [403, 'forbidden', /wants a key/],
    [404, { error: { message: 'model not found' } }, /has no model "small-1".*It says: "model not found"/],
    [404, '<html>', /has no model "small-1", or its address .* is not complete/],
    [429, { error: 'slow down' }, /takes no more requests for now \(429\)\. It says: "slow down"/],
    [400, { detail: 'bad image' }, /did not take the request \(400\)\. It says: "bad image"/],
    [500, {}, /failed \(500\)\.$/],
    [503, { message: 'loading model' }, /failed \(503\)\. It says: "loading model"/],
  ];
  for (const [status, body, expected] of cases)
    assert.match((await told(refusing(status, body))).forPerson, expected, String(status));
});

test('a key that is refused can be set anew, and is never quoted', async () => {
  const error = await told(refusing(401, { error: { message: `Incorrect API key provided: ${KEY}.` } }), KEY);
  assert.match(error.forPerson, /does not take the key that is set for it \(401\).*\(your key\)/);
  assert.equal(error.remedy, 'set-endpoint-key');
  const inStream = await told((exchange) => {
    stream(exchange);
    exchange.response.end(`data: {"error":{"message":"bad ${KEY}"}}\n\n`);
  }, KEY);
  assert.match(inStream.forPerson, /failed\. It says: "bad \(your key\)"/);
});

test('words of the endpoint are text: no link and no hidden character of theirs reaches the person', async () => {
  const { forPerson } = await told(refusing(400, { error: { message: 'see [x](command:y)\u202e' } }));
  assert.ok(!forPerson.includes(']('), forPerson);
  assert.ok(!forPerson.includes('\u202e'));
});

test('an endpoint that does not run, and one that speaks no HTTP, are told apart', async () => {
  const http = await startEndpoint(() => undefined);
  const world = new EndpointWorld(`${http.origin}/v1`);
  await http.stop();
  assert.match((await failureOf(world.models.list())).forPerson, /nothing answers there\. Is it running\?/);
  const raw = createServer((socket) => void socket.end('hello\r\n'));
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  const other = new EndpointWorld(`http://127.0.0.1:${(raw.address() as AddressInfo).port}/v1`);
  assert.match((await failureOf(other.models.list())).forPerson, /does not speak HTTP as it should/);
  raw.close();
});

test('what is no answer is told as that', async () => {
  const events =
    (...lines: readonly string[]) =>
    (exchange: HttpExchange): void => {
      stream(exchange);
      exchange.response.end(lines.map((line) => `data: ${line}\n\n`).join(''));
    };
  for (const play of [
    events('no json'),
    events('[1]'),
    events('{"choices":5}'),
    events('{"choices":[5]}'),
    events('{}', '[DONE]'),
    events(),
    (exchange: HttpExchange) =>
      void exchange.response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    (exchange: HttpExchange) => json(exchange, 200, { hello: 'world' }),
    (exchange: HttpExchange) => json(exchange, 200, null),
  ])
    assert.match((await told(play)).forPerson, /sent something that is no answer of a model/);
});

test('a stream that breaks off is no answer, however much came', async () => {
  const error = await told((exchange) => {
    stream(exchange);
    chunk(exchange, { content: 'half an' });
    setImmediate(() => exchange.response.destroy());
  });
  assert.match(error.forPerson, /broke off the connection/);
});

test('an event without an end, and answers without an end that say nothing, are cut', async () => {
  const line = 'x'.repeat(65_536);
  const flood =
    (begin: string, piece: string) =>
    (exchange: HttpExchange): void => {
      stream(exchange);
      exchange.response.write(begin);
      const more = (): void => {
        while (!exchange.response.destroyed) if (!exchange.response.write(piece)) break;
      };
      exchange.response.on('drain', more);
      more();
    };
  const thought = `data: ${JSON.stringify({ choices: [{ delta: { reasoning_content: line } }] })}\n\n`;
  for (const play of [flood('data: ', line), flood('', `: ${line}\n`), flood('', thought)])
    assert.match((await told(play)).forPerson, /sent more than an answer of a model can hold/);
});

test('a list that is late, too long, none or a redirect is told, and does not hang', async () => {
  const plays: readonly (readonly [(exchange: HttpExchange) => void, RegExp])[] = [
    [(exchange) => json(exchange, 200, { models: [] }), /no list of models that can be read/],
    [
      (exchange) => json(exchange, 200, { data: 'x'.repeat(3_000_000) }),
      /no list of models that can be read/,
    ],
    [
      (exchange) => json(exchange, 404, {}),
      /has no list of models there \(404\)\. Most addresses end in "\/v1"/,
    ],
    [
      ({ response }) => void response.writeHead(302, { location: 'http://127.0.0.2:1/v1/models' }).end(),
      /leads to another place, .*127\.0\.0\.2/,
    ],
  ];
  for (const [play, expected] of plays) {
    const http = await ScriptedHttp.start(play);
    const world = new EndpointWorld(`${http.origin}/v1`);
    assert.match((await failureOf(world.models.list())).forPerson, expected);
    await http.stop();
  }
  for (const begins of [false, true]) {
    const clock = new FakeClock();
    const http = await ScriptedHttp.start(({ response }) => {
      if (begins) response.writeHead(200, { 'content-type': 'application/json' }).write('{');
    });
    const failure = failureOf(new EndpointWorld(`${http.origin}/v1`, clock).models.list());
    await http.until(() => http.exchanges.length === 1, 'it is asked');
    clock.advance(5_000);
    assert.match((await failure).forPerson, /did not list its models in time/);
    await http.until(() => http.open === 0, 'the connection is closed');
    await http.stop();
  }
});

test('an answer that never begins, and one that falls silent, end after five minutes (T142)', async () => {
  for (const begins of [false, true]) {
    const clock = new FakeClock();
    const http = await startEndpoint((exchange) => {
      if (!begins) return;
      stream(exchange);
      chunk(exchange, { content: 'and then' });
    });
    const world = new EndpointWorld(`${http.origin}/v1`, clock);
    const failure = failureOf(
      world.models.send(world.keyOf('small-1'), request(), new AbortController().signal),
    );
    await http.until(() => http.got('POST').length === 1, 'it is asked');
    let settled = false;
    void failure.then(() => (settled = true));
    while (!settled) {
      clock.advance(300_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.match((await failure).forPerson, /did not answer in time|sent nothing for 300 seconds/);
    await http.until(() => http.open === 0, 'the connection is closed');
    await http.stop();
  }
});

test('an abort closes the connection, whether the answer has begun or not (T142)', async () => {
  for (const begins of [false, true]) {
    const http = await startEndpoint((exchange) => {
      if (!begins) return;
      stream(exchange);
      chunk(exchange, { content: 'and then' });
    });
    const world = new EndpointWorld(`${http.origin}/v1`);
    const abort = new AbortController();
    const failure = failureOf(world.models.send(world.keyOf('small-1'), request(), abort.signal));
    await http.until(() => http.got('POST').length === 1, 'it is asked');
    const before = Date.now();
    abort.abort();
    assert.match((await failure).forPerson, /was cancelled/);
    await http.until(() => http.open === 0, 'the connection is closed');
    assert.ok(Date.now() - before < 1_000);
    await http.stop();
  }
});

test('the key goes to the origin that it was set for, and to no other', async () => {
  const first = await startEndpoint((exchange) => say(exchange, ['a']));
  const second = await startEndpoint((exchange) => say(exchange, ['b']));
  const world = new EndpointWorld(`${first.origin}/v1`);
  await world.models.setKey(first.origin, KEY);
  assert.deepEqual([...world.secrets.values()], [KEY], 'it is in the secret storage');
  const ask = async (): Promise<void> => {
    await world.models.list();
    await world.models.send(world.keyOf('small-1'), request(), new AbortController().signal);
  };
  await ask();
  world.samplingEndpoint = `${second.origin}/v1`;
  await ask();
  const sent = (http: ScriptedHttp): readonly unknown[] =>
    http.exchanges.map(({ headers }) => headers.authorization);
  assert.deepEqual(sent(first), [`Bearer ${KEY}`, `Bearer ${KEY}`]);
  assert.deepEqual(sent(second), [undefined, undefined]);
  assert.doesNotMatch(JSON.stringify(second.exchanges.map(({ headers, text }) => [headers, text])), /CANARY/);
  await world.models.setKey(first.origin, undefined);
  assert.deepEqual([await world.models.hasKey(first.origin), world.secrets.size], [false, 0]);
  await first.stop();
  await second.stop();
});

test('a redirect to another origin is not followed, with the request or without', async () => {
  const sink = await startEndpoint((exchange) => say(exchange, ['stolen']));
  for (const status of [301, 302, 307, 308]) {
    const error = await told(
      ({ response }) =>
        void response.writeHead(status, { location: `${sink.origin}/v1/chat/completions` }).end(),
      KEY,
    );
    assert.match(error.forPerson, /leads to another place/);
  }
  assert.deepEqual(sink.exchanges, []);
  await sink.stop();
});

test('a model that was allowed at one address is not asked at another', async () => {
  const http = await startEndpoint((exchange) => say(exchange, ['a']));
  const world = new EndpointWorld(`${http.origin}/v1`);
  const [allowed] = await world.models.list();
  for (const now of [`${http.origin}/v2`, 'https://other.example/v1', '']) {
    world.samplingEndpoint = now;
    const asked = world.models.send(allowed?.key ?? '', request(), new AbortController().signal);
    assert.match((await failureOf(asked)).forPerson, /is not available any more/);
  }
  assert.equal(http.got('POST').length, 0);
  await http.stop();
});

test('an address that may not be used is told, and nothing is sent', async () => {
  const world = new EndpointWorld('http://models.example/v1');
  assert.match(
    (await failureOf(world.models.list())).forPerson,
    /mcpHost\.sampling\.endpoint must start with https/,
  );
  assert.equal(world.models.takesTools, false);
});

test('a secret storage that fails is no endpoint without a key', async () => {
  const http = await startEndpoint((exchange) => say(exchange, ['a']));
  const world = new EndpointWorld(`${http.origin}/v1`);
  world.secrets.get = () => {
    throw new Error('locked');
  };
  assert.match((await failureOf(world.models.list())).forPerson, /secret storage does not answer/);
  assert.deepEqual(http.exchanges, []);
  await http.stop();
});
