/** Commands about tasks: wait for one that was left, open what came of it, cancel it, forget it. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { TaskEntry } from '../../host/tasks';
import { taskText } from '../../presentation/taskRows';
import { safeText } from '../../policy/safeText';
import { isOwnObject } from '../ownObjects';
import { registerCommand } from '../registerCommand';
import { withRequestProgress } from '../requestProgress';
import type { UiContext } from '../uiContext';
import { askPick } from './steps';
import { serverName } from './toolPicker';
import type { ToolRunner } from './toolRunner';

type State = TaskEntry['state']['kind'];

export function registerTaskCommands(ui: UiContext, runner: ToolRunner): vscode.Disposable {
  const { host } = ui;
  const withTask =
    (title: string, fits: readonly State[], run: (entry: TaskEntry) => Promise<void> | void) =>
    async (argument: unknown): Promise<void> => {
      const entry = taskOf(ui, argument) ?? (await pickTask(ui, title, fits));
      if (entry && fits.includes(entry.state.kind)) await run(entry);
    };
  return vscode.Disposable.from(
    registerCommand(
      ui,
      Commands.cancelTask,
      withTask(vscode.l10n.t('Cancel Task'), ['running', 'left'], ({ key }) => host.tasks.cancel(key)),
    ),
    registerCommand(
      ui,
      Commands.resumeTask,
      withTask(vscode.l10n.t('Wait for Task'), ['left'], (entry) => resume(ui, runner, entry)),
    ),
    registerCommand(
      ui,
      Commands.openTaskResult,
      withTask(vscode.l10n.t('Open Task Result'), ['done'], async (entry) => {
        if (entry.state.kind === 'done' && entry.state.result) await runner.showTask(entry, entry.state);
        else void vscode.window.showInformationMessage(vscode.l10n.t('The result of this task is not kept.'));
      }),
    ),
    registerCommand(
      ui,
      Commands.dismissTask,
      withTask(vscode.l10n.t('Dismiss Task'), ['left', 'done', 'failed'], ({ key }) =>
        host.tasks.dismiss(key),
      ),
    ),
  );
}

async function resume({ host }: UiContext, runner: ToolRunner, entry: TaskEntry): Promise<void> {
  const title = vscode.l10n.t('Waiting for "{0}"', safeText(entry.tool, 60));
  await withRequestProgress(title, (options) => host.tasks.resume(entry.key, options));
  const ended = host.tasks.get(entry.key);
  if (ended?.state.kind === 'done') await runner.showTask(ended, ended.state);
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
