/** The identity of a server entry: where it is written, and its key there (T010). Never its label or title. */

import type { EntryScope } from './serverEntry';

/** A scope and a name. */
interface ServerIdentity {
  readonly scope: EntryScope;
  readonly name: string;
}

/**
 * `user/name`, `workspace/name` or `folder/<encoded uri>/name`. Different identities have different ids, whatever the
 * name and the URI hold. An id is a key, not a path and not a label: hash it before it names a file.
 */
export function serverId(scope: EntryScope, name: string): string {
  const place = scope.kind === 'folder' ? `folder/${encode(scope.uri)}` : scope.kind;
  return `${place}/${encode(name)}`;
}

/** Takes an id apart; undefined unless {@link serverId} could have made it. */
export function parseServerId(id: string): ServerIdentity | undefined {
  const parts = id.split('/').map(decode);
  const [kind, second, third] = parts;
  const identity = identityOf(kind, second, third, parts.length);
  return identity !== undefined && serverId(identity.scope, identity.name) === id ? identity : undefined;
}

function identityOf(
  kind: string | undefined,
  second: string | undefined,
  third: string | undefined,
  length: number,
): ServerIdentity | undefined {
  if (second === undefined) return undefined;
  if (length === 2 && (kind === 'user' || kind === 'workspace')) return { scope: { kind }, name: second };
  if (length === 3 && kind === 'folder' && third !== undefined)
    return { scope: { kind, uri: second }, name: third };
  return undefined;
}

// Code units rather than UTF-8, so that lone surrogates have a form as well. Valid names stay readable.

function encode(text: string): string {
  return text.replaceAll(
    /[^\w .@-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

function decode(text: string): string {
  return text.replaceAll(/%([0-9A-F]{4})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}
