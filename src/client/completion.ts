/** Completion of prompt and template arguments (COMP1 to COMP4). */

import type { CancelSignal } from '../base/cancelSignal';
import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { CompletionResult } from '../protocol/content';
import { ErrorCode } from '../protocol/errorCodes';
import { toFailure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { isAtLeast } from '../protocol/revisions';
import type { CompleteParams } from './contract';
import type { ServerSession } from './serverSession';

const MAX_VALUES = 100;
const MAX_CHARS = 1_024;

/** Asks for completions; a server without the feature completes nothing. @throws FailureError */
export async function complete(
  session: ServerSession,
  params: CompleteParams,
  signal: CancelSignal,
): Promise<CompletionResult> {
  if (!session.offers(ClientMethods.complete)) return { values: [], hasMore: false };
  const ref: JsonObject =
    params.ref.kind === 'prompt'
      ? { type: 'ref/prompt', name: params.ref.name }
      : { type: 'ref/resource', uri: params.ref.uriTemplate };
  const takesContext =
    isAtLeast(session.server.negotiated.revision, '2025-06-18') && Object.keys(params.resolved).length > 0;
  const result = await askTolerant(
    session,
    {
      ref,
      argument: { ...params.argument },
      ...(takesContext ? { context: { arguments: { ...params.resolved } } } : {}),
    },
    signal,
  );
  const completion = own(result, 'completion');
  const given = isObject(completion) ? own(completion, 'values') : undefined;
  const values = Array.isArray(given) ? (given as readonly JsonValue[]) : [];
  return {
    values: values
      .filter((value): value is string => typeof value === 'string' && value.length <= MAX_CHARS)
      .slice(0, MAX_VALUES),
    hasMore: values.length > MAX_VALUES || (isObject(completion) && own(completion, 'hasMore') === true),
  };
}

/** Revision 2024-11-05 has no capability to look at: a server without the method says so only when it is asked (COMP2). */
async function askTolerant(
  session: ServerSession,
  params: JsonObject,
  signal: CancelSignal,
): Promise<JsonObject> {
  try {
    return await session.ask(ClientMethods.complete, params, signal);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'server-error' && failure.rpcCode === ErrorCode.methodNotFound) return {};
    throw error;
  }
}
