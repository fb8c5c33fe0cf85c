/** Reads resources and gets prompts, and makes of the answers what is handed over. */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import type { JsonObject } from '../base/json';
import type { Result } from '../base/result';
import { invalidResult } from '../protocol/failure';
import { ClientMethods, type ClientMethod } from '../protocol/methods';
import type { GetPromptResult, ReadResourceResult } from '../protocol/content';
import { readGetPromptResult, readReadResourceResult } from '../protocol/readContent';
import type { Progress } from '../rpc/progressTokens';
import type { ClientRequests } from './contract';
import type { HeldTexts } from './heldTexts';
import { Patience } from './patience';
import type { Reports } from './reports';
import type { ServerSession } from './serverSession';

/** Whom to ask, and what becomes of long texts. */
export interface Reader {
  readonly session: ServerSession;
  readonly held: HeldTexts;
  readonly reports: Pick<Reports, 'progress' | 'flushProgress'>;
  readonly clock: Clock;
  /** Told, in milliseconds, before a read waits for a server that is busy. */
  readonly onWait: (ms: number) => void;
}

/** Reads a resource, or takes what the server said may be used again. @throws FailureError */
export async function readResource(
  reader: Reader,
  { callId, uri, fresh = false }: ClientRequests['readResource']['params'],
  signal: CancelSignal,
): Promise<ReadResourceResult> {
  const { session, held, clock, onWait } = reader;
  const method = ClientMethods.resourcesRead;
  const patience = new Patience(clock, onWait);
  const result =
    (fresh ? undefined : session.cached(method, { uri })) ??
    (await patience.run(() => call(reader, method, { uri }, callId, signal), signal));
  return unwrap(readReadResourceResult(result, held.keeper()));
}

/** @throws FailureError */
export async function getPrompt(
  reader: Reader,
  params: ClientRequests['getPrompt']['params'],
  signal: CancelSignal,
): Promise<GetPromptResult> {
  const { callId, name } = params;
  const given = { name, arguments: { ...params.arguments } };
  const result = await call(reader, ClientMethods.promptsGet, given, callId, signal);
  return unwrap(readGetPromptResult(result, reader.held.keeper()));
}

/** What a server makes while it is asked for may take as long as a tool does, so progress is asked for as well. */
async function call(
  { session, reports }: Reader,
  method: ClientMethod,
  params: JsonObject,
  callId: number,
  signal: CancelSignal,
): Promise<JsonObject> {
  const onProgress = (progress: Progress): void => reports.progress(callId, progress);
  try {
    return await session.call(method, params, { callId, signal, onProgress });
  } finally {
    // The last report goes before the outcome.
    reports.flushProgress(callId);
  }
}

function unwrap<T>(result: Result<T, string>): T {
  if (result.ok) return result.value;
  throw invalidResult(result.error);
}
