/**
 * The read-only file system behind every document of ours. It keeps bytes while someone looks at them; what a document means,
 * and how it is written, is others' business.
 */

import * as vscode from 'vscode';

import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { SCHEME } from '../../contributions/ids';
import { ContentStore, type StoredFile } from './contentStore';
import { openUris } from './openTabs';
import type { DocumentOrigin } from './origins';

/** Makes the content of a document that is not kept, such as one restored after a reload; undefined when it cannot. */
type MissingHandler = (uri: vscode.Uri) => Promise<Uint8Array | undefined>;

/** Milliseconds after which a closed tab counts as closed. */
const CLOSE_DELAY = 500;

/** What else is known of a file. */
interface FileOptions {
  /** The language to show it in (see `languages.ts`). */
  readonly language?: string;
  /** What it shows, where that can be put into the context. */
  readonly origin?: DocumentOrigin;
}

/**
 * Documents `mcp-host:/<kind>/<group>/<name>`. Files of one group are dropped together when the last tab that shows one of
 * them closes; files that no tab has shown yet are bounded by their size in all.
 */
export class VirtualFiles implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly changes = this.store.add(new vscode.EventEmitter<vscode.FileChangeEvent[]>());
  private readonly closed = this.store.add(new vscode.EventEmitter<vscode.Uri>());
  private readonly contents = new ContentStore(Date.now, groupOf);
  private readonly origins = new Map<string, DocumentOrigin>();
  private readonly missing = new Map<string, MissingHandler>();
  /** Reads of missing content that are under way, so that `stat` and `readFile` share one. */
  private readonly loading = new Map<string, Promise<StoredFile>>();

  readonly onDidChangeFile = this.changes.event;
  /** The last tab of a document was closed. */
  readonly onDidCloseTab = this.closed.event;

  constructor() {
    this.store.add(
      vscode.workspace.registerFileSystemProvider(SCHEME, this, { isReadonly: true, isCaseSensitive: true }),
    );
    this.store.add(vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.onTabsClosed(closed)));
  }

  /**
   * Creates a document or updates it in place: open editors show the new content.
   * @param path `<kind>/<group>/<name>`; the name must come from `presentation/documentNames` when a server had a say in it.
   */
  put(path: string, content: Uint8Array | string, options: FileOptions = {}): vscode.Uri {
    const uri = uriOf(path);
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const language = options.language ?? this.contents.get(uri.path)?.language;
    const isNew = this.contents.put(uri.path, bytes, language);
    if (options.origin) this.origins.set(uri.path, options.origin);
    this.changes.fire([
      { type: isNew ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed, uri },
      // An editor whose content was dropped in between takes news only as a change.
      ...(isNew ? [{ type: vscode.FileChangeType.Changed, uri }] : []),
    ]);
    return uri;
  }

  has(uri: vscode.Uri): boolean {
    return this.contents.get(uri.path) !== undefined;
  }

  /** The language a document was put with. */
  languageOf(uri: vscode.Uri): string | undefined {
    return this.contents.get(uri.path)?.language;
  }

  /** What a document shows that is kept; undefined for what cannot be put into the context. */
  originOf(uri: vscode.Uri): DocumentOrigin | undefined {
    return uri.scheme === SCHEME && this.has(uri) ? this.origins.get(uri.path) : undefined;
  }

  remove(uri: vscode.Uri): void {
    if (this.contents.remove(uri.path)) this.changes.fire([{ type: vscode.FileChangeType.Deleted, uri }]);
  }

  /** Says where missing documents of one kind (first path segment) come from. A kind has one handler. */
  provideMissing(kind: string, handler: MissingHandler): Disposable {
    this.missing.set(kind, handler);
    return toDisposable(() => {
      if (this.missing.get(kind) === handler) this.missing.delete(kind);
    });
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { content, ctime, mtime } = await this.load(uri);
    return {
      type: vscode.FileType.File,
      ctime,
      mtime,
      size: content.byteLength,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.load(uri)).content;
  }

  /** Folders are never listed: nothing outside is to enumerate what a person looks at. */
  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return toDisposable(() => undefined);
  }

  createDirectory(): never {
    throw readOnly();
  }

  writeFile(): never {
    throw readOnly();
  }

  delete(): never {
    throw readOnly();
  }

  rename(): never {
    throw readOnly();
  }

  copy(): never {
    throw readOnly();
  }

  dispose(): void {
    this.store.dispose();
  }

  private async load(uri: vscode.Uri): Promise<StoredFile> {
    const { path } = uri;
    const found = this.contents.get(path);
    if (found) {
      this.contents.touch(path);
      return found;
    }
    const running = this.loading.get(path);
    if (running) return await running;
    const started = this.loadMissing(uri).finally(() => this.loading.delete(path));
    this.loading.set(path, started);
    return await started;
  }

  private async loadMissing(uri: vscode.Uri): Promise<StoredFile> {
    const parts = uri.path.split('/');
    const handler = parts.length === 4 ? this.missing.get(parts[1] ?? '') : undefined;
    const made = await handler?.(uri);
    // The handler may have put the document itself, with its language.
    const found = this.contents.get(uri.path);
    if (found) return found;
    if (!made) throw vscode.FileSystemError.FileNotFound(uri);
    this.contents.put(uri.path, made, undefined);
    const stored = this.contents.get(uri.path);
    if (!stored) throw vscode.FileSystemError.FileNotFound(uri);
    return stored;
  }

  private onTabsClosed(tabs: readonly vscode.Tab[]): void {
    const gone = new Map(openUris(tabs).map((uri) => [uri.path, uri]));
    // A tab that moves to another group closes here and opens there.
    if (gone.size > 0) setTimeout(() => this.drop(gone), CLOSE_DELAY);
  }

  private drop(gone: ReadonlyMap<string, vscode.Uri>): void {
    const open = new Set(openUris().map((uri) => uri.path));
    const openGroups = new Set([...open].map(groupOf));
    for (const [path, uri] of gone) {
      if (open.has(path)) continue;
      if (!openGroups.has(groupOf(path))) this.contents.removeGroup(groupOf(path));
      this.closed.fire(uri);
    }
    for (const path of this.origins.keys()) if (!this.contents.get(path)) this.origins.delete(path);
  }
}

/** The address of a document of ours. */
export function uriOf(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: path.startsWith('/') ? path : `/${path}` });
}

function groupOf(path: string): string {
  return path.split('/', 3).join('/');
}

function readOnly(): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions('Documents of MCP Host are read-only.');
}
