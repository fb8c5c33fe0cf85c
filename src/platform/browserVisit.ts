/** One visit to the person's browser: opens it, says that it is waited for, and hears of its end on whichever way comes first. */

import * as vscode from 'vscode';

import { Commands } from '../contributions/ids';
import { safeText } from '../policy/safeText';

interface Going {
  readonly url: string;
  readonly serverName: string;
  /** Copies the address, for a browser that was not opened. */
  readonly copyCommand: string;
  /** An answer that comes through the editor. */
  readonly pasted: Promise<string>;
}

/**
 * @param hear listens for the answer on this machine until its signal aborts; undefined where nobody can
 * @returns the address on which the browser ended; undefined when nobody waits for it any more
 */
export async function visitBrowser(
  { url, serverName, copyCommand, pasted }: Going,
  signal: AbortSignal,
  hear: (end: AbortSignal) => Promise<string | undefined> | undefined,
): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const given = new AbortController();
  const end = AbortSignal.any([signal, given.signal]);
  const stopped = new Promise<undefined>((resolve) => {
    end.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  // A browser that is signed in already is back before the editor knows that it was opened.
  const heard = hear(end) ?? stopped;
  try {
    // As text the address stays exactly what it was; the editor's own type writes some characters in another way.
    const isOpen = await vscode.env.openExternal(url as unknown as vscode.Uri);
    // A notification of progress is the only one that goes by itself, and its links are all the buttons it has.
    return await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        cancellable: true,
        title: isOpen ? waitingText(serverName) : notOpenText(serverName, copyCommand),
      },
      async (_, token) => {
        token.onCancellationRequested(() => given.abort());
        return await Promise.race([pasted, heard, stopped]);
      },
    );
  } finally {
    given.abort();
  }
}

function waitingText(serverName: string): string {
  return vscode.l10n.t(
    'Waiting for you to sign in to server "{0}" in the browser. If it does not come back: [Paste Callback URL](command:{1}).',
    safeText(serverName, 64),
    Commands.pasteCallback,
  );
}

function notOpenText(serverName: string, copyCommand: string): string {
  return vscode.l10n.t(
    'The browser was not opened. [Copy the address](command:{2}) and open it yourself to sign in to server "{0}". If it does not come back: [Paste Callback URL](command:{1}).',
    safeText(serverName, 64),
    Commands.pasteCallback,
    copyCommand,
  );
}
