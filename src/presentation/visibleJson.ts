/** JSON for people: what cannot be seen is written as an escape, which means the same. */

import type { JsonValue } from '../base/json';
import { HIDDEN_PATTERN } from '../policy/visibleEscapes';

/** Pretty-printed JSON in which hidden characters are `\uXXXX` (T109, T121): equal in meaning, nothing left out. */
export function visibleJson(value: JsonValue): string {
  return escapeHidden(JSON.stringify(value, null, 2));
}

/** The same on one line. */
export function visibleJsonLine(value: JsonValue): string {
  return escapeHidden(JSON.stringify(value));
}

function escapeHidden(json: string): string {
  return json.replaceAll(HIDDEN, (found) =>
    [...Array(found.length).keys()]
      .map((index) => `\\u${found.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`)
      .join(''),
  );
}

const HIDDEN = new RegExp(HIDDEN_PATTERN.source, 'gu');
