/**
 * Finds and ends processes that descend from a server but left its process group. They are known by a variable that every
 * launch puts into the environment, never by name. Linux only: elsewhere such processes are not found.
 */

import { systemClock, type Clock } from '../base/clock';
import { processesWithVariable, startTime, type ProcessIdentity } from './processTable';
import { waitUntil } from './waitUntil';

/** The variable that holds the unguessable token of one launch. */
export const LAUNCH_MARKER = 'MCP_HOST_LAUNCH';

/** Tokens shorter than this are not searched for: an empty or guessable one would match what is not ours. */
const MIN_TOKEN = 16;

/** Milliseconds between SIGTERM and SIGKILL. */
const GRACE_MS = 300;

/**
 * Ends every process of this user that carries `token`: SIGTERM, a grace, SIGKILL, and once more for what was started meanwhile.
 * @returns how many processes were found.
 */
export async function sweepMarked(token: string, clock: Clock = systemClock): Promise<number> {
  if (token.length < MIN_TOKEN) return 0;
  let found = await processesWithVariable(LAUNCH_MARKER, token);
  const count = found.length;
  if (count === 0) return 0;
  await signalAll(found, 'SIGTERM');
  await waitUntil(async () => (await remaining(found)).length === 0, GRACE_MS, clock);
  for (let round = 0; round < 3; round += 1) {
    found = await processesWithVariable(LAUNCH_MARKER, token);
    if (found.length === 0) break;
    await signalAll(found, 'SIGKILL');
    await waitUntil(async () => (await remaining(found)).length === 0, GRACE_MS, clock);
  }
  return count;
}

async function remaining(processes: readonly ProcessIdentity[]): Promise<readonly ProcessIdentity[]> {
  const alive: ProcessIdentity[] = [];
  for (const known of processes) if ((await startTime(known.pid)) === known.started) alive.push(known);
  return alive;
}

async function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): Promise<void> {
  for (const known of await remaining(processes)) {
    try {
      process.kill(known.pid, signal);
    } catch {
      // It ended meanwhile, or became another user's: nothing more can be done about it.
    }
  }
}
