/**
 * Calls tools: with the headers they ask for, and once more when the server says that these were not the right ones; as a task where
 * the tool wants that.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { JsonObject } from '../base/json';
import { ErrorCode } from '../protocol/errorCodes';
import { toFailure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { Task } from '../protocol/tasks';
import type { CallToolParams } from './contract';
import type { Lists } from './lists';
import type { CallOptions, ServerSession } from './serverSession';
import type { Tasks } from './tasks';

/** @throws FailureError */
export async function callTool(
  session: ServerSession,
  lists: Lists,
  tasks: Tasks,
  { name, arguments: given }: CallToolParams,
  options: CallOptions,
): Promise<JsonObject> {
  const params = { name, arguments: given };
  if (tasks.canCreate && (await needsTask(lists, name, options.signal)))
    return await tasks.create(params, options);
  const onTask = (task: Task): Promise<JsonObject> => tasks.follow(task, options, true);
  const call = (): Promise<JsonObject> =>
    session.call(ClientMethods.toolsCall, params, {
      ...options,
      onTask,
      hints: lists.hintsFor(name, given),
    });
  try {
    return await call();
  } catch (error) {
    const failure = toFailure(error);
    // The server refused to read the request at all, so this repeats nothing; the tool was listed anew since (HDR6).
    if (failure.code !== 'server-error' || failure.rpcCode !== ErrorCode.headerMismatch) throw error;
    await lists.list('tools', options.signal, { fresh: true });
    return await call();
  }
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
