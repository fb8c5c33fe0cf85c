/** A real host with a server over HTTP that misbehaves: what the cases of the suites are made of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { toFailure } from '../../../src/protocol/failure';
import { lineLimits } from '../../../src/transport/admission';
import { EvilHttp } from '../../support/evilHttp';
import { MIB } from '../../support/processProbes';
import { besiege, CANARY, type Ask } from '../../support/siege';
import { textOf, type RealHost } from './realHost';

export interface Scene {
  readonly real: RealHost;
  readonly evil: EvilHttp;
  readonly ask: Ask;
}

export interface Case {
  readonly mode: string;
  /** What the server does, and what comes of it. */
  readonly name: string;
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly run: (scene: Scene) => Promise<void>;
}

const CLIENT_HEAP = 512 * MIB;
export const RSS = CLIENT_HEAP + 2 * lineLimits(CLIENT_HEAP).line;
export const SECRETS = { headers: { Authorization: `Bearer ${CANARY}`, 'X-Api-Key': CANARY } };
export const IMPATIENT = { timeouts: { connect: 3, request: 1, total: 3 } };

export async function act(real: RealHost, tool = 'act'): Promise<string> {
  return textOf(await real.call('bad', tool));
}

export async function stillServes({ real, ask }: Scene): Promise<void> {
  await ask();
  assert.equal(textOf(await real.call('bad', 'echo', { text: 'back' })), 'back');
}

/** A call that fails, with the neighbour asked until it does. @returns what the person is told */
export async function failing({ real, ask }: Scene, tool = 'act'): Promise<string> {
  let told: string | undefined;
  const call = act(real, tool).then(
    () => assert.fail('it was answered'),
    (error: unknown) => (told = JSON.stringify([describeFailure(toFailure(error)), error])),
  );
  do await ask();
  while (told === undefined);
  await call;
  assert.ok(!told.includes(CANARY), 'no secret is told');
  return told;
}

/** Asks the neighbour for so many milliseconds: what should not happen gets the time to. */
export async function meanwhile({ ask }: Scene, ms: number): Promise<void> {
  const until = performance.now() + ms;
  while (performance.now() < until) await ask();
}

export function failsWith(pattern: RegExp, tool?: string): Case['run'] {
  return async (scene) => {
    assert.match(await failing(scene, tool), pattern);
    await stillServes(scene);
  };
}

/** Not connected at all. */
export function refusedWith(pattern: RegExp): Case['run'] {
  return async ({ real }) => {
    const state = real.state('bad');
    assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
    assert.match(JSON.stringify(state.cause.failure), pattern);
    await Promise.resolve();
  };
}

/** Floods on the stream of the server's own, until it is stopped. */
export const bears: Case['run'] = async (scene) => {
  await meanwhile(scene, 1_500);
  await scene.real.host.stop('user/bad');
  assert.equal(scene.real.state('bad').kind, 'stopped');
};

/** Runs each case as a test of its own, with everything that must hold after it. */
export function runCases(cases: readonly Case[]): void {
  for (const { mode, name, entry = {}, run } of cases)
    test(name, async (context) => {
      const evil = await EvilHttp.start(mode);
      try {
        const { lag, rss } = await besiege({
          servers: { bad: { url: evil.url, ...entry } },
          attack: async (real, ask) => await run({ real, evil, ask }),
        });
        context.diagnostic(`lag ${Math.round(lag)} ms, memory +${Math.round(rss / MIB)} MB`);
        assert.ok(rss < RSS, `memory rose by ${Math.round(rss / MIB)} MB`);
        await evil.assertNothingLeaked();
        await evil.assertLeft();
      } finally {
        await evil.stop();
      }
    });
}
