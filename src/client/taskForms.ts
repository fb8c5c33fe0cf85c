/** How a task is looked at, served and ended on the wire, in each of the two eras. Nothing here waits or decides when. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { readInputRequests, type InputRequest } from '../protocol/codec';
import { cutText } from '../protocol/cutText';
import { FailureError, type Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readTask, type Task } from '../protocol/tasks';
import type { ServerSession } from './serverSession';

/** One look at a task: what it is, and the whole answer. */
export interface TaskLook {
  readonly task: Task;
  readonly raw: JsonObject;
}

/** The wire form of one era. */
export interface TaskWire {
  /** @throws FailureError */
  look(signal: AbortSignal): Promise<TaskLook>;
  /**
   * Serves what the task waits for; called at every look that finds it waiting, and returns at once while that is under way.
   * Resolves with the call's result when the serving itself brings it.
   * @throws FailureError when the task must be given up.
   */
  serve(look: TaskLook, signal: AbortSignal): Promise<JsonObject | undefined>;
  /** The result of a call whose task is completed or has failed. @throws FailureError */
  result(look: TaskLook, signal: AbortSignal): Promise<JsonObject>;
}

/** Rounds of input that one task may ask for (T147). */
const MAX_ROUNDS = 10;
const MAX_ERROR_MESSAGE = 2_000;
const MAX_ERROR_DATA = 65_536;

/** 2025-11-25: the result is asked for by a request of its own, on which the server also asks for input (TASKL3, TASKL4). */
export class CoreTask implements TaskWire {
  private asked: Promise<JsonObject> | undefined;

  constructor(
    private readonly session: ServerSession,
    private readonly id: string,
    private readonly callId: number,
  ) {}

  async look(signal: AbortSignal): Promise<TaskLook> {
    return await lookAt(this.session, this.id, 'core', signal);
  }

  async serve(_look: TaskLook, signal: AbortSignal): Promise<JsonObject | undefined> {
    return this.asked ? undefined : await this.ask(signal);
  }

  async result({ task }: TaskLook, signal: AbortSignal): Promise<JsonObject> {
    const result = await this.ask(signal);
    return task.status === 'failed' ? { ...result, isError: true } : result;
  }

  /** It is answered when the task is over, so it has no deadline of its own: the looks at the task tell that the server lives. */
  private ask(signal: AbortSignal): Promise<JsonObject> {
    this.asked ??= this.session.ask(ClientMethods.tasksResult, { taskId: this.id }, signal, {
      deadlines: { idle: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY },
      callId: this.callId,
      neverCancel: true,
    });
    return this.asked;
  }
}

/** 2026-07-28: a look at the task brings what it waits for, and in the end its result (TASKX3 to TASKX5). */
export class ExtensionTask implements TaskWire {
  /** Keys of inputs that were answered or are being answered: never twice, however often the server shows them. */
  private readonly answered = new Set<string>();
  private rounds = 0;

  constructor(
    private readonly session: ServerSession,
    private readonly id: string,
    private readonly callId: number,
  ) {}

  async look(signal: AbortSignal): Promise<TaskLook> {
    return await lookAt(this.session, this.id, 'extension', signal);
  }

  async serve({ raw }: TaskLook, signal: AbortSignal): Promise<undefined> {
    const read = readInputRequests(own(raw, 'inputRequests'));
    if (!read.ok) throw invalid(read.error);
    const fresh = read.value.filter(({ key }) => !this.answered.has(key));
    if (fresh.length === 0) return undefined;
    if (++this.rounds > MAX_ROUNDS)
      throw refused(`The server asked for input more than ${MAX_ROUNDS} times.`);
    for (const { key } of fresh) this.answered.add(key);
    await this.update(fresh, signal);
    return undefined;
  }

  async result({ task, raw }: TaskLook): Promise<JsonObject> {
    if (task.status === 'failed') throw new FailureError(errorOf(own(raw, 'error')));
    const result = own(raw, 'result');
    if (!isObject(result)) throw invalid('a completed task has no result');
    return await Promise.resolve(result);
  }

  private async update(fresh: readonly InputRequest[], signal: AbortSignal): Promise<void> {
    const inputResponses = await this.session.inputs.answerInputs(fresh, this.callId, signal);
    await this.session.ask(ClientMethods.tasksUpdate, { taskId: this.id, inputResponses }, signal, {
      callId: this.callId,
    });
  }
}

async function lookAt(
  session: ServerSession,
  taskId: string,
  form: 'core' | 'extension',
  signal: AbortSignal,
): Promise<TaskLook> {
  // Looking costs a server nothing, so a look that nobody waits for any more is not taken back.
  const raw = await session.ask(ClientMethods.tasksGet, { taskId }, signal, { neverCancel: true });
  const task = readTask(raw, form);
  if (!task.ok) throw invalid(task.error);
  if (task.value.id !== taskId) throw invalid('it is about another task');
  return { task: task.value, raw };
}

/** The JSON-RPC error that a failed task carries. */
function errorOf(raw: JsonValue | undefined): Failure {
  const given = isObject(raw) ? raw : {};
  const code = own(given, 'code');
  const data = own(given, 'data');
  return {
    code: 'server-error',
    rpcCode: typeof code === 'number' && Number.isSafeInteger(code) ? code : 0,
    message: cutText(ownString(given, 'message') ?? '', MAX_ERROR_MESSAGE),
    ...(data === undefined ? {} : { data: JSON.stringify(data).slice(0, MAX_ERROR_DATA) }),
  };
}

function invalid(detail: string): FailureError {
  return new FailureError({ code: 'invalid-result', detail });
}

function refused(detail: string): FailureError {
  return new FailureError({ code: 'refused', detail });
}
