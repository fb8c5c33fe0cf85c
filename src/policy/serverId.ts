/** The identity of a server entry: where it is written, and its key there (T010). Never its label or title. */

import type { EntryScope } from './serverEntry';

/**
 * `user/name`, `workspace/name` or `folder/<encoded uri>/name`. Different identities have different ids, whatever the
 * name and the URI hold. An id is a key, not a path and not a label: hash it before it names a file.
 */
export function serverId(scope: EntryScope, name: string): string {
  const place = scope.kind === 'folder' ? `folder/${encode(scope.uri)}` : scope.kind;
  return `${place}/${encode(name)}`;
}

// Code units rather than UTF-8, so that lone surrogates have a form as well. Valid names stay readable.

function encode(text: string): string {
  return text.replaceAll(
    /[^\w .@-]/g,
    (unit) => `%${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}
