/** Waiting launches as the content of the review page: each in full, as `policy/launchReview` made it visible (T005, T006). */

import type { ConsentEntry } from '../host/consentQueue';
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
    intro: `${one ? 'It is a program that runs' : 'Each of them is a program that runs'} on this machine with your rights. Nothing starts before you approve it, and you are asked again when anything about it changes.`,
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

/** True when nothing about a launch asks for a second look. */
export function isPlain({ subject }: ConsentEntry): boolean {
  return subject.kind === 'launch' && !subject.changed && subject.review.warnings.length === 0;
}

function launchCard(entry: ConsentEntry): PageCard | undefined {
  const { subject } = entry;
  if (subject.kind !== 'launch') return undefined;
  const { review, changed } = subject;
  return {
    id: entry.id,
    name: exactText(entry.serverName),
    source: `Set up in ${review.source}`,
    ...(changed ? { changed: 'Changed since you approved it' } : {}),
    warnings: review.warnings.map(({ field, text }) => ({ field: labelOf(field), text })),
    fields: [...launchFields(review.launch), ...otherFields(review)],
    selected: isPlain(entry),
  };
}

/** The part of an entry under the name that the card has for it; arguments are counted from one there. */
function labelOf(field: string): string {
  const argument = /^args\[(\d{1,6})\]$/.exec(field)?.[1];
  if (argument !== undefined) return `Argument ${Number(argument) + 1}`;
  const labels = new Map([
    ['command', 'Command'],
    ['args', 'Arguments'],
    ['cwd', 'Folder'],
    ['envFile', 'Environment file'],
    ['url', 'Address'],
  ]);
  return labels.get(field) ?? field.replace(/^(?:env|headers)\./, '');
}

function launchFields(launch: ReviewedLaunch): PageField[] {
  if (launch.kind === 'remote') {
    return [
      { label: 'Address', lines: [code(launch.url)] },
      { label: 'Host', lines: [code(launch.host)] },
      ...valueField('Headers', launch.headers),
    ];
  }
  const { command, resolvedCommand, args, cwd, env, envFile } = launch;
  return [
    { label: 'Command', lines: [code(command)] },
    {
      label: 'Program',
      lines: [
        resolvedCommand === undefined ? plain('was not found; starting it will fail') : code(resolvedCommand),
      ],
    },
    {
      label: 'Arguments',
      lines:
        args.length === 0
          ? [plain('none')]
          : args.map((arg, index) => ({
              ...(arg === '' ? plain('(empty)') : code(arg)),
              number: index + 1,
            })),
    },
    ...(cwd ? [{ label: 'Folder', lines: [pathLine(cwd)] }] : []),
    ...valueField('Environment', env),
    ...(envFile ? [{ label: 'Environment file', lines: [pathLine(envFile)] }] : []),
  ];
}

function otherFields({ machine, readsEnvironment, inputs, mayAsk }: LaunchReview): PageField[] {
  const asks = [
    ...(mayAsk.sampling
      ? [
          plain(
            mayAsk.samplingOutsideCalls
              ? 'answers of a language model, also while none of your calls runs; you decide each time'
              : 'answers of a language model during your calls; you decide each time',
          ),
        ]
      : []),
    ...(mayAsk.roots ? [plain('the paths of your workspace folders')] : []),
  ];
  return [
    ...(machine === undefined ? [] : [{ label: 'Runs on', lines: [code(machine)] }]),
    ...(readsEnvironment.length === 0
      ? []
      : [{ label: 'Gets your variables', lines: readsEnvironment.map(code) }]),
    ...(inputs.length === 0 ? [] : [{ label: 'You are asked for', lines: inputs.map(code) }]),
    { label: 'May ask for', lines: asks.length === 0 ? [plain('nothing')] : asks },
  ];
}

function valueField(label: string, values: readonly ReviewedValue[]): PageField[] {
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
  return [{ label, lines }];
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
