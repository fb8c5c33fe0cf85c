/** One codec per era: how a request is dressed and how a result is told apart. What is not in an era is simply not there. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import type { ClientMethod } from './methods';
import type { Implementation } from './model';
import type { ElicitationModes } from './elicitation';
import { isAtLeast, type ModernRevision, type Revision } from './revisions';
import { readTask, TASKS_EXTENSION, type Task } from './tasks';

/** What this client serves; an absent feature is not declared (VER11). */
export interface ClientOffers {
  readonly sampling: boolean;
  /** Requests for model answers may bring tools (2025-11-25 on). */
  readonly samplingTools?: boolean;
  readonly roots: boolean;
  readonly elicitation?: ElicitationModes | false;
}

/** One entry of `inputRequests` (MRTR7): not a JSON-RPC message. */
export interface InputRequest {
  readonly key: string;
  readonly method: string;
  readonly params: JsonObject;
}

/** A result, told apart. */
type Outcome =
  | { readonly kind: 'complete'; readonly result: JsonObject }
  | {
      readonly kind: 'input-required';
      readonly requests: readonly InputRequest[];
      readonly requestState?: string;
    }
  /** The call goes on as a task of the extension. */
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'invalid'; readonly detail: string };

/** The wire form of one era. */
export interface EraCodec {
  /** Params as they leave. */
  dress(params: JsonObject): JsonObject;
  /** What an answer to `method` is. */
  read(method: ClientMethod, raw: JsonValue): Outcome;
}

/** Prefix of the `_meta` keys the stateless era reserves (META1). */
const META = 'io.modelcontextprotocol/';

/** More input requests in one result are refused: nobody can review them (T134). */
const MAX_INPUT_REQUESTS = 10;

/** Characters of `requestState` that are echoed at most (T147). */
const MAX_REQUEST_STATE = 1_048_576;

/** Where a request of the stateless era names its revision. */
export const PROTOCOL_VERSION = `${META}protocolVersion`;

/** The capabilities object of a revision. The stateless era has no `roots.listChanged`. */
export function clientCapabilities(offers: ClientOffers, revision: Revision): JsonObject {
  const isModern = isAtLeast(revision, '2026-07-28');
  return {
    ...(offers.sampling ? { sampling: takesSamplingTools(offers, revision) ? { tools: {} } : {} } : {}),
    ...(offers.roots ? { roots: isModern ? {} : { listChanged: true } } : {}),
    ...elicitationCapability(offers, revision),
    // Declared here, any call may become a task (TASKX1). That this host makes tasks itself is never declared, in no revision (TASKL8).
    ...(isModern ? { extensions: { [TASKS_EXTENSION]: {} } } : {}),
  };
}

/** Whether a request for a model answer may bring tools (SAMP1, SAMP3). */
export function takesSamplingTools(offers: ClientOffers, revision: Revision): boolean {
  return offers.sampling && offers.samplingTools === true && isAtLeast(revision, '2025-11-25');
}

/** The ways to ask for input that a revision has; none of those that are not offered (ELIC1, ELIC8). */
export function elicitationModes(
  { elicitation }: ClientOffers,
  revision: Revision,
): ElicitationModes | undefined {
  if (!elicitation) return undefined;
  const form = elicitation.form && isAtLeast(revision, '2025-06-18');
  const url = elicitation.url && isAtLeast(revision, '2025-11-25');
  return form || url ? { form, url } : undefined;
}

/** 2025-06-18 knew no modes. */
function elicitationCapability(offers: ClientOffers, revision: Revision): JsonObject {
  const modes = elicitationModes(offers, revision);
  if (!modes) return {};
  const hasModes = isAtLeast(revision, '2025-11-25');
  return {
    elicitation: {
      ...(hasModes && modes.form ? { form: {} } : {}),
      ...(hasModes && modes.url ? { url: {} } : {}),
    },
  };
}

/** `_meta` of every request of the stateless era (VER1). */
export function modernMeta(revision: ModernRevision, info: Implementation, offers: ClientOffers): JsonObject {
  return {
    [PROTOCOL_VERSION]: revision,
    [`${META}clientCapabilities`]: clientCapabilities(offers, revision),
    [`${META}clientInfo`]: { ...info },
  };
}

/** The key under which a subscription's notifications name their listen request (SUBS3). */
export const SUBSCRIPTION_ID = `${META}subscriptionId`;

/** Where a request of the stateless era says from which level on it wants log messages (LOG2). */
export const LOG_LEVEL = `${META}logLevel`;

/** Where any result of the stateless era names its server. */
export const SERVER_INFO = `${META}serverInfo`;

/** Up to 2025-11-25. */
export const legacyCodec: EraCodec = {
  dress: (params) => params,
  read: (_method, raw) =>
    isObject(raw) ? { kind: 'complete', result: raw } : invalid('the result is not an object'),
};

/** 2026-07-28. */
export function modernCodec(revision: ModernRevision, info: Implementation, offers: ClientOffers): EraCodec {
  const meta = modernMeta(revision, info, offers);
  return {
    dress: (params) => {
      const given = own(params, '_meta');
      return { ...params, _meta: { ...(isObject(given) ? given : {}), ...meta } };
    },
    read: (method, raw) => {
      if (!isObject(raw)) return invalid('the result is not an object');
      const type = own(raw, 'resultType');
      // An absent type means complete; an unknown one is an error (BASE9).
      if (type === undefined || type === 'complete') return { kind: 'complete', result: raw };
      if (type === 'task') return readBecameTask(method, raw);
      if (type !== 'input_required') return invalid('it has an unknown resultType');
      return method.mayAskForInput
        ? readInputRequired(raw)
        : invalid(`${method.method} must not ask for input`);
    },
  };
}

function readBecameTask(method: ClientMethod, raw: JsonObject): Outcome {
  if (!method.mayBecomeTask) return invalid(`${method.method} must not become a task`);
  const task = readTask(raw, 'extension');
  return task.ok ? { kind: 'task', task: task.value } : invalid(task.error);
}

function readInputRequired(raw: JsonObject): Outcome {
  const state = own(raw, 'requestState');
  if (state !== undefined && typeof state !== 'string') return invalid('requestState is not a string');
  if (state !== undefined && state.length > MAX_REQUEST_STATE)
    return invalid('requestState is larger than 1 MB');
  const requests = readInputRequests(own(raw, 'inputRequests'));
  if (!requests.ok) return invalid(requests.error);
  return {
    kind: 'input-required',
    requests: requests.value,
    ...(state === undefined ? {} : { requestState: state }),
  };
}

/** The inputs that a result or a task asks for, or why they cannot be answered. */
export function readInputRequests(given: JsonValue = {}): Result<readonly InputRequest[], string> {
  if (!isObject(given)) return err('inputRequests is not an object');
  const keys = Object.keys(given);
  if (keys.length > MAX_INPUT_REQUESTS) return err(`it asks for ${keys.length} inputs at once`);
  const requests: InputRequest[] = [];
  for (const key of keys) {
    const entry = own(given, key);
    const method = isObject(entry) ? ownString(entry, 'method') : undefined;
    if (!isObject(entry) || method === undefined) return err('an input request has no method');
    const params = own(entry, 'params');
    requests.push({ key, method, params: isObject(params) ? params : {} });
  }
  return ok(requests);
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', detail };
}
