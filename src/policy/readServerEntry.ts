/** Reads `mcpHost.servers`: the names of its entries and their fields. Expands and starts nothing (T011, T013). */

import { isObject, type JsonObject } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { LOG_LEVELS } from '../protocol/logLevels';
import { FieldReader, ProblemList } from './fieldReader';
import { skeletonOf } from './nameSkeleton';
import { LOCAL_FIELDS, readLaunch, REMOTE_FIELDS } from './readLaunch';
import { safeText } from './safeText';
import {
  ROOTS_RULES,
  START_MODES,
  type EntryProblem,
  type SamplingRule,
  type ServerEntry,
  type ToolRules,
} from './serverEntry';
import { DEFAULT_TIMEOUTS, TIMEOUT_BOUNDS, type Timeouts } from './timeouts';

/** Most rules in each of the lists of `tools`. */
const MAX_TOOL_RULES = 1_000;

/** What was read. `entry` is present exactly when there are no problems. */
interface EntryReading {
  readonly entry: ServerEntry | undefined;
  readonly problems: readonly EntryProblem[];
  /** Worth telling, but the entry works. */
  readonly warnings: readonly EntryProblem[];
}

const OTHER_FIELDS = [
  'type',
  'start',
  'strict',
  'timeouts',
  'tools',
  'sampling',
  'roots',
  'logLevel',
] as const;

/**
 * Reads an entry from whatever stands in the settings. Every wrong field is named with what is expected there; nothing
 * is guessed. Never throws.
 */
export function readServerEntry(raw: unknown): EntryReading {
  const found = new ProblemList();
  const entry = isObject(raw) ? readEntry(raw, found) : undefined;
  if (!isObject(raw)) found.problem('', 'the entry must be an object with a "command" or a "url"');
  const { problems, warnings } = found;
  return { entry: problems.length === 0 ? entry : undefined, problems, warnings };
}

function readEntry(raw: JsonObject, found: ProblemList): ServerEntry | undefined {
  const reader = new FieldReader(raw, '', found);
  reader.warnUnknown([...LOCAL_FIELDS, ...REMOTE_FIELDS, ...OTHER_FIELDS]);
  const launch = readLaunch(reader, found);
  const start = reader.oneOf('start', START_MODES) ?? 'onOpen';
  const strict = reader.boolean('strict') ?? false;
  const timeouts = readTimeouts(reader, found);
  const tools = readTools(reader);
  const sampling = readSampling(reader, found);
  const roots = reader.oneOf('roots', ROOTS_RULES);
  const logLevel = reader.oneOf('logLevel', LOG_LEVELS);
  if (!launch) return undefined;
  const optional = logLevel === undefined ? {} : { logLevel };
  return {
    launch,
    start,
    strict,
    timeouts,
    tools,
    sampling,
    // A remote server is not even told that there is something to ask for, unless its entry says so (T148).
    roots: roots ?? (launch.kind === 'local' ? 'ask' : 'none'),
    ...optional,
  };
}

function readTimeouts(reader: FieldReader, found: ProblemList): Timeouts {
  const timeouts = reader.object('timeouts');
  timeouts?.warnUnknown(['connect', 'request', 'total']);
  const read = (key: keyof Timeouts): number => {
    const seconds = timeouts?.number(key);
    if (timeouts === undefined || seconds === undefined) return DEFAULT_TIMEOUTS[key];
    const ms = Math.round(Math.min(Math.max(seconds * 1_000, TIMEOUT_BOUNDS.min), TIMEOUT_BOUNDS.max));
    if (ms !== Math.round(seconds * 1_000)) {
      const { min, max } = TIMEOUT_BOUNDS;
      found.warning(
        timeouts.field(key),
        `is taken as ${ms / 1_000} s (allowed are ${min / 1_000} to ${max / 1_000} s)`,
      );
    }
    return ms;
  };
  return { connect: read('connect'), request: read('request'), total: read('total') };
}

function readTools(reader: FieldReader): ToolRules {
  const tools = reader.object('tools');
  tools?.warnUnknown(['allow', 'deny']);
  const allow = tools?.stringList('allow', MAX_TOOL_RULES);
  const deny = tools?.stringList('deny', MAX_TOOL_RULES) ?? [];
  return allow === undefined ? { deny } : { allow, deny };
}

function readSampling(reader: FieldReader, found: ProblemList): SamplingRule {
  const raw = reader.raw('sampling');
  if (raw === undefined || raw === 'ask') return { kind: 'ask', outsideCalls: false };
  if (raw === 'off') return { kind: 'off' };
  if (!isObject(raw)) {
    reader.wrongType('sampling', '"ask", "off" or an object', raw);
    return { kind: 'off' };
  }
  const sampling = new FieldReader(raw, 'sampling', found);
  sampling.warnUnknown(['model', 'outsideCalls', 'reviewAnswer']);
  const model = sampling.filledString('model');
  const outsideCalls = sampling.boolean('outsideCalls') ?? false;
  const reviewAnswer = sampling.boolean('reviewAnswer');
  return {
    kind: 'ask',
    ...(model === undefined ? {} : { model }),
    outsideCalls,
    ...(reviewAnswer === undefined ? {} : { reviewAnswer }),
  };
}

/** Letters, digits, `_`, `.`, `@`, `-` and spaces inside. */
const NAME = /^[\w .@-]{1,64}$/;

/**
 * Checks the key of an entry. The problem's field is the key itself, made safe to show.
 * A valid name may still be that of an inherited property, so it belongs into a Map and never into a path.
 */
export function readServerName(key: string): Result<string, EntryProblem> {
  const trouble = nameTrouble(key);
  return trouble === undefined ? ok(key) : err({ field: safeText(key, 80), message: trouble });
}

function nameTrouble(key: string): string | undefined {
  if (key === '') return 'the name is empty';
  if (key.length > 64) return 'the name is longer than 64 characters';
  if (!NAME.test(key)) return 'a name may hold letters (a to z), digits, spaces and _ . @ - only';
  if (key !== key.trim()) return 'the name starts or ends with a space';
  if (!/[A-Za-z0-9]/.test(key)) return 'the name needs a letter or a digit';
  if (key === '__proto__') return 'this name is reserved';
  return undefined;
}

/**
 * Finds names that a person could take for each other.
 * @returns for each such name the others it looks like, in the order given; names without a double are absent.
 */
export function confusableWith(names: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const name of new Set(names)) {
    const skeleton = skeletonOf(name);
    groups.set(skeleton, [...(groups.get(skeleton) ?? []), name]);
  }
  const doubles = new Map<string, readonly string[]>();
  for (const group of groups.values()) {
    if (group.length < 2) continue;
    for (const name of group)
      doubles.set(
        name,
        group.filter((other) => other !== name),
      );
  }
  return doubles;
}
