/** What waits for the person as rows of the Approvals view: one per entry, with the essentials below. */

import { ItemKinds } from '../contributions/ids';
import { assertNever } from '../base/assertNever';
import type { ConsentEntry, ConsentSubject } from '../host/consentQueue';
import type { WorkspaceFolder } from '../host/ports';
import type { SamplingContent, SamplingMessage } from '../protocol/sampling';
import { answerTokenLimit } from '../policy/modelChoice';
import { exactText, LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import { foreignDetail, TOOLTIP_LENGTH, type Detail } from './approvalDetail';
import { causeText, countOf, entryLabel, expiryText, joinSafe, timeLeftText } from './consentTexts';
import { elicitationDetails, waitDetails } from './elicitationRows';
import type { Row, RowIcon } from './row';
import { signInDetails } from './signInTexts';

type Sampling = Extract<ConsentSubject, { kind: 'sampling' }>;
type Answer = Extract<ConsentSubject, { kind: 'sampling-answer' }>;
type Tool = Extract<ConsentSubject, { kind: 'tool' }>;
type Launch = Extract<ConsentSubject, { kind: 'launch' }>;

/** The row of an entry. @param now milliseconds since the epoch */
export function approvalRow(entry: ConsentEntry, now: number): Row {
  const { subject } = entry;
  const label = entryLabel(entry);
  const isLaunch = subject.kind === 'launch';
  const description = isLaunch
    ? launchDescription(subject)
    : joinKnown([partOf(subject), timeLeftText(entry, now)], safe` · `);
  const expiry = isLaunch ? undefined : expiryText(entry, now);
  const spoken = isLaunch ? description : joinKnown([partOf(subject), expiry], safe`, `);
  return {
    id: `approval/${entry.id}`,
    label,
    ...(description === undefined ? {} : { description }),
    tooltip: () => [
      label,
      ...explain(subject),
      ...(expiry === undefined ? [] : [safe`It ${expiry}.`]),
      safe`Click to review it.`,
    ],
    icon: iconOf(subject),
    context: contextOf(subject),
    children: 'collapsed',
    spoken: spoken === undefined ? label : safe`${label}, ${spoken}`,
  };
}

/** `2 of 3`: which of the requests that a call waits for together. */
function partOf(subject: ConsentSubject): SafeText | undefined {
  const cause = 'cause' in subject ? subject.cause : undefined;
  const part = cause?.kind === 'call' ? cause.part : undefined;
  return part && safe`${part.index} of ${part.of}`;
}

/** @returns undefined when none of them is known */
function joinKnown(parts: readonly (SafeText | undefined)[], separator: SafeText): SafeText | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === 0 ? undefined : joinSafe(known, separator);
}

/** The rows below it. */
export function approvalDetails({ id, subject }: ConsentEntry): readonly Row[] {
  const details = detailsOf(subject);
  return details.map(({ label, value, icon, full }, index) => ({
    id: `approval/${id}/${index}`,
    label,
    description: value,
    tooltip: () => [label, full ?? value],
    icon,
    context: ItemKinds.note,
    children: 'none',
    spoken: safe`${label}: ${value}`,
  }));
}

function detailsOf(subject: ConsentSubject): readonly Detail[] {
  switch (subject.kind) {
    case 'sampling':
      return samplingDetails(subject);
    case 'sampling-answer':
      return answerDetails(subject);
    case 'launch':
      return launchDetails(subject);
    case 'elicitation':
      return elicitationDetails(subject);
    case 'elicitation-wait':
      return waitDetails(subject);
    case 'sign-in':
      return signInDetails(subject);
    case 'roots':
      return subject.folders.map(folderDetail);
    case 'tool':
      return toolDetails(subject);
    default:
      return assertNever(subject);
  }
}

function explain(subject: ConsentSubject): readonly SafeText[] {
  switch (subject.kind) {
    case 'sampling':
      return [
        safe`Asked: ${causeText(subject.cause)}.`,
        safe`Nothing is sent to a model before you allow it.`,
      ];
    case 'sampling-answer':
      return [
        safe`Asked: ${causeText(subject.cause)}.`,
        safe`Nothing of it goes to the server before you return it.`,
      ];
    case 'launch':
      return [safe`Its definition is in ${subject.review.source}. Nothing is started before you approve it.`];
    case 'elicitation':
      return [
        safe`Asked: ${causeText(subject.cause)}.`,
        subject.request.mode === 'form'
          ? safe`Nothing is sent before you have seen all of it.`
          : safe`Nothing is opened before you have seen its address.`,
      ];
    case 'elicitation-wait':
      return [safe`Waiting: ${causeText(subject.cause)}.`];
    case 'sign-in':
      return [safe`Your browser opens only after you have said so.`];
    case 'roots':
      return [
        ...(subject.cause ? [safe`Asked: ${causeText(subject.cause)}.`] : []),
        safe`It gets no path before you choose, and only those that you choose.`,
      ];
    case 'tool':
      return [
        safe`A link, a key or another extension names it, and not one of our views.`,
        safe`Nothing runs before you say so.`,
      ];
    default:
      return assertNever(subject);
  }
}

function contextOf(subject: ConsentSubject): string {
  switch (subject.kind) {
    case 'sampling':
      return ItemKinds.approvalSampling;
    case 'sampling-answer':
      return ItemKinds.approvalAnswer;
    case 'launch':
      return ItemKinds.approvalLaunch;
    case 'elicitation':
      return subject.request.mode === 'form' ? ItemKinds.approvalForm : ItemKinds.approvalUrl;
    case 'elicitation-wait':
      return ItemKinds.approvalWait;
    case 'sign-in':
      return ItemKinds.approvalSignIn;
    case 'roots':
      return ItemKinds.approvalRoots;
    case 'tool':
      return ItemKinds.approvalTool;
    default:
      return assertNever(subject);
  }
}

function iconOf(subject: ConsentSubject): RowIcon {
  if (subject.kind === 'launch') return launchIcon(subject);
  const id = REQUEST_ICONS[subject.kind];
  return { id, color: 'notificationsInfoIcon.foreground' };
}

/** Also for quick picks. */
export const REQUEST_ICONS = {
  sampling: 'comment-discussion',
  'sampling-answer': 'comment-draft',
  elicitation: 'question',
  'elicitation-wait': 'browser',
  'sign-in': 'account',
  roots: 'root-folder',
  tool: 'tools',
} as const;

function toolDetails({ name, title, description = '' }: Tool): readonly Detail[] {
  return [
    {
      label: safe`Tool`,
      value: safeText(title ?? name, LABEL_LENGTH),
      full: safeText(name),
      icon: { id: 'tools' },
    },
    ...(description.trim() === ''
      ? []
      : [foreignDetail(safe`Description`, description, { id: 'symbol-text' })]),
  ];
}

function folderDetail({ name, path }: WorkspaceFolder): Detail {
  return { label: safeText(name, LABEL_LENGTH), value: exactText(path), icon: { id: 'folder' } };
}

function samplingDetails({ request, cause, model }: Sampling): readonly Detail[] {
  const { messages, systemPrompt } = request;
  const asked = messages.at(-1);
  return [
    ...(systemPrompt === undefined || systemPrompt === ''
      ? []
      : [foreignDetail(safe`System prompt`, systemPrompt, { id: 'symbol-text' })]),
    {
      ...foreignDetail(safe`Messages`, asked ? headOf(asked) : '', { id: 'comment' }),
      label: countOf(messages.length, 'message'),
    },
    {
      label: safe`Limit`,
      value: safe`at most ${countOf(answerTokenLimit(request), 'token')}`,
      icon: { id: 'symbol-ruler' },
    },
    model.kind === 'model'
      ? {
          label: safe`Model`,
          value: safeText(model.name, LABEL_LENGTH),
          full: safe`${safeText(model.name)}. ${safeText(model.why)}`,
          icon: { id: 'sparkle' },
        }
      : {
          label: safe`No model`,
          value: safeText(model.reason),
          icon: { id: 'warning', color: 'problemsWarningIcon.foreground' },
        },
    { label: safe`Cause`, value: causeText(cause), icon: { id: 'history' } },
  ];
}

function answerDetails({ answer, cause }: Answer): readonly Detail[] {
  const text = answer.text.trim() === '' ? '(empty)' : answer.text;
  return [
    foreignDetail(safe`Answer`, text, { id: 'comment' }),
    { label: safe`Model`, value: safeText(answer.model, LABEL_LENGTH), icon: { id: 'sparkle' } },
    { label: safe`Cause`, value: causeText(cause), icon: { id: 'history' } },
  ];
}

function launchDetails({ review }: Launch): readonly Detail[] {
  const { launch } = review;
  const words = launch.kind === 'local' ? [launch.command, ...launch.args] : [launch.url];
  return [
    {
      label: launch.kind === 'local' ? safe`Command` : safe`Address`,
      value: lineOf(words, LABEL_LENGTH * 2),
      full: lineOf(words, TOOLTIP_LENGTH),
      icon: { id: launch.kind === 'local' ? 'terminal' : 'globe' },
    },
    ...(launch.kind === 'local' && launch.cwd
      ? [{ label: safe`Folder`, value: lineOf([launch.cwd.path], TOOLTIP_LENGTH), icon: { id: 'folder' } }]
      : []),
    ...review.warnings.map(({ field, text }) => ({
      label: field,
      value: text,
      icon: { id: 'warning', color: 'problemsWarningIcon.foreground' },
    })),
  ];
}

function launchDescription({ review }: Launch): SafeText | undefined {
  return review.warnings.length === 0 ? undefined : countOf(review.warnings.length, 'warning');
}

function launchIcon({ changed, review }: Launch): RowIcon {
  return changed || review.warnings.length > 0
    ? { id: 'shield', color: 'problemsWarningIcon.foreground' }
    : { id: 'shield', color: 'notificationsInfoIcon.foreground' };
}

function headOf({ role, content }: SamplingMessage): string {
  const [first] = content;
  return `${role}: ${first ? blockHead(first) : ''}`;
}

function blockHead(block: SamplingContent): string {
  return block.type === 'text' ? block.text : `(${block.type})`;
}

/** The beginning of a command line, whole words only: what is left out is said. */
function lineOf(words: readonly SafeText[], length: number): SafeText {
  let taken = 0;
  let room = length;
  for (const word of words) {
    room -= word.length + 1;
    if (room < 0) break;
    taken += 1;
  }
  const left = words.length - taken;
  const line = joinSafe(words.slice(0, taken), safe` `);
  if (left === 0) return line;
  return taken === 0 ? safe`too long to show here` : safe`${line} … and ${left} more`;
}
