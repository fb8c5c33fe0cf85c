/** What a test asks about processes: who lives, and when they are gone. */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';

import { systemClock } from '../../src/base/clock';
import { LAUNCH_MARKER } from '../../src/transport/launchMarker';
import { processesWithVariable } from '../../src/transport/processTable';
import { waitUntil } from '../../src/transport/waitUntil';

export const MIB = 1_048_576;

/** Living processes that were started for a launch, wherever they went (Linux). */
export async function carriersOf(tokens: readonly string[]): Promise<readonly number[]> {
  const found = await Promise.all(tokens.map((token) => processesWithVariable(LAUNCH_MARKER, token)));
  return found.flat().map(({ pid }) => pid);
}

/** Living children of a process (Linux). */
export async function childrenOf(parent: number): Promise<readonly number[]> {
  const children: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(ppid) === parent && state !== 'Z') children.push(Number(name));
  }
  return children;
}

/** True while the process lives. */
export async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat !== undefined && stat[stat.lastIndexOf(')') + 2] !== 'Z';
}

/** Waits until the condition holds; @returns the milliseconds it took. */
export async function eventually(
  condition: () => Promise<boolean>,
  ms: number,
  what: string,
): Promise<number> {
  const start = performance.now();
  assert.ok(await waitUntil(condition, ms, systemClock), what);
  return performance.now() - start;
}

/** Runs `body` with a timer that keeps this process alive: those of the product do not. */
export async function keptAlive<T>(body: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => undefined, 1_000);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}
