/** Pulls texts that a client still holds, slice by slice, into a document or a file. */

import * as vscode from 'vscode';

import type { Host } from '../../host/host';
import { formatBytes } from '../../presentation/media';
import type { HeldText } from '../../presentation/documentWriter';

/** Bytes that are pulled at a time. */
const SLICE = 1_048_576;
/** Longer texts go into a file: the editor gives no extension a document of more than 50 MiB. */
export const MAX_EDITOR_BYTES = 48 * SLICE;

/**
 * The whole of a held text, with progress that can be cancelled.
 * @throws CancellationError when the person cancels, FailureError when the client no longer has it.
 */
export async function pullHeld(
  host: Host,
  serverId: string,
  { handle, bytes }: HeldText,
): Promise<Uint8Array> {
  return await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Getting {0}', formatBytes(bytes)),
      cancellable: true,
    },
    async (progress, token) => {
      const whole = new Uint8Array(bytes);
      for (let offset = 0; offset < bytes;) {
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        const slice = await host.readHeld(serverId, handle, offset, SLICE);
        if (slice.byteLength === 0) return whole.subarray(0, offset);
        whole.set(slice.subarray(0, bytes - offset), offset);
        offset += slice.byteLength;
        progress.report({ increment: (slice.byteLength / bytes) * 100 });
      }
      return whole;
    },
  );
}

/** Lets the client forget a text. */
export function releaseHeld(host: Host, serverId: string, { handle }: HeldText): void {
  // A client that has ended holds nothing any more.
  host
    .server(serverId)
    ?.request('releaseHeld', { handle })
    .catch(() => undefined);
}

/** Asks where to save bytes, and writes them there. @param name a clean file name to propose (T149). */
export async function saveAs(name: string, content: () => Promise<Uint8Array>): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog(
    folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {},
  );
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, await content());
  void vscode.window.setStatusBarMessage(
    vscode.l10n.t('Saved {0}', vscode.workspace.asRelativePath(target)),
    5_000,
  );
}
