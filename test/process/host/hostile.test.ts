import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ToolCallResult } from '../../../src/protocol/content';
import { lineLimits } from '../../../src/transport/admission';
import { failsSaying } from '../../support/failures';
import type { Measurement } from '../../support/measures/probe';
import { MIB } from '../../support/processProbes';
import { besiege } from '../../support/siege';
import { hostile, SERVERS, textOf, type RealHost } from './realHost';

/** The heap of a client's thread, which its line limits follow. */
const CLIENT_HEAP = 512 * MIB;
/** The most that one parsed line may take of it, and the longest line at all. */
const LIMITS = lineLimits(CLIENT_HEAP);
/** Heap that `{"25":0},` takes once parsed, as `estimateHeap` counts it. */
const DENSE_OBJECT = 72 + 24 + 24 + 232 + 4;

/**
 * How far memory may rise. A client in a thread shares this process: at most its whole heap, and the line that it is collecting,
 * once in chunks and once joined. A client in a process of its own costs this one only what it hands over.
 */
const RSS = { thread: CLIENT_HEAP + 2 * LIMITS.line, process: 96 * MIB };

interface Attack {
  readonly name: string;
  /** Does it, with a healthy neighbour to be asked meanwhile. */
  readonly run: (real: RealHost, ask: () => Promise<void>) => Promise<void>;
}

/** A call that misbehaves until its server is stopped. */
function untilStopped(tool: string): Attack['run'] {
  return async (real, ask) => {
    const call = assert.rejects(real.call('bad', tool));
    for (let round = 0; round < 20; round++) await ask();
    await real.host.stop('user/bad');
    assert.equal(real.state('bad').kind, 'stopped');
    await call;
  };
}

/** A call that ends by itself, with the neighbour asked until it does. */
async function during<T>(ask: () => Promise<void>, call: Promise<T>): Promise<T> {
  let over = false;
  const ended = call.finally(() => (over = true));
  ended.catch(() => undefined);
  const asked = (async () => {
    do await ask();
    while (!over);
  })();
  await asked;
  return await ended;
}

async function stillServes(real: RealHost): Promise<void> {
  assert.equal(real.state('bad').kind, 'running');
  assert.equal(textOf(await real.call('bad', 'echo', { text: 'back' })), 'back');
}

/** The whole of a text that was kept by the client, as its length and the number of pages it took. */
async function readPages(real: RealHost, result: ToolCallResult): Promise<{ bytes: number; pages: number }> {
  const [block] = result.content;
  assert.ok(block?.type === 'text' && block.text.kind === 'held', 'a long text is kept and read in pages');
  let [bytes, pages] = [0, 0];
  for (; bytes < block.text.bytes; pages++) {
    const page = await real.host.readHeld('user/bad', block.text.handle, bytes, MIB);
    assert.ok(page.length > 0 && page.every((byte) => byte === 0x61));
    bytes += page.length;
  }
  return { bytes, pages };
}

const ATTACKS: readonly Attack[] = [
  {
    name: 'a line without an end',
    run: async (real, ask) => {
      await assert.rejects(during(ask, real.call('bad', 'endless')));
      await real.until(() => real.state('bad').kind === 'failed');
      const state = real.state('bad');
      assert.ok(state.kind === 'failed' && state.cause.kind === 'failure');
      assert.match(JSON.stringify(state.cause.failure), /line|long|MB/);
    },
  },
  { name: 'a flood of notifications', run: untilStopped('flood') },
  { name: 'a flood of requests', run: untilStopped('requests') },
  {
    name: 'a text of 64 MB, which arrives whole in pages',
    run: async (real, ask) => {
      const result = await during(ask, real.call('bad', 'text', { megabytes: 64 }));
      assert.deepEqual(await during(ask, readPages(real, result)), { bytes: 64 * MIB, pages: 64 });
      await stillServes(real);
    },
  },
  {
    name: 'the densest JSON that is admitted, again and again',
    run: async (real, ask) => {
      const objects = Math.floor((LIMITS.heap * 0.95) / DENSE_OBJECT);
      for (let round = 0; round < 3; round++) {
        const { structured } = await during(ask, real.call('bad', 'dense', { objects }));
        assert.ok(structured, 'it was parsed');
      }
      await stillServes(real);
    },
  },
  {
    name: 'JSON denser than fits, which is refused',
    run: async (real, ask) => {
      const objects = Math.ceil((LIMITS.heap * 1.5) / DENSE_OBJECT);
      await failsSaying(during(ask, real.call('bad', 'dense', { objects })), /refused/);
      await stillServes(real);
    },
  },
  {
    name: 'JSON nested a million levels deep, and just too deep',
    run: async (real, ask) => {
      for (const levels of [1_000_000, 250])
        await failsSaying(during(ask, real.call('bad', 'deep', { levels })), /nested|deep/);
      await stillServes(real);
    },
  },
  {
    name: '50 MB that is no message',
    run: async (real, ask) => {
      assert.equal(
        textOf(await during(ask, real.call('bad', 'noise', { megabytes: 50 }))),
        'after the noise',
      );
      await stillServes(real);
    },
  },
  {
    name: '100 MB on stderr',
    run: async (real, ask) => {
      const before = real.world.logLines.length;
      assert.equal(
        textOf(await during(ask, real.call('bad', 'stderr', { megabytes: 100 }))),
        'after the flood',
      );
      assert.ok(real.world.logLines.length - before < 20_000, 'few of its lines are kept');
      await stillServes(real);
    },
  },
  ...[100, 2_000, 20_000].map((length): Attack => ({
    name: `log lines of ${length} characters that are not to be seen`,
    run: async (real, ask) => {
      for (let round = 0; round < 3; round++)
        assert.equal(
          textOf(await during(ask, real.call('bad', 'logs', { length, count: 200 }))),
          'after the lines',
        );
      await stillServes(real);
    },
  })),
];

/** Runs an attack on a host with a healthy server that nobody here wrote, and measures. */
function measure(strict: boolean, attack: Attack['run'], servers: object = {}): Promise<Measurement> {
  return besiege({
    servers: { bad: { ...hostile(), strict }, ...servers },
    neighbour: {
      entry: SERVERS.everything,
      ask: async (real) =>
        assert.equal(textOf(await real.call('good', 'echo', { message: 'hello' })), 'Echo: hello'),
    },
    attack,
  });
}

for (const strict of [false, true]) {
  const isolation = strict ? 'process' : 'thread';
  for (const { name, run } of ATTACKS)
    test(`a client in a ${isolation} bears ${name}: host and neighbour go on`, async (context) => {
      const { lag, rawLag, starved, rss } = await measure(strict, run);
      context.diagnostic(
        `lag ${Math.round(lag)} ms (with others ${Math.round(rawLag)}), starved ${Math.round(starved)} ms, memory +${Math.round(rss / MIB)} MB`,
      );
      assert.ok(rss < RSS[isolation], `memory rose by ${Math.round(rss / MIB)} MB`);
    });
}

test('10,000 tools are listed up to the bound, said to be cut, and cost the main thread little', async (context) => {
  const { lag, rss } = await measure(
    false,
    async (real, ask) => {
      await during(ask, real.host.restart('user/bad'));
      const tools = (): ReturnType<NonNullable<ReturnType<typeof catalog>>['list']> | undefined =>
        catalog()?.list('tools');
      const catalog = (): NonNullable<ReturnType<RealHost['host']['server']>>['catalog'] =>
        real.host.server('user/bad')?.catalog;
      await real.until(() => tools()?.kind === 'ready');
      const list = tools();
      assert.ok(list?.kind === 'ready');
      assert.equal(list.listing.items.length, 5_000);
      assert.match(list.listing.cut?.reason ?? '', /5000/);
      assert.equal((await real.host.describeTool('user/bad', 'tool_number_17')).name, 'tool_number_17');
    },
    { bad: hostile('--tools', '10000') },
  );
  context.diagnostic(`lag ${Math.round(lag)} ms, memory +${Math.round(rss / MIB)} MB`);
  assert.ok(rss < RSS.thread);
});
