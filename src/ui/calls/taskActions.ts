/** What a person does with tasks: wait for one that was left, open what came of it, cancel it, forget it. */

import * as vscode from 'vscode';

import type { TaskEntry } from '../../host/tasks';
import { taskText } from '../../presentation/taskRows';
import { safeText } from '../../policy/safeText';
import { isOwnObject } from '../ownObjects';
import { withRequestProgress } from '../requestProgress';
import type { UiContext } from '../uiContext';
import { askPick } from './steps';
import { serverName } from '../items/listedRows';
import type { ToolRunner } from './toolRunner';

type State = TaskEntry['state']['kind'];

/** Each takes a row of ours, or undefined: then the person picks a task. */
export class TaskActions {
  constructor(
    private readonly ui: UiContext,
    private readonly runner: ToolRunner,
  ) {}

  async cancel(argument: unknown): Promise<void> {
    const entry = await this.choose(argument, vscode.l10n.t('Cancel Task'), ['running', 'left']);
    if (entry) await this.ui.host.tasks.cancel(entry.key);
  }

  /** Waits for a task that was left, and opens what comes of it. @throws FailureError */
  async resume(argument: unknown): Promise<void> {
    const { tasks } = this.ui.host;
    const entry = await this.choose(argument, vscode.l10n.t('Wait for Task'), ['left']);
    if (!entry) return;
    const title = vscode.l10n.t('Waiting for "{0}"', safeText(entry.tool, 60));
    await withRequestProgress(title, (options) => tasks.resume(entry.key, options));
    const ended = tasks.get(entry.key);
    if (ended?.state.kind === 'done') await this.runner.showTask(ended, ended.state);
  }

  async openResult(argument: unknown): Promise<void> {
    const entry = await this.choose(argument, vscode.l10n.t('Open Task Result'), ['done']);
    if (entry?.state.kind !== 'done') return;
    if (entry.state.result) await this.runner.showTask(entry, entry.state);
    else void vscode.window.showInformationMessage(vscode.l10n.t('The result of this task is not kept.'));
  }

  async dismiss(argument: unknown): Promise<void> {
    const entry = await this.choose(argument, vscode.l10n.t('Dismiss Task'), ['left', 'done', 'failed']);
    if (entry) this.ui.host.tasks.dismiss(entry.key);
  }

  private async choose(
    argument: unknown,
    title: string,
    fits: readonly State[],
  ): Promise<TaskEntry | undefined> {
    const entry = taskOf(this.ui, argument) ?? (await pickTask(this.ui, title, fits));
    return entry && fits.includes(entry.state.kind) ? entry : undefined;
  }
}

/** The task that a row of ours names; anybody else's argument names none (T016). */
function taskOf({ host }: UiContext, argument: unknown): TaskEntry | undefined {
  if (!isOwnObject(argument) || !('key' in argument)) return undefined;
  return typeof argument.key === 'number' ? host.tasks.get(argument.key) : undefined;
}

async function pickTask(
  { host }: UiContext,
  title: string,
  fits: readonly State[],
): Promise<TaskEntry | undefined> {
  const found = host
    .servers()
    .flatMap((server) => host.tasks.of(server.id).map((entry) => ({ server, entry })))
    .filter(({ entry }) => fits.includes(entry.state.kind));
  if (found.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no such task.'));
    return undefined;
  }
  const items = found.map(({ server, entry }) => ({
    label: safeText(entry.tool, 80),
    description: serverName({ server }),
    detail: entry.task ? taskText(entry.task) : new Date(entry.startedAt).toLocaleString(),
    iconPath: new vscode.ThemeIcon('checklist'),
    value: entry,
  }));
  const placeholder = vscode.l10n.t('Choose a task');
  const outcome = await askPick({ title, canGoBack: false }, { placeholder, items, ignoreFocusOut: false });
  return outcome.kind === 'value' ? outcome.value : undefined;
}
