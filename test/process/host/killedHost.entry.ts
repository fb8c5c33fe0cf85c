/** A host for the test that kills it: three servers that end for nothing less than the reaper. Prints one line when they run. */

import { hostile, RealHost } from './realHost';

/** What is printed. */
export interface KilledHostReport {
  readonly tokens: readonly string[];
  readonly states: readonly string[];
}

async function main(): Promise<void> {
  const real = new RealHost({
    thread: hostile('--stubborn'),
    strict: { ...hostile('--stubborn'), strict: true },
    polite: hostile(),
  });
  real.host.open();
  await real.atRest();
  const report: KilledHostReport = {
    tokens: real.tokens,
    states: real.host.servers().map(({ state }) => state.kind),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
  setInterval(() => undefined, 1_000);
}

void main();
