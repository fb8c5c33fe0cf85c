/**
 * Registers a writable file system whose code is loaded when its first document is opened. The scheme itself is known from
 * activation on: a window that was reloaded brings back tabs at once.
 */

import * as vscode from 'vscode';

import { toDisposable } from '../../base/disposable';

/** What a file system in memory does itself; all else is the same for each of them. */
export interface MemoryFiles {
  stat(uri: vscode.Uri): vscode.FileStat;
  readFile(uri: vscode.Uri): Uint8Array;
  writeFile(uri: vscode.Uri, content: Uint8Array): void;
}

/** @param files makes or gives the one behind the scheme. @param onError is told when it cannot be loaded. */
export function registerLateFiles(
  scheme: string,
  files: () => Promise<MemoryFiles>,
  onError: (error: unknown) => void,
): vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  const refuse = (): never => {
    throw vscode.FileSystemError.NoPermissions();
  };
  const loaded = async (): Promise<MemoryFiles> => {
    try {
      return await files();
    } catch (error) {
      onError(error);
      throw vscode.FileSystemError.Unavailable();
    }
  };
  const provider: vscode.FileSystemProvider = {
    // The editor itself is the only one who writes.
    onDidChangeFile: changes.event,
    watch: () => toDisposable(() => undefined),
    stat: async (uri) => (await loaded()).stat(uri),
    readFile: async (uri) => (await loaded()).readFile(uri),
    writeFile: async (uri, content) => (await loaded()).writeFile(uri, content),
    readDirectory: () => [],
    createDirectory: refuse,
    delete: refuse,
    rename: refuse,
  };
  return vscode.Disposable.from(
    changes,
    vscode.workspace.registerFileSystemProvider(scheme, provider, { isCaseSensitive: true }),
  );
}
