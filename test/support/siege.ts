/**
 * What must hold of a host whatever one of its servers does: the host lives, its main thread never stands still, a healthy neighbour
 * answers all the while, nothing goes unhandled, no process is left, and no secret is where it does not belong.
 */

import assert from 'node:assert/strict';

import { isObject, own } from '../../src/base/json';
import { diagnosticsReport } from '../../src/presentation/diagnostics';
import { hostile, RealHost, textOf } from '../process/host/realHost';
import { Probe, type Measurement } from './measures/probe';
import { NO_FACTS } from './reportFacts';

const NEIGHBOUR_MS = 1_000;
const LAG_MS = 200;

/** A value that stands for every secret of the person. Each server that misbehaves is given it, and may repeat it. */
export const CANARY = 'CANARY-7f3a9c51e0';

/** Asks the healthy neighbour, and asserts that it answers. */
export type Ask = () => Promise<void>;

export interface Siege {
  /** The server that misbehaves, as `bad`, and any others. */
  readonly servers: Readonly<Record<string, unknown>>;
  /** A healthy server, and how it is asked. By default one that costs little to start. */
  readonly neighbour?: { readonly entry: unknown; readonly ask: (real: RealHost) => Promise<void> };
  /** What else must be in no place where it does not belong, such as tokens that came up meanwhile. */
  readonly secrets?: () => readonly string[];
  /** Does it. */
  readonly attack: (real: RealHost, ask: Ask) => Promise<void>;
}

const LIGHT: NonNullable<Siege['neighbour']> = {
  entry: hostile(),
  ask: async (real) => assert.equal(textOf(await real.call('good', 'echo', { text: 'hello' })), 'hello'),
};

/** Runs an attack on a real host next to a healthy server, and asserts all of it. */
export async function besiege({
  servers,
  neighbour = LIGHT,
  secrets = () => [],
  attack,
}: Siege): Promise<Measurement> {
  let measured: Measurement | undefined;
  const given: readonly (readonly [string, unknown])[] = Object.entries(servers).map(([name, entry]) => [
    name,
    withSecret(entry),
  ]);
  await RealHost.with(Object.fromEntries([['good', neighbour.entry], ...given]), async (real) => {
    const probe = new Probe();
    let slowest = 0;
    const ask = async (): Promise<void> => {
      const [start, starved] = [performance.now(), probe.starved];
      await neighbour.ask(real);
      slowest = Math.max(slowest, performance.now() - start - (probe.starved - starved));
    };
    try {
      await attack(real, ask);
      await ask();
    } finally {
      measured = probe.stop();
    }
    assert.ok(slowest < NEIGHBOUR_MS, `the neighbour answered after ${Math.round(slowest)} ms`);
    assertNoSecret(real, [CANARY, ...secrets()]);
  });
  assert.ok(measured);
  assert.ok(measured.lag < LAG_MS, `the main thread stood still for ${Math.round(measured.lag)} ms`);
  return measured;
}

/** The entry with a secret in it that is the server's to use, and nobody else's to see. */
function withSecret(entry: unknown): unknown {
  assert.ok(isObject(entry));
  const adding = (field: string, name: string): unknown => {
    const values = own(entry, field);
    return { ...entry, [field]: { [name]: CANARY, ...(isObject(values) ? values : {}) } };
  };
  return own(entry, 'url') === undefined ? adding('env', 'API_TOKEN') : adding('headers', 'X-Api-Key');
}

/** Nothing that is kept or shown holds any of these. */
function assertNoSecret({ world, host }: RealHost, secrets: readonly string[]): void {
  const places = {
    log: world.logLines,
    decisions: [...world.decisions.values],
    memory: [...world.memory.values],
    states: host.servers().map(({ state }) => state),
    report: diagnosticsReport(NO_FACTS, host.servers()),
  };
  for (const [place, value] of Object.entries(places))
    for (const secret of secrets)
      assert.ok(!JSON.stringify(value).includes(secret), `${secret} is not in ${place}`);
}
