/**
 * A launch field by field, as a person saw it when approving: kept with the approval, so that a change can be shown beside what was
 * approved (T002). It is made of the review's own texts, so a value that may be a secret is not in it.
 */

import { isObject, own } from '../base/json';
import type { LaunchReview, ReviewedPath, ReviewedRules, ReviewedValue } from './launchReview';
import type { SafeText } from './safeText';

/** The fields that are compared. */
export const FACTS = [
  'machine',
  'command',
  'program',
  'args',
  'cwd',
  'url',
  'transport',
  'headers',
  'signIn',
  'env',
  'envFile',
  'envFileVariables',
  'readsEnvironment',
  'inputs',
  'mayAsk',
  'model',
  'allowedTools',
  'deniedTools',
  'timeouts',
  'logLevel',
  'start',
  'strict',
] as const;

/** One of {@link FACTS}. */
export type Fact = (typeof FACTS)[number];

/** The lines of each field; one that is not set has none. */
export type LaunchFacts = ReadonlyMap<Fact, readonly string[]>;

/** What a server may ask for, as a fact. */
type AskFact = 'sampling' | 'samplingOutsideCalls' | 'roots';

/** The facts of a launch, in the words of its review. */
export function launchFacts(review: LaunchReview): LaunchFacts {
  const { launch, machine, readsEnvironment, inputs, mayAsk } = review;
  const asks = (['sampling', 'samplingOutsideCalls', 'roots'] as const).filter((name) => mayAsk[name]);
  const common: [Fact, readonly string[]][] = [
    ['machine', optional(machine)],
    ['readsEnvironment', readsEnvironment],
    ['inputs', inputs],
    ['mayAsk', asks satisfies readonly AskFact[]],
    ['model', optional(mayAsk.model)],
    ...ruleFacts(review.rules),
  ];
  if (launch.kind === 'remote')
    return new Map([
      ...common,
      ['url', [launch.resolvedUrl ?? launch.url]],
      ['transport', launch.transport === undefined ? [] : [launch.transport]],
      ['headers', launch.headers.map(valueFact)],
      ['signIn', launch.signIn.map(valueFact)],
    ]);
  return new Map([
    ...common,
    ['command', [launch.command]],
    ['program', optional(launch.resolvedCommand)],
    ['args', launch.args],
    ['cwd', pathFact(launch.cwd)],
    ['env', launch.env.map(valueFact)],
    ['envFile', pathFact(launch.envFile)],
    ['envFileVariables', launch.envFileVariables.map(valueFact)],
  ]);
}

/** What the entry sets for itself, apart from how it is started. */
function ruleFacts(rules: ReviewedRules): [Fact, readonly string[]][] {
  return [
    // "None allowed" is not "no rule".
    ['allowedTools', rules.allowedTools?.length === 0 ? ['none'] : (rules.allowedTools ?? [])],
    ['deniedTools', rules.deniedTools],
    ['timeouts', Object.entries(rules.timeouts).map(([name, ms]) => `${name} ${ms / 1_000} s`)],
    ['logLevel', rules.logLevel === undefined ? [] : [rules.logLevel]],
    ['start', rules.start === undefined ? [] : [rules.start]],
    ['strict', rules.strict ? ['strict'] : []],
  ];
}

/** The fields that differ. */
export function changedFacts(before: LaunchFacts, now: LaunchFacts): ReadonlySet<Fact> {
  return new Set(FACTS.filter((fact) => !isSame(before.get(fact) ?? [], now.get(fact) ?? [])));
}

/** Facts as JSON, for storage. */
export function storedFacts(facts: LaunchFacts): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...facts].filter(([, lines]) => lines.length > 0));
}

/** Reads stored facts back; undefined when they are none. */
export function readFacts(stored: unknown): LaunchFacts | undefined {
  if (!isObject(stored)) return undefined;
  const facts = new Map<Fact, readonly string[]>();
  for (const fact of FACTS) {
    const lines = own(stored, fact);
    if (lines === undefined) continue;
    const texts: readonly unknown[] = Array.isArray(lines) ? lines : [undefined];
    const known = texts.filter((line): line is string => typeof line === 'string');
    if (known.length !== texts.length) return undefined;
    facts.set(fact, known);
  }
  return facts;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

function optional(text: SafeText | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

function pathFact(place: ReviewedPath | undefined): readonly string[] {
  return optional(place?.path);
}

function valueFact({ name, value }: ReviewedValue): string {
  switch (value.kind) {
    case 'set':
      return `${name} is set`;
    case 'removed':
      return `${name} is removed`;
    case 'shown':
      return `${name}=${value.text}`;
  }
}
