/** Reads resources and gets prompts: one call each, and what comes back as what this host knows. */

import type { Result } from '../base/result';
import type { GetPromptResult, ReadResourceResult } from '../protocol/content';
import { FailureError } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readGetPromptResult, readReadResourceResult, type KeepText } from '../protocol/readContent';
import type { ClientRequests } from './contract';
import type { ServerSession } from './serverSession';

/** @throws FailureError */
export async function readResource(
  session: ServerSession,
  { callId, uri }: ClientRequests['readResource']['params'],
  signal: AbortSignal,
  keep: KeepText,
): Promise<ReadResourceResult> {
  const result = await session.call(ClientMethods.resourcesRead, { uri }, { callId, signal });
  return unwrap(readReadResourceResult(result, keep));
}

/** @throws FailureError */
export async function getPrompt(
  session: ServerSession,
  { callId, name, arguments: given }: ClientRequests['getPrompt']['params'],
  signal: AbortSignal,
  keep: KeepText,
): Promise<GetPromptResult> {
  const params = { name, arguments: { ...given } };
  const result = await session.call(ClientMethods.promptsGet, params, { callId, signal });
  return unwrap(readGetPromptResult(result, keep));
}

function unwrap<T>(result: Result<T, string>): T {
  if (result.ok) return result.value;
  throw new FailureError({ code: 'invalid-result', detail: result.error });
}
