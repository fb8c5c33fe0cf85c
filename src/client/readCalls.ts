/** Reads resources and gets prompts, and makes of the answers what is handed over. */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import type { Result } from '../base/result';
import { invalidResult } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { GetPromptResult, ReadResourceResult } from '../protocol/content';
import { readGetPromptResult, readReadResourceResult } from '../protocol/readContent';
import type { ClientRequests } from './contract';
import type { HeldTexts } from './heldTexts';
import { Patience } from './patience';
import type { ServerSession } from './serverSession';

/** Whom to ask, and what becomes of long texts. */
export interface Reader {
  readonly session: ServerSession;
  readonly held: HeldTexts;
  readonly clock: Clock;
  /** Told, in milliseconds, before a read waits for a server that is busy. */
  readonly onWait: (ms: number) => void;
}

/** Reads a resource, or takes what the server said may be used again. @throws FailureError */
export async function readResource(
  { session, held, clock, onWait }: Reader,
  { callId, uri, fresh = false }: ClientRequests['readResource']['params'],
  signal: CancelSignal,
): Promise<ReadResourceResult> {
  const method = ClientMethods.resourcesRead;
  const result =
    (fresh ? undefined : session.cached(method, { uri })) ??
    (await new Patience(clock, onWait).run(() => session.call(method, { uri }, { callId, signal }), signal));
  return unwrap(readReadResourceResult(result, held.keeper()));
}

/** @throws FailureError */
export async function getPrompt(
  { session, held }: Reader,
  params: ClientRequests['getPrompt']['params'],
  signal: CancelSignal,
): Promise<GetPromptResult> {
  const { callId, name } = params;
  const given = { name, arguments: { ...params.arguments } };
  const result = await session.call(ClientMethods.promptsGet, given, { callId, signal });
  return unwrap(readGetPromptResult(result, held.keeper()));
}

function unwrap<T>(result: Result<T, string>): T {
  if (result.ok) return result.value;
  throw invalidResult(result.error);
}
