/**
 * Runs the built extension without an editor: everything it asks of `vscode` is there and does nothing, but what it registers and
 * says is kept. Only for how the extension's own files are loaded; what it does is tested in the editor.
 */

import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

type Handler = (...args: readonly unknown[]) => unknown;

/** What Node calls for each `require`. */
interface ModuleLoader {
  _load: (request: string, ...rest: readonly unknown[]) => unknown;
}

/** A copy of the built extension, in a folder of its own. */
export class ExtensionCopy {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'mcp-host-parts-'));
  readonly commands = new Map<string, Handler>();
  /** Messages that were shown, with their buttons. */
  readonly messages: (readonly unknown[])[] = [];
  private readonly subscriptions: { dispose(): void }[] = [];
  private readonly load = createRequire(path.join(this.folder, 'index.js'));
  private readonly loader = Module as unknown as ModuleLoader;
  private readonly original = this.loader._load;
  private entry: { activate(context: unknown): void; deactivate(): Promise<void> } | undefined;

  constructor() {
    cpSync('dist', path.join(this.folder, 'dist'), { recursive: true });
    const vscode = this.editor();
    this.loader._load = (request, ...rest) =>
      request === 'vscode' ? vscode : this.original(request, ...rest);
  }

  activate(): void {
    this.entry = this.load('./dist/extension.js') as NonNullable<typeof this.entry>;
    this.entry.activate({
      subscriptions: this.subscriptions,
      extensionPath: this.folder,
      extensionUri: anything(),
      globalStorageUri: { fsPath: path.join(this.folder, 'storage') },
      secrets: anything(),
      extension: { id: 'mcp-host.mcp-host', packageJSON: { version: '0.0.0' } },
      globalState: { get: () => undefined, update: async () => Promise.resolve() },
      workspaceState: { get: () => undefined, update: async () => Promise.resolve() },
      languageModelAccessInformation: anything(),
    });
  }

  /** Loads one file of it. */
  require(file: string): unknown {
    return this.load(`./${file}`);
  }

  /** Files of it that are loaded, as `dist/…`, sorted. */
  loaded(): string[] {
    const inside = Object.keys(this.load.cache).filter((file) => file.startsWith(this.folder + path.sep));
    return inside.map((file) => path.relative(this.folder, file).replaceAll(path.sep, '/')).sort();
  }

  async end(): Promise<void> {
    await this.entry?.deactivate();
    for (const each of this.subscriptions.reverse()) each.dispose();
    this.loader._load = this.original;
    rmSync(this.folder, { recursive: true });
  }

  private editor(): unknown {
    const show = async (...args: unknown[]): Promise<undefined> => {
      this.messages.push(args);
      return await Promise.resolve(undefined);
    };
    const given = {
      commands: withDefaults({
        registerCommand: (id: string, run: Handler) => {
          this.commands.set(id, run);
          return anything();
        },
        executeCommand: async () => await Promise.resolve(undefined),
        getCommands: async () => await Promise.resolve([]),
      }),
      window: withDefaults({
        showErrorMessage: show,
        showInformationMessage: show,
        showWarningMessage: show,
        visibleTextEditors: [],
        tabGroups: withDefaults({ all: [] }),
      }),
      workspace: withDefaults({
        workspaceFolders: [],
        textDocuments: [],
        isTrusted: true,
        openTextDocument: async (given: unknown) => await Promise.resolve(given),
        getConfiguration: () => ({ get: () => undefined, inspect: () => undefined }),
      }),
      env: withDefaults({ appName: 'Stand-in', uriScheme: 'stand-in' }),
      l10n: { t: (text: string) => text },
      version: '0.0.0',
    };
    // Bundles copy what a module itself has, and keep its prototype.
    return Object.assign(Object.create(withDefaults({}) as object) as object, given);
  }
}

/** An object that has what is given, and anything else as well. */
function withDefaults(given: Readonly<Record<string, unknown>>): unknown {
  return new Proxy(given, {
    get: (target, key) => (typeof key === 'string' && Object.hasOwn(target, key) ? target[key] : anything()),
  });
}

/** Can be called, constructed, extended, and looked into; is no promise and no list. */
function anything(): unknown {
  const target = function (): void {
    // Called or constructed, it does nothing.
  };
  return new Proxy(target, {
    get: (_target, key) =>
      key === 'then' || typeof key === 'symbol'
        ? undefined
        : key === 'prototype'
          ? (target.prototype as unknown)
          : anything(),
    set: () => true,
    apply: () => anything(),
    construct: () => anything() as object,
  });
}
