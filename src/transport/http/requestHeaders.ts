/** The headers of one message on its way to an MCP endpoint, in both eras. Pure. */

import { isObject, own, ownString, type JsonObject } from '../../base/json';
import { PROTOCOL_VERSION } from '../../protocol/codec';
import { isRequest, type JsonRpcMessage } from '../../protocol/jsonrpc';
import { headerValue } from '../../protocol/paramHeaders';
import { isAtLeast, type Negotiated } from '../../protocol/revisions';

/** What is known of a session of the stateful era. */
export interface HttpSession {
  /** As the server gave it; a secret (SESS4). */
  readonly id?: string;
  /** Undefined until the handshake is over. */
  readonly negotiated?: Negotiated;
}

/** Header of the session's id. */
export const SESSION_HEADER = 'mcp-session-id';
/** Characters of an id in it; a longer one is not sent back. */
export const MAX_SESSION_ID = 1_024;

const ACCEPT = 'application/json, text/event-stream';

/**
 * Headers of a POST. What the entry configures comes first, so that it cannot replace what the protocol needs.
 * @param extra such as `Mcp-Param-*`.
 */
export function postHeaders(
  configured: Readonly<Record<string, string>>,
  session: HttpSession,
  message: JsonRpcMessage,
  extra: readonly (readonly [string, string])[],
): Record<string, string> {
  return merge(configured, [
    ['content-type', 'application/json'],
    ['accept', ACCEPT],
    ...protocolHeaders(session, message),
    ...extra,
  ]);
}

/** Headers of a GET or DELETE, which only the stateful era has. */
export function sessionHeaders(
  configured: Readonly<Record<string, string>>,
  session: HttpSession,
  extra: readonly (readonly [string, string])[] = [],
): Record<string, string> {
  return merge(configured, [...legacyHeaders(session), ...extra]);
}

/** Header names do not differ by case: the later of two wins, and a null-prototype object holds any name. */
function merge(
  configured: Readonly<Record<string, string>>,
  ours: readonly (readonly [string, string])[],
): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (const [name, value] of [...Object.entries(configured), ...ours]) headers[name.toLowerCase()] = value;
  return headers;
}

function protocolHeaders(
  session: HttpSession,
  message: JsonRpcMessage,
): readonly (readonly [string, string])[] {
  const params = 'params' in message && isObject(message.params) ? message.params : undefined;
  const revision = params && modernRevision(params);
  if (revision === undefined) {
    const opens = isRequest(message) && message.method === 'initialize';
    return opens ? [] : legacyHeaders(session);
  }
  const method = 'method' in message ? message.method : '';
  const name = params && nameOf(method, params);
  return [
    ['mcp-protocol-version', revision],
    ['mcp-method', headerValue(method)],
    ...(name === undefined ? [] : [['mcp-name', headerValue(name)] as const]),
  ];
}

/** True for a message of the stateless era, which says so itself. */
export function isModern(message: JsonRpcMessage): boolean {
  return 'params' in message && isObject(message.params) && modernRevision(message.params) !== undefined;
}

function modernRevision(params: JsonObject): string | undefined {
  const meta = own(params, '_meta');
  return isObject(meta) ? ownString(meta, PROTOCOL_VERSION) : undefined;
}

/** What a request is about, for whoever routes it without reading it (HTTPM6). */
function nameOf(method: string, params: JsonObject): string | undefined {
  switch (method) {
    case 'tools/call':
    case 'prompts/get':
      return ownString(params, 'name');
    case 'resources/read':
      return ownString(params, 'uri');
    case 'tasks/get':
    case 'tasks/update':
    case 'tasks/cancel':
      return ownString(params, 'taskId');
    default:
      return undefined;
  }
}

function legacyHeaders({ id, negotiated }: HttpSession): readonly (readonly [string, string])[] {
  const tellsRevision = negotiated !== undefined && isAtLeast(negotiated.revision, '2025-06-18');
  return [
    ...(tellsRevision ? [['mcp-protocol-version', negotiated.revision] as const] : []),
    ...(id === undefined ? [] : [[SESSION_HEADER, id] as const]),
  ];
}
