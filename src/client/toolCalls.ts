/**
 * Calls tools: with the headers they ask for, and once more when the server says that these were not the right ones; as a task where
 * the tool wants that.
 */

import type { CancelSignal } from '../base/cancelSignal';
import type { JsonObject } from '../base/json';
import type { ToolCallResult } from '../protocol/content';
import { ErrorCode } from '../protocol/errorCodes';
import { toFailure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readToolCallResult, type KeepText } from '../protocol/readContent';
import type { Task } from '../protocol/tasks';
import type { CallToolParams } from './contract';
import type { Lists } from './lists';
import type { LiveSession } from './liveSession';
import type { Reports } from './reports';
import type { CallOptions, ServerSession } from './serverSession';

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
  };
  let result: JsonObject;
  try {
    if (tasks.canCreate && (await needsTask(lists, name, signal)))
      result = await tasks.create(params, options);
    else result = await session.call(ClientMethods.toolsCall, params, options);
  } catch (error) {
    if (session.server.negotiated.era === 'legacy' || !isHeaderMismatch(error)) throw error;
    result = await callWithNewHeaders(session, lists, params, options);
  } finally {
    // The last report goes before the outcome, and none comes behind it.
    reports.flushProgress(callId);
  }
  return readToolCallResult(result, keep);
}

/** The server refused to read the request at all, so this repeats nothing; the tool was listed anew since (HDR6). */
async function callWithNewHeaders(
  session: ServerSession,
  lists: Lists,
  params: { readonly name: string; readonly arguments: JsonObject },
  options: CallOptions,
): Promise<JsonObject> {
  await lists.list('tools', options.signal, { fresh: true });
  const hints = lists.hintsFor(params.name, params.arguments);
  return await session.call(ClientMethods.toolsCall, params, { ...options, hints });
}

function isHeaderMismatch(error: unknown): boolean {
  const failure = toFailure(error);
  return failure.code === 'server-error' && failure.rpcCode === ErrorCode.headerMismatch;
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
