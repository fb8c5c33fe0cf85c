/**
 * Finds the program that a command names, without ever taking one from the workspace or the current folder by accident (T025).
 * It reads the file system through a port and starts nothing.
 */

import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { posix, win32, type PlatformPath } from 'node:path';

import { err, ok, type Result } from '../base/result';
import type { SpawnFailure } from '../protocol/failure';
import { batchLaunch, isBatchFile } from './windowsBatch';

/** What the search needs to know of a file system. */
export interface ExecutableFileSystem {
  /** What is there, following links; undefined when nothing is or it cannot be reached. */
  kind(path: string): Promise<'file' | 'other' | undefined>;
  /** True when this user may execute the file. */
  mayExecute(path: string): Promise<boolean>;
  /** The path without symbolic links, or undefined. */
  realPath(path: string): Promise<string | undefined>;
}

/** Where a command is looked for. */
export interface FindOptions {
  /** The `PATH` that the server will have. */
  readonly pathVar: string;
  /** Absolute; a command with a separator in it is relative to this. */
  readonly cwd?: string;
  readonly platform: NodeJS.Platform;
  /** Windows: `PATHEXT`. */
  readonly pathExt?: string;
  /** Absolute folders, such as those of the workspace, from which a bare name is never taken. */
  readonly forbiddenRoots: readonly string[];
  /** The arguments to come, checked when only a batch file is found. */
  readonly args?: readonly string[];
}

/** A program to start as `path ...prefixArgs ...args`. */
interface Executable {
  readonly path: string;
  /** Set where a Windows shim was replaced by the program it would run. */
  readonly prefixArgs: readonly string[];
}

/** What Windows can start without a file association. */
const WINDOWS_EXTENSIONS = ['.com', '.exe', '.bat', '.cmd'];
const MAX_COMMAND = 4_096;

/**
 * Resolves `command` to an absolute path.
 * @returns `not-found` with all files that were tried, `not-executable`, or `bad-argument`.
 */
export async function findExecutable(
  command: string,
  options: FindOptions,
  fileSystem: ExecutableFileSystem = realFileSystem,
): Promise<Result<Executable, SpawnFailure>> {
  return new Search(options, fileSystem).find(command);
}

class Search {
  private readonly windows: boolean;
  private readonly path: PlatformPath;
  private readonly searched: string[] = [];
  private refused: string | undefined;

  constructor(
    private readonly options: FindOptions,
    private readonly fileSystem: ExecutableFileSystem,
  ) {
    this.windows = options.platform === 'win32';
    this.path = this.windows ? win32 : posix;
  }

  async find(command: string): Promise<Result<Executable, SpawnFailure>> {
    if (command === '' || command.length > MAX_COMMAND || command.includes('\0'))
      return bad('The command is empty, too long, or contains a NUL character.');
    if (this.windows && /^[a-z]:(?![\\/])/i.test(command)) return bad('The command is relative to a drive.');
    const found = this.isPath(command) ? await this.findPath(command) : await this.findName(command);
    if (found === undefined)
      return err(
        this.refused === undefined
          ? { reason: 'not-found', command, searched: this.searched }
          : { reason: 'not-executable', command: this.refused },
      );
    if (!this.windows || !isBatchFile(found)) return ok({ path: found, prefixArgs: [] });
    return (await this.behindShim(found)) ?? this.asBatchFile(found);
  }

  private isPath(command: string): boolean {
    return command === '.' || command === '..' || (this.windows ? /[\\/]/ : /\//).test(command);
  }

  private async findPath(command: string): Promise<string | undefined> {
    const { cwd } = this.options;
    if (!this.path.isAbsolute(command) && cwd === undefined) return undefined;
    const full = cwd === undefined ? this.path.normalize(command) : this.path.resolve(cwd, command);
    return this.first(this.candidates(full));
  }

  private async findName(name: string): Promise<string | undefined> {
    for (const folder of await this.folders()) {
      const found = await this.first(this.candidates(this.path.join(folder, name)));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Absolute entries of `PATH` outside the forbidden roots. An empty entry means the current folder, so it is none. */
  private async folders(): Promise<readonly string[]> {
    const folders: string[] = [];
    for (const raw of this.options.pathVar.split(this.path.delimiter)) {
      const entry = this.windows ? raw.replace(/^"(.*)"$/, '$1') : raw;
      if (!this.path.isAbsolute(entry) || (this.windows && /^[\\/](?![\\/])/.test(entry))) continue;
      if (!(await this.isForbidden(this.path.normalize(entry)))) folders.push(entry);
    }
    return folders;
  }

  private async isForbidden(folder: string): Promise<boolean> {
    if (this.options.forbiddenRoots.length === 0) return false;
    const real = await this.fileSystem.realPath(folder);
    for (const root of this.options.forbiddenRoots) {
      const realRoot = (await this.fileSystem.realPath(root)) ?? root;
      if (this.isWithin(folder, root) || (real !== undefined && this.isWithin(real, realRoot))) return true;
    }
    return false;
  }

  private isWithin(folder: string, root: string): boolean {
    // Most volumes of macOS and Windows do not tell case apart.
    const fold = (text: string): string => (this.options.platform === 'linux' ? text : text.toLowerCase());
    const relative = this.path.relative(fold(root), fold(folder));
    return (
      relative === '' ||
      (relative !== '..' && !relative.startsWith(`..${this.path.sep}`) && !this.path.isAbsolute(relative))
    );
  }

  private candidates(full: string): readonly string[] {
    if (!this.windows) return [full];
    const listed = (this.options.pathExt ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';');
    const extensions = listed.filter((extension) => WINDOWS_EXTENSIONS.includes(extension));
    const has = WINDOWS_EXTENSIONS.includes(this.path.extname(full).toLowerCase());
    return [...(has ? [full] : []), ...extensions.map((extension) => full + extension)];
  }

  private async first(candidates: readonly string[]): Promise<string | undefined> {
    for (const candidate of candidates) {
      const kind = await this.fileSystem.kind(candidate);
      if (kind === 'file' && (this.windows || (await this.fileSystem.mayExecute(candidate))))
        return candidate;
      this.searched.push(candidate);
      if (kind !== undefined) this.refused ??= candidate;
    }
    return undefined;
  }

  /** `npx.cmd` and `npm.cmd` only start Node with a script; doing that ourselves keeps every argument as it is. */
  private async behindShim(shim: string): Promise<Result<Executable, SpawnFailure> | undefined> {
    const name = /^(npx|npm)\.cmd$/i.exec(this.path.basename(shim))?.[1]?.toLowerCase();
    if (name === undefined) return undefined;
    const folder = this.path.dirname(shim);
    const script = this.path.join(folder, 'node_modules', 'npm', 'bin', `${name}-cli.js`);
    if ((await this.fileSystem.kind(script)) !== 'file') return undefined;
    const beside = this.path.join(folder, 'node.exe');
    const node = (await this.fileSystem.kind(beside)) === 'file' ? beside : await this.findName('node.exe');
    return node === undefined ? undefined : ok({ path: node, prefixArgs: [script] });
  }

  private asBatchFile(path: string): Result<Executable, SpawnFailure> {
    const launch = batchLaunch(path, this.options.args ?? []);
    return launch.ok ? ok({ path, prefixArgs: [] }) : launch;
  }
}

const realFileSystem: ExecutableFileSystem = {
  kind: async (path) => {
    try {
      return (await stat(path)).isFile() ? 'file' : 'other';
    } catch {
      // Missing or not reachable: either way it cannot be started.
      return undefined;
    }
  },
  mayExecute: async (path) => {
    try {
      await access(path, constants.X_OK);
      return true;
    } catch {
      // The answer is in the failure.
      return false;
    }
  },
  realPath: async (path) => {
    try {
      return await realpath(path);
    } catch {
      // A folder that does not exist holds nothing to find.
      return undefined;
    }
  },
};

function bad(detail: string): Result<never, SpawnFailure> {
  return err({ reason: 'bad-argument', detail });
}
