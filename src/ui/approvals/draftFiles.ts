/** Files in memory for what a person writes before it is sent. Knows nothing of what the texts are for. */

import * as vscode from 'vscode';

import type { MemoryFiles } from '../documents/lateFiles';

interface DraftFile {
  content: Uint8Array;
  mtime: number;
}

/** Files by path; addresses of none, such as those of tabs that a reload brought back, hold a read-only notice. */
export class DraftFiles implements MemoryFiles {
  private readonly files = new Map<string, DraftFile>();
  private readonly notice: Uint8Array;

  /** @param notice what a file says that is not there any more */
  constructor(notice: string) {
    this.notice = new TextEncoder().encode(notice);
  }

  put(path: string, text: string): void {
    this.files.set(path, { content: new TextEncoder().encode(text), mtime: Date.now() });
  }

  drop(path: string): void {
    this.files.delete(path);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const file = this.files.get(path);
    const type = vscode.FileType.File;
    if (file) return { type, ctime: file.mtime, mtime: file.mtime, size: file.content.byteLength };
    const size = this.notice.byteLength;
    return { type, ctime: 0, mtime: 0, size, permissions: vscode.FilePermission.Readonly };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.files.get(path)?.content ?? this.notice;
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    const file = this.files.get(path);
    if (!file) throw vscode.FileSystemError.NoPermissions();
    file.content = content;
    file.mtime = Math.max(file.mtime + 1, Date.now());
  }
}
