/** How a task is looked at, served and ended on the wire, in each of the two eras. Nothing here decides when it is looked at. */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { ok, type Result } from '../base/result';
import { readInputRequests, type InputRequest } from '../protocol/codec';
import { cutText } from '../protocol/cutText';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, invalidResult, isBusy, refused, toFailure, type Failure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readTask, type Task } from '../protocol/tasks';
import { answerFailure } from '../rpc/requestFailure';
import type { RequestOptions } from '../rpc/rpcHandlers';
import { isLostOnTheWay, Losses } from './losses';
import type { ServerSession } from './serverSession';

/** One look at a task: what it is, and the whole answer. */
export interface TaskLook {
  readonly task: Task;
  readonly raw: JsonObject;
}

/** What came of serving a task. */
export type Served =
  /** The call's result: the serving itself brought it. */
  | { readonly kind: 'result'; readonly result: JsonObject }
  /** The call's error, in the same way. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'served' }
  /** Something got lost on the way, and is sent with a look in so many milliseconds. */
  | { readonly kind: 'lost'; readonly againInMs: number };

const SERVED: Served = { kind: 'served' };

/** The wire form of one era. */
export interface TaskWire {
  /** @throws FailureError `task-ended` when the server does not know it (any more) */
  look(signal: CancelSignal): Promise<TaskLook>;
  /**
   * Serves what the task waits for; called at every look that finds it waiting, and returns at once while that is under way.
   * @throws FailureError when the task must be given up.
   */
  serve(look: TaskLook, signal: CancelSignal): Promise<Served>;
  /** The result of a call whose task is completed or has failed. @throws FailureError */
  result(look: TaskLook, signal: CancelSignal): Promise<JsonObject>;
}

/** Rounds of input that one task may ask for (T147). */
const MAX_ROUNDS = 10;
const MAX_ERROR_MESSAGE = 2_000;

/** 2025-11-25: the result is asked for by a request of its own, on which the server also asks for input (TASKL3, TASKL4). */
export class CoreTask implements TaskWire {
  private asked: Promise<JsonObject> | undefined;

  constructor(
    private readonly session: ServerSession,
    private readonly id: string,
    private readonly callId: number,
  ) {}

  async look(signal: CancelSignal): Promise<TaskLook> {
    return await lookAt(this.session, this.id, 'core', signal);
  }

  async serve(_look: TaskLook, signal: CancelSignal): Promise<Served> {
    if (this.asked) return SERVED;
    try {
      return { kind: 'result', result: await this.ask(signal) };
    } catch (error) {
      const failure = toFailure(error);
      // The server says it as it would have said it of the call (TASKL4).
      if (failure.code === 'server-error' && !isBusy(failure))
        return { kind: 'failed', failure: isUnknownTask(failure) ? EXPIRED : failure };
      if (!isLostOnTheWay(failure)) throw error;
      // The next look that finds it waiting asks again.
      this.asked = undefined;
      return SERVED;
    }
  }

  /** The task is over, so its result must come within the usual time, also when it was asked for before. */
  async result({ task }: TaskLook, signal: CancelSignal): Promise<JsonObject> {
    const asked = this.asked ? this.session.soon(this.asked) : this.request(signal);
    try {
      const result = await asked;
      return task.status === 'failed' ? { ...result, isError: true } : result;
    } catch (error) {
      this.asked = undefined;
      throw error;
    }
  }

  /** It is answered when the task is over, so it has no deadline until then: the looks at the task tell that the server lives. */
  private ask(signal: CancelSignal): Promise<JsonObject> {
    this.asked ??= this.request(signal, {
      deadlines: { idle: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY },
    });
    return this.asked;
  }

  private request(signal: CancelSignal, more: Partial<RequestOptions> = {}): Promise<JsonObject> {
    const { callId } = this;
    return this.session.ask(ClientMethods.tasksResult, { taskId: this.id }, signal, {
      ...more,
      callId,
      neverCancel: true,
    });
  }
}

/** Milliseconds before answers that got lost are sent again, doubled with each further loss. */
const SEND_AGAIN_MS = 1_000;

/** 2026-07-28: a look at the task brings what it waits for, and in the end its result (TASKX3 to TASKX5). */
export class ExtensionTask implements TaskWire {
  /** Keys of inputs that somebody was asked for: never twice, however often the server shows them. */
  private readonly asked = new Set<string>();
  /** Answers that, as far as is known, the server does not have: key of the input → its response. Forgotten with the task. */
  private readonly unsent = new Map<string, JsonValue>();
  private readonly losses: Losses;
  private sendAgainAt = 0;
  private rounds = 0;

  constructor(
    private readonly session: ServerSession,
    private readonly id: string,
    private readonly callId: number,
    private readonly clock: Clock,
  ) {
    this.losses = new Losses(clock);
  }

  async look(signal: CancelSignal): Promise<TaskLook> {
    return await lookAt(this.session, this.id, 'extension', signal);
  }

  async serve({ raw }: TaskLook, signal: CancelSignal): Promise<Served> {
    const read = readInputRequests(own(raw, 'inputRequests'));
    if (!read.ok) throw invalidResult(read.error);
    const fresh = read.value.filter(({ key }) => !this.asked.has(key));
    if (fresh.length > 0) await this.answer(fresh, signal);
    return await this.send(
      read.value.map(({ key }) => key),
      signal,
    );
  }

  async result({ task, raw }: TaskLook): Promise<JsonObject> {
    if (task.status === 'failed') throw new FailureError(errorOf(own(raw, 'error')));
    const result = own(raw, 'result');
    if (!isObject(result)) throw invalidResult('a completed task has no result');
    const kind = ownString(result, 'resultType') ?? 'complete';
    if (kind !== 'complete')
      throw invalidResult(`a completed task has a result that is "${cutText(kind, 40)}"`);
    return await Promise.resolve(result);
  }

  private async answer(fresh: readonly InputRequest[], signal: CancelSignal): Promise<void> {
    if (++this.rounds > MAX_ROUNDS)
      throw refused(`The server asked for input more than ${MAX_ROUNDS} times.`);
    for (const { key } of fresh) this.asked.add(key);
    const answers = await this.session.inputs.answerInputs(fresh, this.callId, signal);
    for (const [key, response] of Object.entries(answers))
      if (response !== undefined) this.unsent.set(key, response);
  }

  /** Sends what is answered of these inputs. What gets lost is sent again with a later look that still shows it (TASKX5). */
  private async send(keys: readonly string[], signal: CancelSignal): Promise<Served> {
    if (this.clock.monotonic() < this.sendAgainAt) return SERVED;
    const answers: (readonly [string, JsonValue])[] = [];
    for (const key of keys) {
      const response = this.unsent.get(key);
      if (response !== undefined) answers.push([key, response]);
      this.unsent.delete(key);
    }
    if (answers.length === 0) return SERVED;
    const params = { taskId: this.id, inputResponses: Object.fromEntries(answers) };
    try {
      await this.session.ask(ClientMethods.tasksUpdate, params, signal, { callId: this.callId });
      this.losses.end();
      return SERVED;
    } catch (error) {
      const pause = this.losses.pauseAfter(toFailure(error), SEND_AGAIN_MS);
      if (pause === undefined) throw error;
      this.sendAgainAt = this.clock.monotonic() + pause;
      for (const [key, response] of answers) this.unsent.set(key, response);
      return { kind: 'lost', againInMs: pause };
    }
  }
}

/** What a server tells of a task by itself, or why it cannot be used. */
export function readTold(raw: JsonObject): Result<TaskLook, string> {
  const task = readTask(raw, 'extension');
  return task.ok ? ok({ task: task.value, raw }) : task;
}

async function lookAt(
  session: ServerSession,
  taskId: string,
  form: 'core' | 'extension',
  signal: CancelSignal,
): Promise<TaskLook> {
  // Looking costs a server nothing, so a look that nobody waits for any more is not taken back.
  const asked = session.ask(ClientMethods.tasksGet, { taskId }, signal, { neverCancel: true });
  const raw = await asked.catch((error: unknown) => {
    throw isUnknownTask(toFailure(error)) ? new FailureError(EXPIRED) : error;
  });
  const task = readTask(raw, form);
  if (!task.ok) throw invalidResult(task.error);
  if (task.value.id !== taskId) throw invalidResult('it is about another task');
  return { task: task.value, raw };
}

const EXPIRED: Failure = { code: 'task-ended', reason: 'expired' };

function isUnknownTask(failure: Failure): boolean {
  return failure.code === 'server-error' && failure.rpcCode === ErrorCode.invalidParams;
}

/** The JSON-RPC error that a failed task carries. */
function errorOf(raw: JsonValue | undefined): Failure {
  const given = isObject(raw) ? raw : {};
  const code = own(given, 'code');
  const data = own(given, 'data');
  return answerFailure({
    code: typeof code === 'number' && Number.isSafeInteger(code) ? code : 0,
    message: cutText(ownString(given, 'message') ?? '', MAX_ERROR_MESSAGE),
    ...(data === undefined ? {} : { data }),
  });
}
