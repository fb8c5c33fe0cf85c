/** The choices around the arguments of a tool: what to begin with, and whether to send what does not match. */

import * as vscode from 'vscode';

import type { JsonObject } from '../../base/json';
import { visibleJsonLine } from '../../presentation/visibleJson';
import { safeText } from '../../policy/safeText';
import { askPick, type PickItem, type StepFrame } from './steps';

/** Where the questions begin, and with which values. `run` asks nothing. */
export interface Start {
  readonly kind: 'form' | 'overview' | 'json' | 'run';
  readonly given: JsonObject;
}

/** What there is to begin with. */
interface StartOptions {
  /** Begun and not sent. */
  readonly draft: JsonObject | undefined;
  /** Sent last time. */
  readonly last: JsonObject | undefined;
  /** How existing arguments are edited. */
  readonly edit: 'overview' | 'json';
  readonly fresh: Start;
}

/** Offers what was sent or begun before. */
export async function askStart(
  frame: StepFrame,
  { draft, last, edit, fresh }: StartOptions,
): Promise<Start | 'back' | undefined> {
  const items: PickItem<Start>[] = [
    ...(draft === undefined
      ? []
      : [
          startItem('history', vscode.l10n.t('Continue Where You Left Off'), draft, {
            kind: edit,
            given: draft,
          }),
        ]),
    ...(last === undefined
      ? []
      : [
          startItem('play', vscode.l10n.t('Run With Last Arguments'), last, { kind: 'run', given: last }),
          startItem('edit', vscode.l10n.t('Edit Last Arguments'), undefined, { kind: edit, given: last }),
        ]),
    startItem('add', vscode.l10n.t('New Arguments'), undefined, fresh),
  ];
  const placeholder = vscode.l10n.t('Choose the arguments to begin with');
  const outcome = await askPick(frame, { placeholder, items });
  return outcome.kind === 'value' ? outcome.value : outcome.kind === 'back' ? 'back' : undefined;
}

/** Servers' schemas can be wrong, and testers want to send what is: the person decides. */
export async function askToSendAnyway(
  title: string,
  errors: readonly { path: string; message: string }[],
): Promise<boolean> {
  const items: PickItem<boolean>[] = [
    { label: vscode.l10n.t('Change Arguments'), iconPath: new vscode.ThemeIcon('edit'), value: false },
    { label: vscode.l10n.t('Send Anyway'), iconPath: new vscode.ThemeIcon('warning'), value: true },
    { label: vscode.l10n.t('what does not match'), kind: vscode.QuickPickItemKind.Separator },
    ...errors.slice(0, 10).map(({ path, message }) => ({
      label: safeText(path === '' ? message : path.slice(1), 80),
      ...(path === '' ? {} : { description: safeText(message, 200) }),
      iconPath: new vscode.ThemeIcon('error'),
      value: false,
    })),
  ];
  const placeholder = vscode.l10n.t('The arguments do not match the input schema of the tool');
  const outcome = await askPick({ title, canGoBack: true }, { placeholder, items });
  return outcome.kind === 'value' && outcome.value;
}

function startItem(
  icon: string,
  label: string,
  given: JsonObject | undefined,
  value: Start,
): PickItem<Start> {
  return {
    label,
    iconPath: new vscode.ThemeIcon(icon),
    ...(given === undefined ? {} : { detail: safeText(visibleJsonLine(given), 160) }),
    value,
  };
}
