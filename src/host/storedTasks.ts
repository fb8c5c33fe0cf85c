/** Tasks that may outlive this window (TASKX7): their ids, kept with the workspace, bounded in number and age. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import type { StatePort } from './ports';

const KEY = 'tasks';
const MAX_TASKS = 50;
/** Characters of a name or an id. */
const MAX_TEXT = 1_024;
/** Milliseconds after which nobody comes back for a task, whatever its server says. */
const MAX_AGE = 604_800_000;

/** What is kept of one task. Its id is no secret of ours, but whoever knows it may ask for the result. */
export interface StoredTask {
  readonly serverId: string;
  /** Which definition of the server made it: another server under the same key is never told the id. */
  readonly stamp: string;
  readonly tool: string;
  readonly id: string;
  /** Milliseconds since the Unix epoch, by this machine's clock. */
  readonly startedAt: number;
  /** Milliseconds; absent when the server names no end. */
  readonly ttl?: number;
}

/** Reads what is kept, without what is too old at `now`. What began later than now began now: the clock was set back. */
export function loadTasks(memory: StatePort, now: number): readonly StoredTask[] {
  const stored = memory.get(KEY);
  if (!Array.isArray(stored)) return [];
  return (stored as readonly JsonValue[])
    .slice(0, MAX_TASKS)
    .map((item) => (isObject(item) ? readStored(item) : undefined))
    .filter((task) => task !== undefined)
    .filter(({ startedAt, ttl = MAX_AGE }) => {
      const age = now - startedAt;
      return age > -MAX_AGE && (age <= 0 || age < Math.min(ttl, MAX_AGE));
    })
    .map((task) => ({ ...task, startedAt: Math.min(task.startedAt, now) }));
}

/** Keeps these tasks instead of all others; the first ones when there are too many. */
export async function saveTasks(memory: StatePort, tasks: readonly StoredTask[]): Promise<void> {
  await memory.set(KEY, tasks.length === 0 ? undefined : tasks.slice(0, MAX_TASKS));
}

function readStored(item: JsonObject): StoredTask | undefined {
  const [serverId, stamp, tool, id] = ['serverId', 'stamp', 'tool', 'id'].map((key) => ownString(item, key));
  const startedAt = own(item, 'startedAt');
  const ttl = own(item, 'ttl');
  if (serverId === undefined || stamp === undefined || tool === undefined || id === undefined)
    return undefined;
  if (tool.length > MAX_TEXT || id.length > MAX_TEXT || typeof startedAt !== 'number') return undefined;
  return { serverId, stamp, tool, id, startedAt, ...(typeof ttl === 'number' ? { ttl } : {}) };
}
