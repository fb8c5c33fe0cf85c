/**
 * Files in memory for what a person writes before it is sent. What was saved is kept with the workspace while a tab shows it, so that a
 * reload loses nothing; what was not is kept by the editor itself. Knows nothing of what the texts are for.
 */

import * as vscode from 'vscode';

import { isObject } from '../../base/json';
import type { MemoryFiles } from './lateFiles';

interface DraftFile {
  content: Uint8Array;
  mtime: number;
  /** It is the person's: it was saved, here or before a reload. */
  isSaved: boolean;
}

/** Files by path; addresses of none, such as those of tabs that a reload brought back, hold a notice. */
export class DraftFiles implements MemoryFiles {
  private readonly files = new Map<string, DraftFile>();
  private readonly notice: Uint8Array;

  /**
   * @param notice what a file says that is not there any more.
   * @param memory outlives the window.
   * @param key where in it the saved texts are.
   * @param isShown whether a tab shows the file of this path.
   */
  constructor(
    notice: string,
    private readonly memory: vscode.Memento,
    private readonly key: string,
    private readonly isShown: (path: string) => boolean,
  ) {
    this.notice = bytesOf(notice);
    const kept = memory.get<unknown>(key);
    for (const [path, text] of isObject(kept) ? Object.entries(kept) : [])
      if (typeof text === 'string')
        this.files.set(path, { content: bytesOf(text), mtime: Date.now(), isSaved: true });
  }

  put(path: string, text: string): void {
    this.files.set(path, { content: bytesOf(text), mtime: Date.now(), isSaved: false });
  }

  drop(path: string): void {
    if (this.files.delete(path)) this.keep();
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const { content, mtime } = this.files.get(path) ?? { content: this.notice, mtime: 0 };
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: content.byteLength };
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    return this.files.get(path)?.content ?? this.notice;
  }

  writeFile({ path }: vscode.Uri, content: Uint8Array): void {
    // An address of none may be one that the editor has brought back with what was typed there.
    const mtime = Math.max((this.files.get(path)?.mtime ?? 0) + 1, Date.now());
    this.files.set(path, { content, mtime, isSaved: true });
    this.keep();
  }

  /** Keeps what was saved and is shown, and nothing else. */
  keep(): void {
    const kept = [...this.files].filter(([path, { isSaved }]) => isSaved && this.isShown(path));
    const texts = kept.map(([path, { content }]) => [path, new TextDecoder().decode(content)] as const);
    void this.memory.update(this.key, texts.length === 0 ? undefined : Object.fromEntries(texts));
  }
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
