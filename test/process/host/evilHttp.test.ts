/** A real host with a server over HTTP that misbehaves, one way per case, by the ids of the abuse catalogue (T044 to T078). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lineLimits } from '../../../src/transport/admission';
import { EvilHttp } from '../../support/evilHttp';
import { eventually, MIB } from '../../support/processProbes';
import { besiege, CANARY, type Ask } from '../../support/siege';
import { textOf, type RealHost } from './realHost';

interface Scene {
  readonly real: RealHost;
  readonly evil: EvilHttp;
  readonly ask: Ask;
}

interface Case {
  readonly mode: string;
  /** What the server does, and what comes of it. */
  readonly name: string;
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly run: (scene: Scene) => Promise<void>;
}

const CLIENT_HEAP = 512 * MIB;
const RSS = CLIENT_HEAP + 2 * lineLimits(CLIENT_HEAP).line;
const SECRETS = { headers: { Authorization: `Bearer ${CANARY}`, 'X-Api-Key': CANARY } };
const IMPATIENT = { timeouts: { connect: 3, request: 1, total: 3 } };

async function act(real: RealHost, tool = 'act'): Promise<string> {
  return textOf(await real.call('bad', tool));
}

async function stillServes({ real, ask }: Scene): Promise<void> {
  await ask();
  assert.equal(textOf(await real.call('bad', 'echo', { text: 'back' })), 'back');
}

/** A call that fails, with the neighbour asked until it does. @returns what the person is told */
async function failing({ real, ask }: Scene, tool = 'act'): Promise<string> {
  let told: string | undefined;
  const call = act(real, tool).then(
    () => assert.fail('it was answered'),
    (error: unknown) => (told = error instanceof Error ? JSON.stringify([error.message, error]) : ''),
  );
  do await ask();
  while (told === undefined);
  await call;
  assert.ok(!told.includes(CANARY), 'no secret is told');
  return told;
}

/** Asks the neighbour for so many milliseconds: what should not happen gets the time to. */
async function meanwhile({ ask }: Scene, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await ask();
}

function failsWith(pattern: RegExp, tool?: string): Case['run'] {
  return async (scene) => {
    assert.match(await failing(scene, tool), pattern);
    await stillServes(scene);
  };
}

/** Connections without use are opened again with measure, and calls go on (T062). */
const calmly: Case['run'] = async (scene) => {
  await meanwhile(scene, 2_500);
  const opened = await scene.evil.count('GET');
  assert.ok(opened >= 1 && opened <= 3, `${opened} times`);
  await stillServes(scene);
};

/** Asked for once (T063). */
const onceOnly: Case['run'] = async (scene) => {
  await meanwhile(scene, 1_500);
  assert.equal(await scene.evil.count('GET'), 1);
  await stillServes(scene);
};

const notFollowed: Case['run'] = async (scene) => {
  assert.match(await failing(scene), /moved|redirects/);
  await scene.evil.assertNothingLeaked();
  await stillServes(scene);
};

/** Not connected at all. */
function refusedWith(pattern: RegExp): Case['run'] {
  return async ({ real }) => {
    const state = real.state('bad');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
    assert.match(JSON.stringify(state.cause.failure), pattern);
    await Promise.resolve();
  };
}

/** Floods on the stream of the server's own, until it is stopped. */
const bears: Case['run'] = async (scene) => {
  await meanwhile(scene, 1_500);
  await scene.real.host.stop('user/bad');
  assert.equal(scene.real.state('bad').kind, 'stopped');
};

const actsOnce: Case['run'] = async (scene) => {
  assert.match(await failing(scene), /session|404/);
  const { acted, sessions } = await scene.evil.seen();
  assert.equal(acted, 1, 'a tool is never called twice');
  assert.ok(sessions <= 2, `${sessions} sessions`);
};

const CASES: readonly Case[] = [
  {
    mode: 'retryZero',
    name: 'T062 streams that end at once with retry 0 are opened again with measure',
    run: calmly,
  },
  { mode: 'retryOdd', name: 'T062 odd waits change nothing of that', run: calmly },
  {
    mode: 'closeAfterEach',
    name: 'T062 streams that end behind each event are opened again with measure',
    run: calmly,
  },
  { mode: 'getText', name: 'T063 a stream that is a text is asked for once', run: onceOnly },
  { mode: 'getHtml', name: 'T063 a stream that is a page is asked for once', run: onceOnly },
  { mode: 'getEmpty', name: 'T063 a stream without content is asked for once', run: onceOnly },
  {
    mode: 'getNot',
    name: 'T063 a stream that is not found is asked for once, and the session stays',
    run: onceOnly,
  },
  { mode: 'good', name: 'T063 a stream that is not offered is asked for once', run: onceOnly },
  {
    mode: 'getSilent',
    name: 'T063 a stream that says nothing is kept, and calls go on beside it',
    run: onceOnly,
  },
  { mode: 'endlessJson', name: 'T064 a body without an end is cut', run: failsWith(/may not be larger/) },
  { mode: 'endlessEvent', name: 'T064 an event without an end is cut', run: failsWith(/may not be larger/) },
  {
    mode: 'gzipBomb',
    name: 'T064 a compressed bomb is cut by what it unpacks to',
    run: failsWith(/may not be larger/),
  },
  {
    mode: 'brotli',
    name: 'T064 a compression that was not asked for is not read',
    run: failsWith(/not valid/),
  },
  { mode: 'comments', name: 'T064 a flood of comments costs nobody anything', run: bears },
  { mode: 'hugeError', name: 'T065 of a huge error the beginning is told', run: failsWith(/HTTP 500/) },
  { mode: 'portal', name: 'T065 a page instead of MCP is told as such', run: failsWith(/web page/) },
  {
    mode: 'echoSecret',
    name: 'T065 an error that echoes the secrets does not show them',
    entry: SECRETS,
    run: failsWith(/HTTP 500/),
  },
  {
    mode: 'echoSecret',
    name: 'T065 nor does a JSON-RPC error',
    entry: SECRETS,
    run: failsWith(/error -1/, 'late'),
  },
  {
    mode: 'slowHeaders',
    name: 'T066 headers byte by byte end with the deadline',
    entry: IMPATIENT,
    run: deadline,
  },
  {
    mode: 'slowBody',
    name: 'T066 a body byte by byte ends with the deadline',
    entry: IMPATIENT,
    run: deadline,
  },
  {
    mode: 'silent',
    name: 'T066 a server that accepts and says nothing holds no connection',
    entry: IMPATIENT,
    run: deadline,
  },
  {
    mode: 'cut',
    name: 'T066 a connection that is cut is told at once',
    run: failsWith(/may still have acted|without an answer/),
  },
  {
    mode: 'silentFromTheStart',
    name: 'T066 a start without any answer ends with its deadline',
    entry: IMPATIENT,
    run: refusedWith(/timeout/),
  },
  {
    mode: 'silentOldStream',
    name: 'T066 a first transport that never names its address ends with the deadline',
    entry: { ...IMPATIENT, type: 'sse' },
    run: refusedWith(/timeout/),
  },
  ...[
    'redirectOther',
    'redirectSink',
    'redirectRelative',
    'redirectFile',
    'redirectMetadata',
    'redirectMethod',
    'redirectLoop',
  ].map((mode): Case => ({
    mode,
    name: `T067 ${mode} is not followed, and nothing leaves the origin`,
    entry: SECRETS,
    run: notFollowed,
  })),
  {
    mode: 'challenge',
    name: 'T068 a challenge that names another origin gets no configured header there',
    entry: SECRETS,
    run: async (scene) => {
      assert.match(await failing(scene), /401|-32000/);
      assert.ok(!(await scene.evil.seen()).sink.text.includes(CANARY));
      await stillServes(scene);
    },
  },
  {
    mode: 'loses404',
    name: 'T069 a session that is lost by every call is renewed once, and nothing is repeated',
    run: actsOnce,
  },
  { mode: 'loses400', name: 'T069 the same with 400 and a word about the session', run: actsOnce },
  {
    mode: 'losesAll',
    name: 'T069 sessions that live for one request are not opened again and again',
    run: async (scene) => {
      await meanwhile(scene, 1_000);
      await failing(scene);
      const { sessions, acted } = await scene.evil.seen();
      assert.ok(sessions <= 2 && acted <= 1, `${sessions} sessions, ${acted} acts`);
    },
  },
  {
    mode: 'renames',
    name: 'T069 only the handshake names a session',
    run: async ({ real, evil }) => {
      for (let count = 1; count <= 3; count++) assert.equal(await act(real), `acted ${count}`);
      const { requests } = await evil.seen();
      assert.ok(!requests.some(({ headers }) => headers.some((value) => value.startsWith('renamed'))));
    },
  },
  { mode: 'oddSession', name: 'T069 a session id that cannot be sent back is not taken', run: stillServes },
  {
    mode: 'alwaysUnauthorized',
    name: 'T070 a server that refuses everybody is asked a few times and told',
    entry: SECRETS,
    run: async (scene) => {
      await meanwhile(scene, 1_000);
      const { requests } = await scene.evil.seen();
      assert.ok(requests.length <= 3, `${requests.length} requests`);
      assert.notEqual(scene.real.state('bad').kind, 'running');
    },
  },
  {
    mode: 'alwaysForbidden',
    name: 'T070 a call that is forbidden with a new scope each time is made once',
    run: async (scene) => {
      assert.match(await failing(scene), /403/);
      assert.ok((await scene.evil.seen()).acted <= 3);
      await stillServes(scene);
    },
  },
  {
    mode: 'maintenance',
    name: 'T071 lists stay through a maintenance, and a call fails once',
    run: async (scene) => {
      const { real, evil } = scene;
      await real.until(() => real.host.offered('tools').length > 3);
      await real.host.refresh('user/bad', 'tools');
      const tools = (): string | undefined => real.host.server('user/bad')?.catalog?.list('tools').kind;
      await real.until(() => tools() === 'failed');
      assert.equal(real.host.server('user/bad')?.catalog?.items('tools').length, 3, 'the last list stays');
      assert.match(await failing(scene), /503/);
      assert.equal((await evil.seen()).requests.filter(({ tool }) => tool === 'act').length, 1);
      await stillServes(scene);
    },
  },
  {
    mode: 'headers',
    name: 'T072 arguments and names that become headers stay one line of ASCII',
    run: headersStayLines,
  },
  ...['endpointSink', 'endpointRelative', 'endpointScript'].map((mode): Case => ({
    mode,
    name: `T073 the ${mode} of the first transport gets nothing`,
    entry: { ...SECRETS, ...IMPATIENT, type: 'sse' },
    run: async (scene) => {
      await refusedWith(/other-origin|moved/)(scene);
      await scene.evil.assertNothingLeaked();
    },
  })),
  {
    mode: 'crossed',
    name: 'T077 an answer on the stream of another call settles the call that it names, once',
    run: async ({ real, ask }) => {
      const first = act(real);
      await eventually(
        () => Promise.resolve(real.host.calls.runningOf('user/bad').length === 1),
        1_000,
        'it runs',
      );
      await ask();
      assert.equal(await act(real, 'late'), 'for this one');
      assert.equal(await first, 'for the other');
    },
  },
  {
    mode: 'replays',
    name: 'T077 an answer that is repeated is one answer',
    run: async (scene) => {
      assert.equal(await act(scene.real), 'once');
      await stillServes(scene);
    },
  },
  {
    mode: 'oddEvents',
    name: 'T077 lines that end with CR are read, other kinds of events and two values in one are not',
    run: async (scene) => {
      assert.equal(await act(scene.real), 'read');
      await stillServes(scene);
    },
  },
  {
    mode: 'listenCloses',
    name: 'T077 subscriptions that close at once are opened again with measure',
    run: async (scene) => {
      await meanwhile(scene, 2_500);
      const opened = await scene.evil.count('POST', 'subscriptions/listen');
      assert.ok(opened >= 1 && opened <= 3, `${opened} times`);
      await stillServes(scene);
    },
  },
  { mode: 'noise', name: 'T044 an answer that is no JSON fails its call', run: failsWith(/not valid/) },
  {
    mode: 'bom',
    name: 'T045 a byte order mark is no part of an answer',
    run: async ({ real }) => assert.equal(await act(real), 'with a mark'),
  },
  { mode: 'utf16', name: 'T045 UTF-16 fails its call', run: failsWith(/not valid/) },
  {
    mode: 'invalidUtf8',
    name: 'T047 bytes that are no UTF-8 are replaced',
    run: async ({ real }) => assert.equal(await act(real), '\ufffd\ufffd'),
  },
  { mode: 'deep', name: 'T049 an answer that is too deep is refused', run: failsWith(/nested|deep/) },
  {
    mode: 'otherIds',
    name: 'T050, T051 answers under other ids answer nothing',
    run: async ({ real }) => assert.equal(await act(real), 'this'),
  },
  {
    mode: 'prototype',
    name: 'T052 names of the prototype are data',
    run: async ({ real }) => {
      const { structured, isError } = await real.call('bad', 'act');
      assert.ok(structured?.kind === 'inline' && structured.text.includes('__proto__'));
      assert.equal(isError, false);
      assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    },
  },
  {
    mode: 'changesFlood',
    name: 'T054 a flood of changes reads each list twice a second at most',
    run: async (scene) => {
      const before = await scene.evil.count('POST', 'tools/list');
      await meanwhile(scene, 2_000);
      const lists = (await scene.evil.count('POST', 'tools/list')) - before;
      assert.ok(lists <= 6, `${lists} times`);
      await bears(scene);
    },
  },
  { mode: 'logFlood', name: 'T055 a flood of messages, progress and updates is borne', run: bears },
  { mode: 'requestFlood', name: 'T056 a flood of requests is borne', run: bears },
  {
    mode: 'progressForEver',
    name: 'T058 progress keeps no call alive beyond its limit',
    entry: IMPATIENT,
    run: failsWith(/Not finished after 3 s/),
  },
  {
    mode: 'progressForEver',
    name: 'T059 a call that is cancelled ends at once, whatever comes behind it',
    run: async (scene) => {
      const abort = new AbortController();
      const call = assert.rejects(scene.real.call('bad', 'act', {}, abort.signal), /Cancelled/);
      await eventually(async () => (await scene.evil.count('POST', 'tools/call')) > 0, 1_000, 'the call');
      abort.abort();
      await call;
      await stillServes(scene);
    },
  },
  {
    mode: 'lies',
    name: 'T060 a version of the future is refused with what is spoken',
    run: refusedWith(/unsupported-version/),
  },
  {
    mode: 'endlessPages',
    name: 'T102 pages without an end are cut',
    run: async ({ real, ask }) => {
      const tools = (): string => JSON.stringify(real.host.server('user/bad')?.catalog?.list('tools'));
      await real.until(() => tools().includes('"ready"'));
      assert.match(tools(), /more than 100 pages/);
      await ask();
    },
  },
];

/** The call ends with its deadline, and nothing is held for it any more. */
async function deadline(scene: Scene): Promise<void> {
  assert.match(await failing(scene), /No answer in 1 s|Not finished/);
  await stillServes(scene);
  await eventually(async () => (await scene.evil.seen()).busy === 0, 4_000, 'no request is held');
}

async function headersStayLines({ real, evil, ask }: Scene): Promise<void> {
  await real.until(() => real.host.offered('tools').some(({ item }) => item.name === 'mirrors'));
  const state = real.host.server('user/bad')?.catalog?.list('tools');
  assert.ok(state?.kind === 'ready');
  assert.deepEqual(
    state.listing.rejected.map(({ name }) => name),
    ['badName', 'badHost', 'badType', 'empty'],
    'a tool that wants the impossible is left out, with the reason',
  );
  for (const v of ['a\r\nInjected: yes', 'gr\u00fcn', '=?base64?YQ==?=', ' x ', '\u0000', '\u2028']) {
    assert.equal(textOf(await real.call('bad', 'mirrors', { v })), 'ok');
    await ask();
  }
  assert.equal(textOf(await real.call('bad', 'two words', { v: 'a' })), 'ok');
  const { requests } = await evil.seen();
  for (const { headers } of requests) {
    assert.ok(!headers.some((part) => /^injected$/i.test(part)), 'no header was smuggled in');
    assert.ok(
      headers.every((part) => /^[\x20-\x7e]*$/.test(part)),
      'every header is one line of ASCII',
    );
  }
}

for (const { mode, name, entry = {}, run } of CASES)
  test(name, async (context) => {
    const evil = await EvilHttp.start(mode);
    try {
      const { lag, rss } = await besiege({
        servers: { bad: { url: evil.url, ...entry } },
        attack: async (real, ask) => await run({ real, evil, ask }),
      });
      context.diagnostic(`lag ${Math.round(lag)} ms, memory +${Math.round(rss / MIB)} MB`);
      assert.ok(rss < RSS, `memory rose by ${Math.round(rss / MIB)} MB`);
      await evil.assertLeft();
    } finally {
      await evil.stop();
    }
  });

test('T078 two accounts at one address see each their own lists, whatever the server calls public', async () => {
  const evil = await EvilHttp.start('accounts');
  try {
    const account = (name: string): object => ({ url: evil.url, headers: { 'X-Account': name } });
    await besiege({
      servers: { bad: account('one'), worse: account('two') },
      attack: async (real) => {
        const namesOf = (id: string): string[] =>
          (real.host.server(id)?.catalog?.items('tools') ?? []).map(({ name }) => name);
        await real.until(() => namesOf('user/bad').length > 0 && namesOf('user/worse').length > 0);
        assert.deepEqual([namesOf('user/bad'), namesOf('user/worse')], [['of-one'], ['of-two']]);
        real.world.setServers({
          good: real.world.entries.find(({ key }) => key === 'good')?.value,
          bad: account('three'),
        });
        await real.until(() => namesOf('user/bad').includes('of-three'));
      },
    });
  } finally {
    await evil.stop();
  }
});
