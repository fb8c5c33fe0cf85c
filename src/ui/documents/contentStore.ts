/** The bytes behind virtual documents: grouped, counted and bounded. Knows nothing of the editor. */

/** One document's bytes. `mtime` grows with every change, as editors compare it. */
export interface StoredFile {
  readonly content: Uint8Array;
  readonly ctime: number;
  readonly mtime: number;
  /** Language to show it in; undefined leaves it plain. */
  readonly language?: string;
}

/** Bytes kept in all. */
const MAX_BYTES = 134_217_728;

/**
 * Files by path, in groups that live and die together: a result and its pictures, for example.
 * When all files together grow too large, the group that was used longest ago goes first.
 */
export class ContentStore {
  /** Insertion order is order of use. */
  private readonly groups = new Map<string, Map<string, StoredFile>>();
  private bytes = 0;
  private lastTime = 0;

  /**
   * @param now wall time in milliseconds.
   * @param groupOf the group of a path.
   */
  constructor(
    private readonly now: () => number,
    private readonly groupOf: (path: string) => string,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  get(path: string): StoredFile | undefined {
    return this.groups.get(this.groupOf(path))?.get(path);
  }

  /** Stores or replaces a file. @returns true when the path is new. */
  put(path: string, content: Uint8Array, language: string | undefined): boolean {
    const key = this.groupOf(path);
    const group = this.groups.get(key) ?? new Map<string, StoredFile>();
    const before = group.get(path);
    this.lastTime = Math.max(this.lastTime + 1, this.now());
    group.set(path, {
      content,
      ctime: before?.ctime ?? this.lastTime,
      mtime: this.lastTime,
      ...(language === undefined ? {} : { language }),
    });
    this.bytes += content.byteLength - (before?.content.byteLength ?? 0);
    this.groups.delete(key);
    this.groups.set(key, group);
    this.makeRoom(key);
    return before === undefined;
  }

  /** Marks a path's group as used now. */
  touch(path: string): void {
    const key = this.groupOf(path);
    const group = this.groups.get(key);
    if (!group) return;
    this.groups.delete(key);
    this.groups.set(key, group);
  }

  remove(path: string): boolean {
    const key = this.groupOf(path);
    const group = this.groups.get(key);
    const file = group?.get(path);
    if (!group || !file) return false;
    group.delete(path);
    this.bytes -= file.content.byteLength;
    if (group.size === 0) this.groups.delete(key);
    return true;
  }

  /** Removes a whole group. */
  removeGroup(key: string): void {
    for (const file of this.groups.get(key)?.values() ?? []) this.bytes -= file.content.byteLength;
    this.groups.delete(key);
  }

  private makeRoom(newest: string): void {
    for (const key of [...this.groups.keys()]) {
      if (this.bytes <= this.maxBytes || key === newest) return;
      this.removeGroup(key);
    }
  }
}
