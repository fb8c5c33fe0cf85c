/**
 * Calls tools: with the headers they ask for, and with those of a new list when the server says that these were not the right ones; as a
 * task where the tool wants that.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { JsonObject } from '../base/json';
import type { ToolCallResult } from '../protocol/content';
import { ClientMethods } from '../protocol/methods';
import { readToolCallResult, type KeepText } from '../protocol/readContent';
import type { Task } from '../protocol/tasks';
import type { CallToolParams } from './contract';
import type { Lists } from './lists';
import type { LiveSession } from './liveSession';
import type { Reports } from './reports';
import type { CallOptions } from './serverSession';

/** What a call needs of its client. */
interface ToolCaller {
  readonly live: Pick<LiveSession, 'session' | 'lists' | 'tasks'>;
  readonly reports: Pick<Reports, 'progress' | 'flushProgress'>;
  readonly keep: KeepText;
}

/**
 * One function from the request to its result, because each further one that waits costs every call.
 * @throws FailureError
 */
export async function callTool(
  { live, reports, keep }: ToolCaller,
  { callId, name, arguments: given }: CallToolParams,
  signal: CancelSignal,
): Promise<ToolCallResult> {
  const { session, lists, tasks } = live;
  const params = { name, arguments: given };
  const options: CallOptions = {
    callId,
    signal,
    onProgress: (progress) => reports.progress(callId, progress),
    onTask: (task: Task): Promise<JsonObject> => tasks.follow(task, options, true),
    hints: lists.hintsFor(name, given),
    newHints: async () => {
      await lists.list('tools', signal, { fresh: true });
      return lists.hintsFor(name, given);
    },
  };
  let result: JsonObject;
  try {
    if (tasks.canCreate && (await needsTask(lists, name, signal)))
      result = await tasks.create(params, options);
    else result = await session.call(ClientMethods.toolsCall, params, options);
  } finally {
    // The last report goes before the outcome, and none comes behind it.
    reports.flushProgress(callId);
  }
  return readToolCallResult(result, keep);
}

/**
 * A tool that may be called either way is called plainly: its answer then comes as soon as there is one, with progress and cancellation
 * that every revision has, instead of at the next look at a task of an experimental feature.
 */
async function needsTask(lists: Lists, name: string, signal: CancelSignal): Promise<boolean> {
  try {
    return (await lists.describeTool(name, signal)).taskSupport === 'required';
  } catch (error) {
    if (signal.aborted) throw error;
    // A tool that is not listed can still be called; the server decides.
    return false;
  }
}
