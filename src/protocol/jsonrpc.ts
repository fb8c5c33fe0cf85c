/** JSON-RPC 2.0 envelopes as MCP restricts them (string or integer ids, no null), and the strict reader for foreign ones. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { cutText } from './cutText';
import { ErrorCode } from './errorCodes';

/** MCP allows strings and integers (BASE2). `1` and `"1"` are different ids. */
export type RequestId = string | number;

/** A request (JSON-RPC 2.0, section 4). */
export interface JsonRpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonObject;
}

/** A notification: a request without an id (section 4.1). */
export interface JsonRpcNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: JsonObject;
}

/** A response that succeeded (section 5). */
export interface JsonRpcResult {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly result: JsonValue;
}

/** What went wrong (section 5.1). */
export interface JsonRpcErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** An error may lack its id when the peer could not read the request (BASE5). */
export interface JsonRpcError {
  readonly jsonrpc: '2.0';
  readonly id?: RequestId;
  readonly error: JsonRpcErrorObject;
}

/** Any message. Batches are taken apart before they get here. */
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResult | JsonRpcError;

/** What a message that cannot be taken was meant to be, so that whoever waits for it is told. */
export interface MessageSubject {
  /** `answer` to a request of ours, or a `request` of the peer's. */
  readonly kind: 'answer' | 'request';
  readonly id: RequestId;
}

/** Error messages longer than this are cut: they end up in logs and notifications. */
const MAX_ERROR_MESSAGE = 2_000;

function readId(value: JsonValue | undefined): RequestId | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

function readError(value: JsonObject): JsonRpcErrorObject {
  const code = own(value, 'code');
  const message = own(value, 'message');
  const data = own(value, 'data');
  return {
    // A malformed error is still an error: the call it answers must settle (T051).
    code: typeof code === 'number' && Number.isInteger(code) ? code : ErrorCode.internalError,
    message:
      typeof message === 'string'
        ? cutText(message, MAX_ERROR_MESSAGE)
        : 'The server sent a malformed error.',
    ...(data === undefined ? {} : { data }),
  };
}

/**
 * Reads one parsed JSON value as a JSON-RPC message. `null` in `method`, `params`, and in whichever of `result` and `error` stands
 * beside the other counts as absent: some writers name every member of an envelope.
 * @returns the message, or a short reason (our own text, nothing of the value) why it is none.
 */
export function readMessage(value: unknown): Result<JsonRpcMessage, string> {
  if (!isObject(value)) return err('not a JSON object');
  if (own(value, 'jsonrpc') !== '2.0') return err('no "jsonrpc": "2.0"');
  const method = own(value, 'method') ?? undefined;
  return method === undefined ? readAnswer(value) : readCall(value, method);
}

function readCall(
  value: JsonObject,
  method: JsonValue,
): Result<JsonRpcRequest | JsonRpcNotification, string> {
  if (typeof method !== 'string') return err('method is not a string');
  const params = own(value, 'params') ?? undefined;
  if (params !== undefined && !isObject(params)) return err('params is not an object');
  const body = params === undefined ? { method } : { method, params };
  const rawId = own(value, 'id');
  if (rawId === undefined) return ok({ jsonrpc: '2.0', ...body });
  const id = readId(rawId);
  return id === undefined ? err(BAD_ID) : ok({ jsonrpc: '2.0', id, ...body });
}

function readAnswer(value: JsonObject): Result<JsonRpcResult | JsonRpcError, string> {
  const rawResult = own(value, 'result');
  const rawError = own(value, 'error');
  const error = rawError === null && rawResult !== undefined ? undefined : rawError;
  const result = rawResult === null && error !== undefined ? undefined : rawResult;
  if (error !== undefined && result !== undefined) return err('both result and error');
  const rawId = own(value, 'id');
  const id = readId(rawId);
  if (error !== undefined) {
    const detail = readError(isObject(error) ? error : {});
    if (id !== undefined) return ok({ jsonrpc: '2.0', id, error: detail });
    return rawId === undefined || rawId === null ? ok({ jsonrpc: '2.0', error: detail }) : err(BAD_ID);
  }
  if (result === undefined) return err('neither method, result nor error');
  return id === undefined ? err(BAD_ID) : ok({ jsonrpc: '2.0', id, result });
}

const BAD_ID = 'id is not a string or integer';

/**
 * What a value that {@link readMessage} does not take, or that is refused, is about. Undefined when it names no usable id, and for an
 * object that has nothing of an answer: a log line may well have an `id`.
 */
export function subjectOf(value: unknown): MessageSubject | undefined {
  if (!isObject(value)) return undefined;
  const id = readId(own(value, 'id'));
  if (id === undefined) return undefined;
  if ((own(value, 'method') ?? undefined) !== undefined) return { kind: 'request', id };
  const isAnswer = ['jsonrpc', 'result', 'error'].some((member) => own(value, member) !== undefined);
  return isAnswer ? { kind: 'answer', id } : undefined;
}

/** True for a request, which wants an answer. */
export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}

/** True for a notification. */
export function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message);
}

/** True for a result or an error. */
export function isResponse(message: JsonRpcMessage): message is JsonRpcResult | JsonRpcError {
  return !('method' in message);
}
