/**
 * Local programs that never get as far as being a server: how they live, die and what they write before anything was agreed, one case per
 * mode, by the ids of the abuse catalogue (T031 to T053). Whatever they do, they are told as failed, not started again and again, and gone.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { describeFailure } from '../../../src/presentation/failureTexts';
import { eventually } from '../../support/processProbes';
import { besiege, type Ask } from '../../support/siege';
import { hostile, type RealHost } from './realHost';

const SCRIPT = path.resolve('test', 'support', 'evilStdio.mjs');
const BAD = 'user/bad';
/** What stopping may take. */
const STOP_MS = 3_000;
const NOT_READY = /was not ready after 1 s/;
const NO_ANSWER = /answer to initialize has no protocolVersion/;
const LOST = /The server ended|The connection to the server closed/;

/** Where the end is to be noticed, and not the deadline. */
const connectSeconds = (told: RegExp): number => (told === NOT_READY ? 1 : 10);

/** Mode, with the ids of its cases, and its arguments. */
const MODES: readonly (readonly [mode: string, ids: string, told: RegExp, ...args: string[]])[] = [
  // How the process ends, or does not.
  ['exit', 'T036', /The server ended \(exit code 3\)/, '3'],
  ['crash', 'T036', LOST, 'SIGKILL'],
  ['lastWords', 'T036', LOST],
  ['ignoreEnd', 'T032, T038', NOT_READY],
  ['ignoreTerminate', 'T032', NOT_READY],
  ['busy', 'T032', NOT_READY],
  ['stopped', 'T032', NOT_READY],
  ['stubborn', 'T032', NOT_READY],
  ['grandchild', 'T031', NOT_READY],
  ['leaderExits', 'T031, T042', LOST],
  ['escape', 'T031', NOT_READY],
  ['environment', 'T026', LOST],
  // Half-dead pipes.
  ['closeStdout', 'T042', LOST],
  ['closeStdin', 'T042', NOT_READY],
  ['partial', 'T042', LOST],
  ['neverReads', 'T057', NOT_READY],
  // What is on the line.
  ['echo', 'T051', NO_ANSWER],
  ['noise', 'T044', LOST],
  ['prose', 'T044', LOST, '20'],
  ['bom', 'T045', LOST],
  ['utf16', 'T045', /^The server writes UTF-16/, 'bom'],
  ['crlf', 'T046', LOST],
  ['bytewise', 'T046', LOST],
  ['thousand', 'T046', LOST],
  ['batch', 'T051', LOST],
  ['invalidUtf8', 'T047', LOST],
  ['endless', 'T048', /^The server wrote a line of more than \d+ MB/],
  ['trickle', 'T048', NOT_READY],
  ['text', 'T048', NO_ANSWER, '32'],
  ['dense', 'T049', LOST, '500'],
  ['deep', 'T049', LOST, '100000'],
  ['flood', 'T055', NOT_READY],
  ['stderrFlood', 'T053', NO_ANSWER, '20'],
  ['stderrLine', 'T053', NO_ANSWER, '20'],
];

/** Starts it with the neighbour asked all the while. @returns what a person is told of its failure */
async function started(real: RealHost, ask: Ask): Promise<string> {
  let over = false;
  const starting = real.host.start(BAD).finally(() => (over = true));
  do await ask();
  while (!over);
  await starting;
  const state = real.state('bad');
  assert.ok(state.kind === 'failed' && state.cause.kind === 'failure', JSON.stringify(state));
  assert.equal(state.next, undefined, 'what never ran is not started again by itself');
  return describeFailure(state.cause.failure);
}

/** Only the neighbour's own process is left. */
async function assertGone(real: RealHost): Promise<void> {
  await eventually(async () => (await real.processes()).length === 1, STOP_MS, 'no process of it is left');
}

test('every mode of the misbehaving program has a case', () => {
  const modes = execFileSync(process.execPath, [SCRIPT], { encoding: 'utf8' }).split('\n');
  assert.deepEqual([...new Set(MODES.map(([mode]) => mode))].sort(), modes.sort());
});

for (const [mode, ids, told, ...args] of MODES)
  test(`${ids} a program that is ${mode} is told as failed, is not started again and again, and is gone`, async () => {
    await besiege({
      servers: {
        bad: {
          command: 'node',
          args: [SCRIPT, mode, ...args],
          timeouts: { connect: connectSeconds(told) },
          start: 'never',
        },
      },
      attack: async (real, ask) => {
        const text = await started(real, ask);
        assert.match(text, told);
        await assertGone(real);
        await real.host.stop(BAD);
        // One that dies of the first question is started once more without it.
        assert.ok(real.spawned.length <= 3, `the neighbour and ${real.spawned.length - 1} of it`);
      },
    });
  });

test('T041 servers that hang, crash and flood keep no other one from being ready', async () => {
  const program = (...args: readonly string[]): object => ({ command: 'node', args: [SCRIPT, ...args] });
  const patient = { timeouts: { connect: 60 }, start: 'never' };
  const hung = Array.from({ length: 6 }, (_, index) => `hung${index}`);
  const healthy = Array.from({ length: 6 }, (_, index) => `healthy${index}`);
  await besiege({
    servers: {
      ...Object.fromEntries(hung.map((name) => [name, { ...program('stubborn'), ...patient }])),
      crashing: { ...program('exit', '1'), ...patient },
      flooding: { ...program('flood'), ...patient },
      ...Object.fromEntries(healthy.map((name) => [name, { ...hostile(), start: 'never' }])),
    },
    attack: async (real, ask) => {
      const names = [...hung, 'crashing', 'flooding', ...healthy];
      const starting = Promise.all(names.map((name) => real.host.start(`user/${name}`)));
      await real.until(() => healthy.every((name) => real.state(name).kind === 'running'));
      for (const name of hung) assert.equal(real.state(name).kind, 'starting');
      await ask();
      await Promise.all(names.map((name) => real.host.stop(`user/${name}`)));
      await starting;
    },
  });
});
