/** Tasks as rows and in words: what runs beside its call, what was left running, and what came of it. */

import { assertNever } from '../base/assertNever';
import { ItemKinds } from '../contributions/ids';
import type { Call } from '../host/calls';
import type { TaskEntry } from '../host/tasks';
import type { Task, TaskStatus } from '../protocol/tasks';
import { LABEL_LENGTH, safe, safeProse, safeText, type SafeText } from '../policy/safeText';
import { formatTook } from './callLabels';
import type { Owner } from './itemRows';
import type { Row, RowIcon } from './row';
import { failureText } from './failureTexts';

const STATUS_WORDS: Readonly<Record<TaskStatus, SafeText>> = {
  working: safe`working`,
  input_required: safe`waiting for input`,
  completed: safe`completed`,
  failed: safe`failed`,
  cancelled: safe`cancelled`,
};

/** `working: half done`, as its server says. */
export function taskText({ status, message }: Task): SafeText {
  const words = STATUS_WORDS[status];
  return message === undefined ? words : safe`${words}: ${safeProse(message, 120)}`;
}

/** The row above the tasks of a server. */
export function tasksRow(owner: Owner, entries: readonly TaskEntry[]): Row {
  const running = entries.filter(({ state }) => state.kind === 'running').length;
  const title = safe`Tasks`;
  const description = running === 0 ? safe`${entries.length}` : safe`${entries.length}, ${running} running`;
  return {
    id: JSON.stringify([ItemKinds.tasks, owner.id]),
    label: title,
    description,
    tooltip: () => [title, description],
    icon: { id: 'checklist' },
    context: ItemKinds.tasks,
    children: 'expanded',
    spoken: safe`${title} of ${safeText(owner.name, 80)}, ${description}`,
  };
}

/** The server of a task. */
export interface TaskOwner extends Owner {
  readonly isRunning: boolean;
}

/**
 * The row of one task.
 * @param call the call that waits for it, if one does.
 * @param now wall time in milliseconds.
 */
export function taskRow(owner: TaskOwner, entry: TaskEntry, call: Call | undefined, now: number): Row {
  const label = safeText(entry.tool, LABEL_LENGTH);
  const parts = [statusText(entry), ...progressText(call), safeText(timeText(entry, now))];
  const description = parts.reduce((text, part) => safe`${text} · ${part}`);
  const { task } = entry;
  const context = contextOf(entry, owner.isRunning);
  return {
    id: JSON.stringify(['task', owner.id, entry.key]),
    label,
    description,
    tooltip: () => [
      label,
      description,
      ...(task?.message === undefined ? [] : [safe`The server says: "${safeProse(task.message, 500)}"`]),
      ...(context === ItemKinds.taskOutOfReach
        ? [safe`Start the server to wait for it or to cancel it.`]
        : []),
      safe`Task ${safeText(entry.id, 100)}`,
    ],
    icon: iconOf(entry),
    context,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, task of ${label}, ${description}`,
  };
}

function statusText({ state, task }: TaskEntry): SafeText {
  switch (state.kind) {
    case 'running':
      return task ? taskText(task) : safe`being looked at`;
    case 'left':
      return state.failure
        ? safe`left running: ${failureText(state.failure)}`
        : safe`left running by an earlier window`;
    case 'done':
      return state.isError ? safe`the tool reported an error` : safe`completed`;
    case 'failed':
      return state.failure.code === 'cancelled' ? safe`cancelled` : failureText(state.failure);
    default:
      return assertNever(state);
  }
}

function progressText(call: Call | undefined): readonly SafeText[] {
  const progress = call?.state.kind === 'running' ? call.state.progress : undefined;
  if (!progress) return [];
  const { progress: done, total } = progress;
  return [total === undefined ? safe`${done}` : safe`${done} / ${total}`];
}

function timeText({ state, startedAt }: TaskEntry, now: number): string {
  return formatTook(state.kind === 'done' || state.kind === 'failed' ? state.ms : now - startedAt);
}

function iconOf({ state, task }: TaskEntry): RowIcon {
  switch (state.kind) {
    case 'running':
      return { id: task?.status === 'input_required' ? 'question' : 'loading~spin' };
    case 'left':
      return { id: 'debug-pause' };
    case 'done':
      return state.isError
        ? { id: 'warning', color: 'problemsWarningIcon.foreground' }
        : { id: 'pass', color: 'testing.iconPassed' };
    case 'failed':
      return state.failure.code === 'cancelled'
        ? { id: 'circle-slash' }
        : { id: 'error', color: 'errorForeground' };
    default:
      return assertNever(state);
  }
}

/** What can be done with it: a task that was left can be waited for, and cancelled, only while its server runs. */
function contextOf({ state }: TaskEntry, isRunning: boolean): string {
  switch (state.kind) {
    case 'running':
      return ItemKinds.taskRunning;
    case 'left':
      return isRunning ? ItemKinds.taskLeft : ItemKinds.taskOutOfReach;
    case 'done':
      return state.result ? ItemKinds.taskDone : ItemKinds.taskEnded;
    case 'failed':
      return ItemKinds.taskEnded;
    default:
      return assertNever(state);
  }
}
