/** Servers that misbehave with HTTP itself, by the ids of the abuse catalogue (T062 to T078). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EvilHttp } from '../../support/evilHttp';
import { eventually } from '../../support/processProbes';
import { besiege, CANARY } from '../../support/siege';
import {
  act,
  bears,
  failing,
  failsWith,
  meanwhile,
  refusedWith,
  runCases,
  stillServes,
  IMPATIENT,
  SECRETS,
  type Case,
  type Scene,
} from './evilScene';
import { textOf } from './realHost';

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
  { mode: 'gzipBomb', name: 'T064 a compressed bomb is cut', run: failsWith(/may not be larger/) },
  { mode: 'brotliBomb', name: 'T064 nor another one does harm', run: failsWith(/may not be larger/) },
  { mode: 'notBrotli', name: 'T064 no compression is told as that', run: failsWith(/undone here \(ERR_/) },
  { mode: 'zstd', name: 'T064 one that is not known is, too', run: failsWith(/undone here \(zstd\)/) },
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
      assert.match(await failing(scene), /header-refused/);
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
    entry: SECRETS,
    run: async (scene) => {
      assert.match(await failing(scene), /header-refused|403/);
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
      await refusedWith(/"reason":"messages"|wants its messages/)(scene);
      await scene.evil.assertNothingLeaked();
    },
  })),
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

runCases(CASES);

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
