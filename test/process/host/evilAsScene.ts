/** A real host with a server that wants a sign-in, beside a healthy one: what the cases of misbehaving authorization servers are made of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { causeLines, statusLabel } from '../../../src/presentation/serverTexts';
import { GuardedServer } from '../../support/guardedServer';
import { besiege, CANARY, type Ask } from '../../support/siege';
import { browsing } from './browsing';
import { textOf, type RealHost } from './realHost';

export const BAD = 'user/bad';

export interface Scene {
  readonly real: RealHost;
  readonly guarded: GuardedServer;
  readonly ask: Ask;
  readonly asked: readonly unknown[];
  /** Pages that the person's browser opened. */
  readonly opened: readonly string[];
}

export interface Case {
  readonly name: string;
  /** Makes the servers evil, before anything starts. */
  readonly evil: (guarded: GuardedServer) => void;
  readonly run: (scene: Scene) => Promise<void>;
}

/** Clicks on Sign In, with the neighbour asked until that is over. @returns what its row says then */
export async function signIn({ real, ask }: Pick<Scene, 'real' | 'ask'>): Promise<string> {
  let over = false;
  const signing = real.host.signIn(BAD).finally(() => (over = true));
  do await ask();
  while (!over);
  await signing;
  const server = real.host.server(BAD) ?? assert.fail();
  const { state } = server;
  const lines = state.kind === 'failed' ? causeLines(state.cause) : [];
  return [statusLabel(server), ...lines].join(' | ');
}

/** Signing in fails before any page opens. */
export function opensNothing(pattern: RegExp): Case['run'] {
  return async (scene) => {
    const told = await signIn(scene);
    assert.match(told, pattern);
    assert.deepEqual(scene.opened, []);
    assert.deepEqual(scene.guarded.as.tokenRequests(), []);
  };
}

/** A page opened, and what came back is not used. */
export function takesNoCode(pattern: RegExp): Case['run'] {
  return async (scene) => {
    const told = await signIn(scene);
    assert.match(told, pattern);
    assert.equal(scene.opened.length, 1);
    assert.deepEqual(scene.guarded.as.tokenRequests(), [], 'the code goes nowhere');
  };
}

/** Tokens came, and are not taken. */
export function takesNoToken(pattern: RegExp): Case['run'] {
  return async (scene) => {
    const told = await signIn(scene);
    assert.match(told, pattern);
    assert.doesNotMatch(JSON.stringify([...scene.real.world.secrets.values()]), /accessToken/);
    assert.ok(scene.opened.length <= 1);
  };
}

export async function signedIn(scene: Scene): Promise<void> {
  assert.equal(await signIn(scene), 'running');
  assert.match(textOf(await scene.real.call('bad', 'whoami')), /you are you/);
}

export const metadata =
  (change: Record<string, unknown>): Case['evil'] =>
  ({ as }) => {
    as.modes.metadata = (fields) => void Object.assign(fields, change);
  };
export const callback =
  (change: (params: URLSearchParams) => void): Case['evil'] =>
  ({ as }) => {
    as.modes.callback = (url) => change(url.searchParams);
  };
export const tokens =
  (change: Record<string, unknown>): Case['evil'] =>
  ({ as }) => {
    as.modes.tokenAnswer = (fields) => void Object.assign(fields, change);
  };
/** Runs each case as a test of its own, with everything that must hold after it. */
export function runCases(cases: readonly Case[]): void {
  for (const { name, evil, run } of cases)
    test(name, async () => {
      await GuardedServer.with(async (guarded) => {
        evil(guarded);
        await besiege({
          servers: { bad: { url: guarded.url } },
          secrets: () => [...guarded.as.granted.keys(), ...guarded.as.refreshTokens.keys()].filter(Boolean),
          attack: async (real, ask) => await run({ real, guarded, ask, ...browsing(real) }),
        });
        const heard = JSON.stringify(
          guarded.as.http.exchanges.map(({ path, headers, text }) => [path, headers, text]),
        );
        assert.ok(!heard.includes(CANARY), 'the headers of the entry go to the server alone');
      });
    });
}
