/** Calls tools: with the headers they ask for, and once more when the server says that these were not the right ones. */

import type { JsonObject } from '../base/json';
import { ErrorCode } from '../protocol/errorCodes';
import { toFailure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { CallToolParams } from './contract';
import type { Lists } from './lists';
import type { CallOptions, ServerSession } from './serverSession';

/** @throws FailureError */
export async function callTool(
  session: ServerSession,
  lists: Lists,
  { name, arguments: given }: CallToolParams,
  options: CallOptions,
): Promise<JsonObject> {
  const call = (): Promise<JsonObject> =>
    session.call(
      ClientMethods.toolsCall,
      { name, arguments: given },
      { ...options, hints: lists.hintsFor(name, given) },
    );
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
