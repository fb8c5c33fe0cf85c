import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { JsonValue } from '../../../src/base/json';
import {
  CLIENT_INFO,
  ClientHarness,
  failureOf,
  idOf,
  legacyAnswers,
  modernAnswers,
  paramsOf,
} from '../../support/clientHarness';
import { ScriptedError, type Answer } from '../../support/scriptedServer';

const PROTOCOL = 'io.modelcontextprotocol/protocolVersion';
/** Of the stateless era only (TASKX1, TASKX9). */
const EXTENSIONS = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const INFO = 'io.modelcontextprotocol/clientInfo';

function methods(harness: ClientHarness): string[] {
  return harness.frames.map((frame) => ('method' in frame ? frame.method : 'response'));
}

function refuses(code: number, data?: JsonValue): Answer {
  return () => {
    throw new ScriptedError(code, 'no', data);
  };
}

test('discover is the first message, and a modern answer needs no handshake', async () => {
  const harness = new ClientHarness(modernAnswers({}, { capabilities: { tools: {} } }));
  const server = await harness.connect();
  await harness.settle();
  assert.deepEqual(server.negotiated, { era: 'modern', revision: '2026-07-28' });
  assert.equal(server.info.name, 'new');
  assert.deepEqual(methods(harness), ['server/discover']);
  await harness.end();
});

test('the probe carries exactly the required envelope', async () => {
  const harness = new ClientHarness(modernAnswers({}, { capabilities: {} }));
  await harness.connect();
  assert.deepEqual(paramsOf(harness.frames[0]), {
    _meta: {
      [PROTOCOL]: '2026-07-28',
      [CAPABILITIES]: { sampling: {}, roots: {}, ...EXTENSIONS },
      [INFO]: CLIENT_INFO,
    },
  });
  await harness.end();
});

test('capabilities are declared exactly as offered, in the form of the era', async () => {
  const cases = [
    [
      { sampling: true, roots: true },
      { sampling: {}, roots: {}, ...EXTENSIONS },
      { sampling: {}, roots: { listChanged: true } },
    ],
    [{ sampling: true, roots: false }, { sampling: {}, ...EXTENSIONS }, { sampling: {} }],
    [
      { sampling: true, samplingTools: true, roots: false },
      { sampling: { tools: {} }, ...EXTENSIONS },
      { sampling: { tools: {} } },
    ],
    [{ sampling: false, samplingTools: true, roots: false }, EXTENSIONS, {}],
    [{ sampling: false, roots: true }, { roots: {}, ...EXTENSIONS }, { roots: { listChanged: true } }],
    [{ sampling: false, roots: false }, EXTENSIONS, {}],
  ] as const;
  for (const [offers, modern, legacy] of cases) {
    const harness = new ClientHarness(legacyAnswers());
    await harness.connect({ offers });
    const meta = paramsOf(harness.sent('server/discover')[0])['_meta'];
    assert.deepEqual((meta as Record<string, unknown>)[CAPABILITIES], modern);
    assert.deepEqual(paramsOf(harness.sent('initialize')[0])['capabilities'], legacy);
    await harness.end();
  }
});

for (const code of [-32601, -32602, -32600, -32000, -32603, 17, -32700, -32099])
  test(`error ${code} to the probe means the stateful era`, async () => {
    const harness = new ClientHarness(legacyAnswers({ 'server/discover': refuses(code) }));
    const server = await harness.connect();
    await harness.settle();
    assert.deepEqual(server.negotiated, { era: 'legacy', revision: '2025-11-25' });
    assert.deepEqual(methods(harness), ['server/discover', 'initialize', 'notifications/initialized']);
    assert.deepEqual(paramsOf(harness.sent('initialize')[0]), {
      protocolVersion: '2025-11-25',
      capabilities: { sampling: {}, roots: { listChanged: true } },
      clientInfo: CLIENT_INFO,
    });
    await harness.end();
  });

for (const [what, result] of [
  ['null', null],
  ['a number', 7],
  ['an object without versions', { tools: [] }],
  ['versions that are no list', { supportedVersions: '2026-07-28' }],
] as const)
  test(`a probe answered with ${what} means the stateful era`, async () => {
    const harness = new ClientHarness(legacyAnswers({ 'server/discover': () => result }));
    assert.equal((await harness.connect()).negotiated.era, 'legacy');
    await harness.end();
  });

test('every known legacy revision is adopted', async () => {
  for (const revision of ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05']) {
    const harness = new ClientHarness(legacyAnswers({}, { revision }));
    assert.equal((await harness.connect()).negotiated.revision, revision);
    await harness.end();
  }
});

test('a refusal that names a mutual version is followed by the same request with a new id', async () => {
  let probes = 0;
  const answers = modernAnswers({}, { capabilities: {} });
  const good = answers.get('server/discover');
  answers.set('server/discover', (params, request) => {
    if (probes++ > 0) return good?.(params, request);
    throw new ScriptedError(-32022, 'no', { supported: ['2025-11-25', '2026-07-28'], requested: 'x' });
  });
  const harness = new ClientHarness(answers);
  assert.equal((await harness.connect()).negotiated.era, 'modern');
  const [first, second] = harness.sent('server/discover');
  assert.notEqual(idOf(first), idOf(second));
  assert.deepEqual(paramsOf(first), paramsOf(second));
  assert.deepEqual(methods(harness), ['server/discover', 'server/discover']);
  await harness.end();
});

test('a server that refuses the same version twice is told in its own words, and not asked for ever', async () => {
  const refusal = refuses(-32022, { supported: ['2026-07-28'], requested: 'x' });
  const harness = new ClientHarness(legacyAnswers({ 'server/discover': refusal }));
  const failure = await failureOf(harness.connect());
  assert.ok(failure.code === 'server-error' && failure.rpcCode === -32022);
  assert.deepEqual(methods(harness), ['server/discover', 'server/discover']);
  await harness.end();
});

test('versions that exist only behind the handshake lead to it, with the newest of them', async () => {
  const supported = ['2024-11-05', '2025-06-18', '2031-01-01'];
  const ways: Answer[] = [
    refuses(-32022, { supported }),
    () => ({ supportedVersions: supported, capabilities: {} }),
  ];
  for (const discover of ways) {
    const harness = new ClientHarness(
      legacyAnswers({ 'server/discover': discover }, { revision: '2025-06-18' }),
    );
    assert.equal((await harness.connect()).negotiated.revision, '2025-06-18');
    assert.equal(paramsOf(harness.sent('initialize')[0])['protocolVersion'], '2025-06-18');
    await harness.end();
  }
});

test('no mutual version is told with the versions the server named', async () => {
  const supported = ['2031-01-01', '2030-01-01'];
  const ways: Answer[] = [
    refuses(-32022, { supported }),
    () => ({ supportedVersions: supported, capabilities: {} }),
  ];
  for (const discover of ways) {
    const harness = new ClientHarness(legacyAnswers({ 'server/discover': discover }));
    assert.deepEqual(await failureOf(harness.connect()), { code: 'unsupported-version', offered: supported });
    assert.equal(harness.sent('initialize').length, 0);
    assert.equal((await harness.server.whenClosed).kind, 'ended', 'the server was let go');
    await harness.end();
  }
});

for (const code of [-32020, -32021])
  test(`the modern error ${code} never falls back to the handshake`, async () => {
    const harness = new ClientHarness(legacyAnswers({ 'server/discover': refuses(code) }));
    const failure = await failureOf(harness.connect());
    assert.equal(failure.code === 'server-error' && failure.rpcCode, code);
    await harness.settle();
    assert.deepEqual(methods(harness), ['server/discover']);
    assert.equal(harness.servers.length, 1);
    await harness.end();
  });

test('an initialize answered with an unknown version is refused, and the server let go', async () => {
  for (const revision of ['9999-01-01', '', 'x'.repeat(1_000_000)]) {
    const harness = new ClientHarness(legacyAnswers({}, { revision }));
    assert.deepEqual(await failureOf(harness.connect()), {
      code: 'unsupported-version',
      offered: [revision.slice(0, 64)],
    });
    await harness.server.whenClosed;
    assert.equal(harness.sent('notifications/initialized').length, 0);
    await harness.end();
  }
});

test('an initialize that is refused with versions names them, and any other refusal is the error of the server', async () => {
  const versions = legacyAnswers({
    initialize: refuses(-32602, { supported: ['2026-12-31'], requested: 'x' }),
  });
  const named = new ClientHarness(versions);
  assert.deepEqual(await failureOf(named.connect()), {
    code: 'unsupported-version',
    offered: ['2026-12-31'],
  });
  await named.end();
  const plain = new ClientHarness(legacyAnswers({ initialize: refuses(-32603) }));
  const failure = await failureOf(plain.connect());
  assert.equal(failure.code === 'server-error' && failure.rpcCode, -32603);
  await plain.end();
});

test('an initialize result without a version is invalid', async () => {
  for (const result of [{}, [], 'x', null, { protocolVersion: 5 }]) {
    const harness = new ClientHarness(legacyAnswers({ initialize: () => result }));
    assert.equal((await failureOf(harness.connect())).code, 'invalid-result');
    await harness.end();
  }
});

test('what a server says of itself is bounded, and lies in capabilities count as absent', async () => {
  const harness = new ClientHarness(
    legacyAnswers({
      initialize: () => ({
        protocolVersion: '2025-11-25',
        capabilities: { tools: true, resources: [], prompts: { listChanged: 'yes' }, logging: null },
        serverInfo: { name: 'n'.repeat(1_000_000), version: 5 },
        instructions: 'i'.repeat(5_000_000),
      }),
    }),
  );
  const server = await harness.connect();
  assert.deepEqual(server.capabilities, {
    prompts: { listChanged: false },
    completions: false,
    logging: false,
  });
  assert.equal(server.info.name.length, 200);
  assert.equal(server.info.version, '');
  assert.equal(server.declared, '"(more than can be shown)"');
  await harness.end();
});

test('all that a server declares is kept as it wrote it, in both eras; only its instructions are cut', async () => {
  const serverInfo = {
    name: 's',
    version: '1',
    websiteUrl: 'https://s.test',
    icons: [{ src: 'data:image/png;base64,AA==' }],
  };
  const said = {
    capabilities: { tools: {}, experimental: { 'com.example/x': { a: 1 } } },
    instructions: 'i'.repeat(100_000),
    other: [null],
  };
  const initialized = { ...said, protocolVersion: '2025-11-25', serverInfo, _meta: { b: 2 } };
  const discovered = {
    ...said,
    resultType: 'complete',
    supportedVersions: ['2026-07-28'],
    _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo, b: 2 },
  };
  for (const [answers, result] of [
    [legacyAnswers({ initialize: () => initialized }), initialized],
    [modernAnswers({ 'server/discover': () => discovered }), discovered],
  ] as const) {
    const harness = new ClientHarness(answers);
    const { declared } = await harness.connect();
    assert.deepEqual(JSON.parse(declared), { ...result, instructions: 'i'.repeat(65_536) });
    await harness.end();
  }
});

test('a client connects once', async () => {
  const harness = await ClientHarness.connected(legacyAnswers());
  assert.equal((await failureOf(harness.connect())).code, 'internal');
  assert.equal(harness.servers.length, 1);
  await harness.end();
});
