/** Joins a request of the host with the editor's progress: what the server reports is shown, what the person cancels is cancelled. */

import * as vscode from 'vscode';

import type { RunOptions } from '../host/calls';
import { taskText } from '../presentation/taskRows';
import { safeProse } from '../policy/safeText';

/** One report of how far a request is. */
type Report = Progress | { readonly task: Task };
type Progress = Parameters<NonNullable<RunOptions['onProgress']>>[0];
type Task = Parameters<NonNullable<RunOptions['onTask']>>[0];

/** Milliseconds. What is over sooner does not flash a notification: the editor leaves one up for most of a second. */
const SHOW_AFTER = 300;

/** Runs a request, under a progress notification with Cancel unless it is over in a moment. @param title safe to show */
export async function withRequestProgress<T>(
  title: string,
  work: (options: RunOptions) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const reports = new vscode.EventEmitter<Report>();
  let latest: Report | undefined;
  const take = (report: Report): void => {
    latest = report;
    reports.fire(report);
  };
  const running = work({
    signal: abort.signal,
    onProgress: take,
    onTask: (task) => take({ task }),
  });
  try {
    if (await isOverWithin(running, SHOW_AFTER)) return await running;
    return await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        const show = shower(progress);
        if (latest) show(latest);
        reports.event(show);
        // The notification ends with the request, and the token with the notification.
        token.onCancellationRequested(() => abort.abort());
        return await running;
      },
    );
  } finally {
    reports.dispose();
  }
}

/** Shows reports as text, and as a bar when the total is known. */
function shower(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
): (report: Report) => void {
  let shown = 0;
  return (report) => {
    if ('task' in report)
      return progress.report({ message: vscode.l10n.t('task {0}', taskText(report.task)) });
    const { progress: done, total, message } = report;
    const percent = total === undefined ? 0 : Math.min(100, (done / total) * 100);
    const increment = Math.max(0, percent - shown);
    shown += increment;
    const count = total === undefined ? `${done}` : `${done} / ${total}`;
    progress.report({
      message: message === undefined ? count : safeProse(message, 120),
      ...(total === undefined ? {} : { increment }),
    });
  };
}

/** True when the work settles within so many milliseconds, either way. */
async function isOverWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const moment = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const over = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([over, moment]);
  } finally {
    clearTimeout(timer);
  }
}
