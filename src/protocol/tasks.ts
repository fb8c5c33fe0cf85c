/**
 * Tasks: a tool call that goes on after its request was answered. One model for the two wire forms, which share names but no shape:
 * the experimental core feature of 2025-11-25, and the extension `io.modelcontextprotocol/tasks` of the stateless era (SEP-2663).
 */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { cutText } from './cutText';

/** The extension's id among capabilities. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

/** Where a message of 2025-11-25 names the task that it belongs to (TASKL6). */
const RELATED_TASK = 'io.modelcontextprotocol/related-task';

const STATUSES = ['working', 'input_required', 'completed', 'failed', 'cancelled'] as const;

/** What both wire forms call it. */
export type TaskStatus = (typeof STATUSES)[number];

/** A task as its server last described it. Times are the server's claims. */
export interface Task {
  /** As the server made it up, at most 1,024 characters: whoever knows it may ask for the result. */
  readonly id: string;
  readonly status: TaskStatus;
  /** At most 500 characters, raw text of the server. */
  readonly message?: string;
  /** Milliseconds since the Unix epoch. */
  readonly created?: number;
  readonly updated?: number;
  /** Milliseconds from its creation for which the server keeps it; absent when it says nothing, or that it has no end. */
  readonly ttl?: number;
  /** Milliseconds the server wants between two looks, unbounded here. */
  readonly pollMs?: number;
}

type TaskForm = 'core' | 'extension';

/** Longer ids cannot be used: they go into headers and into what outlives the window. */
const MAX_ID = 1_024;
const MAX_MESSAGE = 500;

/** Fields of the two forms whose names differ. */
const FIELDS = {
  core: { ttl: 'ttl', poll: 'pollInterval' },
  extension: { ttl: 'ttlMs', poll: 'pollIntervalMs' },
} as const;

/** Reads the fields of a task. Only id and status are needed; what else is malformed counts as absent. */
export function readTask(raw: JsonValue | undefined, form: TaskForm): Result<Task, string> {
  if (!isObject(raw)) return err('the task is not an object');
  const id = ownString(raw, 'taskId') ?? '';
  if (id === '' || id.length > MAX_ID) return err(`the id of a task has ${id.length} characters`);
  const given = own(raw, 'status');
  const status = STATUSES.find((known) => known === given);
  if (status === undefined) return err('a task has an unknown status');
  const message = ownString(raw, 'statusMessage') ?? '';
  const names = FIELDS[form];
  return ok({
    id,
    status,
    ...(message === '' ? {} : { message: cutText(message, MAX_MESSAGE) }),
    ...optional('created', time(raw, 'createdAt')),
    ...optional('updated', time(raw, 'lastUpdatedAt')),
    ...optional('ttl', milliseconds(raw, names.ttl)),
    ...optional('pollMs', milliseconds(raw, names.poll)),
  });
}

/** True when nothing of the task will change any more. */
export function isTerminal({ status }: Pick<Task, 'status'>): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** The task that a message names as the one it belongs to. */
export function relatedTask(params: JsonObject): string | undefined {
  const meta = own(params, '_meta');
  const related = isObject(meta) ? own(meta, RELATED_TASK) : undefined;
  return isObject(related) ? ownString(related, 'taskId') : undefined;
}

/** A message that names its task. */
export function withRelatedTask(message: JsonObject, taskId: string): JsonObject {
  const meta = own(message, '_meta');
  return { ...message, _meta: { ...(isObject(meta) ? meta : {}), [RELATED_TASK]: { taskId } } };
}

function optional<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: number });
}

function milliseconds(raw: JsonObject, key: string): number | undefined {
  const value = own(raw, key);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function time(raw: JsonObject, key: string): number | undefined {
  const text = ownString(raw, key);
  const value = text === undefined || text.length > 64 ? Number.NaN : Date.parse(text);
  return Number.isFinite(value) ? value : undefined;
}
