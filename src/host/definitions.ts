/** The server definitions found in settings: read per scope, checked, and put in order of precedence. Nothing is merged. */

import type { JsonValue } from '../base/json';
import { canonicalJson } from '../policy/canonicalJson';
import { confusableWith, readServerEntry, readServerName } from '../policy/readServerEntry';
import { heldRootsRule } from '../policy/rootsDecision';
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

/** What was read, and what was left out of which scope. */
interface DefinitionReading {
  readonly definitions: readonly ServerDefinition[];
  readonly problems: readonly { readonly scope: EntryScope; readonly message: string }[];
}

/** Reads all entries. Order: narrower scopes first, then as written. */
export function readDefinitions(raw: readonly RawEntry[]): DefinitionReading {
  const { admitted: sorted, left } = admit(raw);
  const confusable = confusableWith(sorted.map(({ key }) => key));
  const definitions: ServerDefinition[] = [];
  const winners = new Map<string, ServerDefinition>();
  for (const entry of sorted) {
    const definition = readDefinition(entry, winners.get(entry.key), confusable.get(entry.key) ?? []);
    if (!winners.has(entry.key)) winners.set(entry.key, definition);
    definitions.push(definition);
  }
  const problems = [...left.values()].map(({ scope, count }) => ({
    scope,
    message: `at most ${MAX_DEFINITIONS} servers are read; ${count} more are left out`,
  }));
  return { definitions, problems };
}

interface Left {
  readonly scope: EntryScope;
  count: number;
}

/** When there are too many, the widest scopes are kept: a repository must not push out the person's own servers. */
function admit(raw: readonly RawEntry[]): {
  readonly admitted: readonly RawEntry[];
  readonly left: ReadonlyMap<string, Left>;
} {
  // One entry per identity, whatever the settings say: two would be one server that is started twice.
  const unique = [...new Map(raw.map((entry) => [serverId(entry.scope, entry.key), entry])).values()];
  const widestFirst = unique.sort((a, b) => RANK[b.scope.kind] - RANK[a.scope.kind]);
  const left = new Map<string, Left>();
  for (const { scope } of widestFirst.slice(MAX_DEFINITIONS)) {
    const place = serverId(scope, '');
    const known = left.get(place);
    if (known) known.count++;
    else left.set(place, { scope, count: 1 });
  }
  const admitted = widestFirst.slice(0, MAX_DEFINITIONS);
  return { admitted: admitted.sort((a, b) => RANK[a.scope.kind] - RANK[b.scope.kind]), left };
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
  const roots = read.entry?.roots;
  if (roots !== undefined && roots !== heldRootsRule(roots, scope.kind))
    warnings.push({
      field: 'roots',
      message: 'counts as "ask" here: only your own settings can share folders without asking you',
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
    written: writtenOf((value ?? null) as JsonValue),
  };
}

/** Whatever stands in the settings: `1e999` is a number there, and none in JSON. */
function writtenOf(value: JsonValue): string {
  try {
    return canonicalJson(value);
  } catch {
    return JSON.stringify(value);
  }
}
