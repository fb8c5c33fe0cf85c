/** Waiting launches as the content of the review page: each in full, as `policy/launchReview` made it visible (T005, T006). */

import type { ConsentEntry } from '../host/consentQueue';
import { changedFacts, FACTS, launchFacts, type Fact, type LaunchFacts } from '../policy/launchFacts';
import type { LaunchReview, ReviewedLaunch, ReviewedPath, ReviewedValue } from '../policy/launchReview';
import { exactText } from '../policy/safeText';
import type { LaunchPage, PageCard, PageField, PageLine } from './launchReviewMessages';

/** A click or key that was already on its way when a server was shown decides nothing (T005). */
export const SETTLE_MS = 500;

/** The page for these entries, in their order; entries of other kinds are left out. */
export function launchPage(entries: readonly ConsentEntry[]): LaunchPage {
  const cards = entries.flatMap((entry) => launchCard(entry) ?? []);
  const one = cards.length === 1;
  return {
    title: one ? 'A server that wants to start' : 'Servers that want to start',
    intro: introOf(entries),
    warningsTitle: 'Look at this twice',
    selectLabel: 'Select',
    selectAll: 'Select All',
    start: 'Start Selected',
    deny: 'Deny Selected',
    later: 'Not Now',
    settleMs: SETTLE_MS,
    cards,
  };
}

/** Says what approving means: another program with the person's rights, or another place that learns what is sent to it. */
function introOf(entries: readonly ConsentEntry[]): string {
  const kinds = new Set(
    entries.flatMap(({ subject }) => (subject.kind === 'launch' ? [subject.review.launch.kind] : [])),
  );
  const means = kinds.size === 2 ? BOTH : kinds.has('remote') ? REMOTE : LOCAL;
  return `${means} Nothing starts before you approve it, and you are asked again when anything about it changes.`;
}

const LOCAL = 'A server with a command is a program that runs on this machine with your rights.';
const REMOTE =
  'A server with an address runs elsewhere and learns what is sent to it: headers, arguments, answers.';
const BOTH = `${LOCAL} ${REMOTE}`;

/** True when nothing about a launch asks for a second look. */
function isPlain({ subject }: ConsentEntry): boolean {
  return subject.kind === 'launch' && !subject.changed && subject.review.warnings.length === 0;
}

function launchCard(entry: ConsentEntry): PageCard | undefined {
  const { subject } = entry;
  if (subject.kind !== 'launch') return undefined;
  const { review, changed, before } = subject;
  const known = [...launchFields(review.launch), ...otherFields(review)];
  const differing = before ? changedFacts(before, launchFacts(review)) : new Set<Fact>();
  const gone = [...differing].filter((fact) => !known.some((field) => field.fact === fact));
  const fields = [
    ...known,
    ...gone.map((fact): Field => ({ fact, label: LABELS[fact], lines: [plain('not set any more')] })),
  ];
  return {
    id: entry.id,
    name: exactText(entry.serverName),
    source: `Set up in ${review.source}`,
    ...(changed ? { changed: 'Changed since you approved it' } : {}),
    ...(before && differing.size === 0 ? { note: UNSEEN_CHANGE } : {}),
    warnings: review.warnings.map(({ field, text }) => ({ field: labelOf(field), text })),
    fields: fields.map(({ fact, label, lines }) => ({
      label,
      lines,
      ...(before && differing.has(fact)
        ? { before: { label: 'Approved before', lines: beforeLines(fact, before) } }
        : {}),
    })),
    selected: isPlain(entry),
  };
}

/** Secrets and files are compared as well, but what they held is not kept. */
const UNSEEN_CHANGE =
  'The difference is not shown here: a value that may be a secret, the content of a file, or a setting that is not listed.';

/** A field of the card before it is known whether it changed. */
interface Field extends PageField {
  readonly fact: Fact;
}

const LABELS: Readonly<Record<Fact, string>> = {
  machine: 'Runs on',
  command: 'Command',
  program: 'Program',
  args: 'Arguments',
  cwd: 'Folder',
  url: 'Address',
  transport: 'Transport',
  headers: 'Headers',
  signIn: 'Signing in',
  env: 'Environment',
  envFile: 'Environment file',
  envFileVariables: 'The file sets',
  readsEnvironment: 'Gets your variables',
  inputs: 'You are asked for',
  mayAsk: 'May ask for',
  model: 'Models',
  allowedTools: 'Allowed tools',
  deniedTools: 'Denied tools',
  timeouts: 'Timeouts',
  logLevel: 'Log level',
  start: 'Starts',
  strict: 'Isolation',
};

function field(fact: Fact, lines: readonly PageLine[]): Field {
  return { fact, label: LABELS[fact], lines };
}

function beforeLines(fact: Fact, before: LaunchFacts): readonly PageLine[] {
  const lines = before.get(fact) ?? [];
  if (fact === 'mayAsk') return askLines(new Set(lines));
  if (fact === 'start' || fact === 'strict') return ruleLines(fact, lines);
  if (fact === 'transport') return transportLines(lines);
  if (lines.length === 0) return [plain(fact === 'args' ? 'none' : 'not set')];
  return lines.map((line, index) => (fact === 'args' ? argumentLine(line, index) : code(line)));
}

/** The part of an entry under the name that the card has for it; arguments are counted from one there. */
function labelOf(field: string): string {
  const argument = /^args\[(\d{1,6})\]$/.exec(field)?.[1];
  if (argument !== undefined) return `Argument ${Number(argument) + 1}`;
  if (field === 'name') return 'Name';
  const fact = FACTS.find((name) => name === field);
  return fact === undefined ? field.replace(/^(?:env|headers|oauth)\./, '') : LABELS[fact];
}

function launchFields(launch: ReviewedLaunch): Field[] {
  if (launch.kind === 'remote') {
    return [
      field('url', [
        {
          ...code(launch.url),
          ...(launch.resolvedUrl === undefined ? {} : { resolved: launch.resolvedUrl }),
        },
      ]),
      { fact: 'url', label: 'Host', lines: [code(launch.host)] },
      ...(launch.transport === undefined ? [] : [field('transport', transportLines([launch.transport]))]),
      ...valueFields('headers', launch.headers),
      ...valueFields('signIn', launch.signIn),
    ];
  }
  const { command, resolvedCommand, args, resolvedArgs, cwd, env, envFile, envFileVariables } = launch;
  const argLines = args.map((arg, index) => argumentLine(arg, index, resolvedArgs[index]));
  return [
    field('command', [code(command)]),
    field('program', [
      resolvedCommand === undefined ? plain('was not found; starting it will fail') : code(resolvedCommand),
    ]),
    field('args', args.length === 0 ? [plain('none')] : argLines),
    ...(cwd ? [field('cwd', [pathLine(cwd)])] : []),
    ...valueFields('env', env),
    ...(envFile ? [field('envFile', [pathLine(envFile)])] : []),
    ...valueFields('envFileVariables', envFileVariables),
  ];
}

function argumentLine(arg: string, index: number, resolved?: string): PageLine {
  return {
    ...(arg === '' ? plain('(empty)') : code(arg)),
    number: index + 1,
    ...(resolved === undefined ? {} : { resolved }),
  };
}

function otherFields(review: LaunchReview): Field[] {
  const { machine, readsEnvironment, inputs, mayAsk } = review;
  const asks = new Set(Object.entries(mayAsk).flatMap(([name, may]) => (may === true ? [name] : [])));
  const facts = launchFacts(review);
  const listed = (
    ['model', 'allowedTools', 'deniedTools', 'timeouts', 'logLevel', 'start', 'strict'] as const
  ).flatMap((fact) => {
    const lines = facts.get(fact) ?? [];
    if (lines.length === 0) return [];
    return [field(fact, fact === 'start' || fact === 'strict' ? ruleLines(fact, lines) : lines.map(code))];
  });
  return [
    ...(machine === undefined ? [] : [field('machine', [code(machine)])]),
    ...(readsEnvironment.length === 0 ? [] : [field('readsEnvironment', readsEnvironment.map(code))]),
    ...(inputs.length === 0 ? [] : [field('inputs', inputs.map(code))]),
    field('mayAsk', askLines(asks)),
    ...listed,
  ];
}

const RULE_TEXTS: Readonly<Record<string, string>> = {
  onDemand: 'when it is first expanded',
  never: 'only when you start it',
  strict: 'its client runs in a process of its own',
};

function ruleLines(fact: 'start' | 'strict', lines: readonly string[]): readonly PageLine[] {
  const [rule] = lines;
  if (rule !== undefined) return [plain(RULE_TEXTS[rule] ?? rule)];
  return [plain(fact === 'start' ? 'when the workspace opens' : 'its client runs in a thread of its own')];
}

function transportLines([form]: readonly string[]): readonly PageLine[] {
  if (form === undefined) return [plain('found out by asking the server')];
  return [plain(form === 'sse' ? 'HTTP+SSE, the form of 2024' : 'Streamable HTTP')];
}

function askLines(asks: ReadonlySet<string>): PageLine[] {
  const lines = [
    ...(asks.has('sampling')
      ? [
          plain(
            asks.has('samplingOutsideCalls')
              ? 'answers of a language model, also while none of your calls runs; you decide each time'
              : 'answers of a language model during your calls; you decide each time',
          ),
        ]
      : []),
    ...(asks.has('roots') ? [plain('the paths of your workspace folders; you choose which')] : []),
  ];
  return lines.length === 0 ? [plain('nothing')] : lines;
}

function valueFields(
  fact: 'headers' | 'signIn' | 'env' | 'envFileVariables',
  values: readonly ReviewedValue[],
): Field[] {
  if (values.length === 0) return [];
  const lines = values.map(({ name, value }): PageLine => {
    switch (value.kind) {
      case 'set':
        return { ...code(name), remark: 'is set; the value is not shown because it may be a secret' };
      case 'removed':
        return { ...code(name), remark: 'is removed' };
      case 'shown':
        return code(`${name}=${value.text}`);
    }
  });
  return [field(fact, lines)];
}

function pathLine({ path, outside }: ReviewedPath): PageLine {
  return outside ? { ...code(path), remark: 'outside the workspace' } : code(path);
}

function code(text: string): PageLine {
  return { text, code: true };
}

function plain(text: string): PageLine {
  return { text, code: false };
}
