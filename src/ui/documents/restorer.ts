/**
 * Brings back documents whose content is no longer kept, such as those of tabs restored after a reload. A document's address
 * holds only a hash, so it is found among what servers offer; until its server runs, the document says so.
 */

import type * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Host } from '../../host/host';
import { openUris } from './openTabs';
import type { VirtualFiles } from './virtualFiles';

/** How one kind of document is made again. */
interface RestoreSource<T> {
  /** First path segment. */
  readonly kind: string;
  /** What a running server offers under this hash. */
  readonly find: (hash: string) => T | undefined;
  /** Puts the content under exactly this address. @throws FailureError */
  readonly load: (found: T, uri: vscode.Uri) => Promise<void>;
  /** Said while nothing is found. */
  readonly waitingText: string;
}

/** Restores one kind of document. */
export function restoreDocuments<T>(host: Host, files: VirtualFiles, source: RestoreSource<T>): Disposable {
  const store = new DisposableStore();
  const waiting = new Map<string, vscode.Uri>();
  const tryNow = async (uri: vscode.Uri): Promise<boolean> => {
    const found = source.find(hashOf(uri));
    if (found === undefined) return false;
    try {
      await source.load(found, uri);
      return true;
    } catch {
      // Its server does not answer: it stays as it is until a list is read again.
      return false;
    }
  };
  store.add(
    files.provideMissing(source.kind, async (uri) => {
      if (await tryNow(uri)) return undefined;
      waiting.set(uri.path, uri);
      return isMedia(uri) ? undefined : new TextEncoder().encode(source.waitingText);
    }),
  );
  store.add(
    host.onDidChange((change) => {
      if ((change.kind !== 'list' && change.kind !== 'same-list') || waiting.size === 0) return;
      const open = new Set(openUris().map(({ path }) => path));
      for (const [path, uri] of waiting) {
        if (!open.has(path)) waiting.delete(path);
        else if (source.find(hashOf(uri)) !== undefined) {
          waiting.delete(path);
          void tryNow(uri).then((done) => {
            if (!done) waiting.set(path, uri);
          });
        }
      }
    }),
  );
  return store;
}

/** Says, in place of documents of one kind, that their content is gone for good. */
export function sayGone(files: VirtualFiles, kind: string, text: string): Disposable {
  return files.provideMissing(
    kind,
    async (uri) => await Promise.resolve(isMedia(uri) ? undefined : new TextEncoder().encode(text)),
  );
}

function hashOf(uri: vscode.Uri): string {
  return uri.path.split('/')[2] ?? '';
}

/** A text would only be a broken picture. */
function isMedia(uri: vscode.Uri): boolean {
  return /\)\.(?:png|jpg|gif|webp|bmp|ico|wav|mp3|ogg)$/.test(uri.path);
}
