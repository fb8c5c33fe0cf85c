/** Joins a request of the host with the editor's progress: what the server reports is shown, what the person cancels is cancelled. */

import type * as vscode from 'vscode';

import type { RunOptions } from '../../host/calls';
import { safeText } from '../../policy/safeText';

/** Runs a request under a progress notification. */
export async function reportProgress<T>(
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
  work: (options: RunOptions) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort());
  if (token.isCancellationRequested) abort.abort();
  let shown = 0;
  try {
    return await work({
      signal: abort.signal,
      onProgress: ({ progress: done, total, message }) => {
        const percent = total === undefined ? 0 : Math.min(100, (done / total) * 100);
        const increment = Math.max(0, percent - shown);
        shown += increment;
        const count = total === undefined ? `${done}` : `${done} / ${total}`;
        progress.report({
          message: message === undefined ? count : safeText(message, 120),
          ...(total === undefined ? {} : { increment }),
        });
      },
    });
  } finally {
    subscription.dispose();
  }
}
