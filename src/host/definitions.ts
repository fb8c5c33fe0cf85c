/** The server definitions found in settings: read per scope, checked, and put in order of precedence. Nothing is merged. */

import type { JsonValue } from '../base/json';
import { canonicalJson } from '../policy/canonicalJson';
import { confusableWith, readServerEntry, readServerName } from '../policy/readServerEntry';
import { safeText } from '../policy/safeText';
import type { EntryProblem, EntryScope, ServerEntry } from '../policy/serverEntry';
import { serverId } from '../policy/serverId';
import type { RawEntry } from './ports';

/** One entry of settings, read. */
export interface ServerDefinition {
  /** (scope, key); never derived from anything a server says (T010). */
  readonly id: string;
  readonly name: string;
  readonly scope: EntryScope;
  /** Undefined when the entry cannot be used; `problems` says why. */
  readonly entry: ServerEntry | undefined;
  readonly problems: readonly EntryProblem[];
  readonly warnings: readonly EntryProblem[];
  /** The id of the entry that is used instead. */
  readonly shadowedBy?: string;
  /** The entry as written, in canonical form: equal texts mean the same definition. */
  readonly written: string;
}

/** More entries are not read (T012). */
export const MAX_DEFINITIONS = 200;

/** Narrower scopes come first. */
const RANK: Readonly<Record<EntryScope['kind'], number>> = { folder: 0, workspace: 1, user: 2 };

/** Reads all entries. Order: narrower scopes first, then as written. */
export function readDefinitions(raw: readonly RawEntry[]): readonly ServerDefinition[] {
  const sorted = [...raw].sort((a, b) => RANK[a.scope.kind] - RANK[b.scope.kind]).slice(0, MAX_DEFINITIONS);
  const confusable = confusableWith(sorted.map(({ key }) => key));
  const definitions: ServerDefinition[] = [];
  const winners = new Map<string, ServerDefinition>();
  for (const entry of sorted) {
    const definition = readDefinition(entry, winners.get(entry.key), confusable.get(entry.key) ?? []);
    if (!winners.has(entry.key)) winners.set(entry.key, definition);
    definitions.push(definition);
  }
  return definitions;
}

function readDefinition(
  { scope, key, value }: RawEntry,
  winner: ServerDefinition | undefined,
  lookAlikes: readonly string[],
): ServerDefinition {
  const name = readServerName(key);
  const read = readServerEntry(value);
  const warnings = [...read.warnings];
  if (lookAlikes.length > 0)
    warnings.push({
      field: 'name',
      message: `looks like the name of another server (${lookAlikes.map((name) => safeText(name, 80)).join(', ')})`,
    });
  // Two folders of one workspace may both have an entry of this name: they are different servers, and neither hides the other.
  const shadowed = winner !== undefined && !(winner.scope.kind === 'folder' && scope.kind === 'folder');
  return {
    id: serverId(scope, key),
    name: key,
    scope,
    entry: name.ok ? read.entry : undefined,
    problems: name.ok ? read.problems : [name.error, ...read.problems],
    warnings,
    ...(shadowed ? { shadowedBy: winner.id } : {}),
    written: canonicalJson((value ?? null) as JsonValue),
  };
}
