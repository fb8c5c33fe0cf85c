/** The settings port: entries per scope and folder through `inspect()`, never the merged value (T010). */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { isObject, own, ownString, type JsonValue } from '../base/json';
import { SETTING_DEFAULTS, Settings, SETTINGS_SECTION, type SettingKey } from '../contributions/ids';
import type { InputDefinition, RawEntry, SettingsPort } from '../host/ports';
import type { EntryScope } from '../policy/serverEntry';

/** Changes within this time are one change: an editor or a tool may write many times a second (T019). */
const SETTLE_MS = 300;
/** A file that keeps changing is still read this often. */
const MAX_WAIT_MS = 2_000;

/** Our own settings, and the editor's rules for MCP servers, which we obey. */
const WATCHED = [SETTINGS_SECTION, 'chat.mcp'];

interface ScopedValue {
  readonly scope: EntryScope;
  readonly value: unknown;
}

export class EditorSettings implements SettingsPort, Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());
  private timer: NodeJS.Timeout | undefined;
  private waitingSince: number | undefined;

  readonly onDidChange = this.changed.event;

  constructor() {
    this.store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (WATCHED.some((section) => event.affectsConfiguration(section))) this.settle();
      }),
    );
    this.store.add({ dispose: () => clearTimeout(this.timer) });
  }

  entries(): ReturnType<SettingsPort['entries']> {
    const entries: RawEntry[] = [];
    const problems: { scope: EntryScope; message: string }[] = [];
    for (const { scope, value } of scopedValues(Settings.servers)) {
      if (!isObject(value))
        problems.push({ scope, message: 'mcpHost.servers must be an object of servers by name' });
      else for (const key of Object.keys(value)) entries.push({ scope, key, value: own(value, key) });
    }
    return { entries, problems };
  }

  inputs(scope: EntryScope): readonly InputDefinition[] {
    const found = scopedValues(Settings.inputs).find((candidate) => sameScope(candidate.scope, scope));
    if (!Array.isArray(found?.value)) return [];
    return (found.value as readonly JsonValue[]).flatMap((raw) => readInput(raw) ?? []);
  }

  get samplingExpiryMs(): number {
    const minutes = read(Settings.samplingExpiryMinutes);
    const fallback = SETTING_DEFAULTS[Settings.samplingExpiryMinutes];
    return (typeof minutes === 'number' && minutes >= 1 && minutes <= 1_440 ? minutes : fallback) * 60_000;
  }

  get samplingOutsideCalls(): boolean {
    return read(Settings.samplingAllowOutsideCalls) === true;
  }

  get samplingReviewAnswers(): boolean {
    return read(Settings.samplingReviewAnswers) !== false;
  }

  /** The address of the person's own model endpoint, as written. */
  get samplingEndpoint(): unknown {
    return read(Settings.samplingEndpoint);
  }

  /** The models to offer there, as written. */
  get samplingEndpointModels(): unknown {
    return read(Settings.samplingEndpointModels);
  }

  get contextTokenBudget(): number {
    const tokens = read(Settings.contextTokenBudget);
    return typeof tokens === 'number' && tokens >= 0 ? tokens : SETTING_DEFAULTS[Settings.contextTokenBudget];
  }

  get restartAfterCrash(): boolean {
    return read(Settings.restartAfterCrash) !== false;
  }

  /** The model the person chose for a server's requests, if any. */
  samplingModel(serverId: string): string | undefined {
    const models = read(Settings.samplingModels);
    return isObject(models) ? ownString(models, serverId) : undefined;
  }

  dispose(): void {
    this.store.dispose();
  }

  private settle(): void {
    const now = Date.now();
    this.waitingSince ??= now;
    clearTimeout(this.timer);
    const wait = Math.max(0, Math.min(SETTLE_MS, this.waitingSince + MAX_WAIT_MS - now));
    this.timer = setTimeout(() => {
      this.waitingSince = undefined;
      this.changed.fire();
    }, wait);
  }
}

function read(key: SettingKey): unknown {
  return vscode.workspace.getConfiguration(SETTINGS_SECTION).get(key);
}

/** The values of one setting, one per scope that has it, unmerged. */
function scopedValues(key: SettingKey): readonly ScopedValue[] {
  const values: ScopedValue[] = [];
  const found = vscode.workspace.getConfiguration(SETTINGS_SECTION).inspect<unknown>(key);
  const push = (scope: EntryScope, value: unknown): void => {
    if (value !== undefined) values.push({ scope, value });
  };
  push({ kind: 'user' }, found?.globalValue);
  push({ kind: 'workspace' }, found?.workspaceValue);
  // In a window with one folder its settings are the workspace's; there are folder values of their own only with several.
  if (vscode.workspace.workspaceFile !== undefined)
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
      const inFolder = vscode.workspace.getConfiguration(SETTINGS_SECTION, folder.uri).inspect<unknown>(key);
      push({ kind: 'folder', uri: folder.uri.toString() }, inFolder?.workspaceFolderValue);
    }
  return values;
}

function sameScope(a: EntryScope, b: EntryScope): boolean {
  return a.kind === b.kind && (a.kind !== 'folder' || (b.kind === 'folder' && a.uri === b.uri));
}

function readInput(raw: JsonValue): InputDefinition | undefined {
  const id = isObject(raw) ? ownString(raw, 'id') : undefined;
  if (!isObject(raw) || id === undefined) return undefined;
  const fallback = ownString(raw, 'default');
  const options = own(raw, 'options');
  return {
    id,
    description: ownString(raw, 'description') ?? id,
    ...(fallback === undefined ? {} : { default: fallback }),
    password: own(raw, 'password') === true,
    ...(Array.isArray(options)
      ? {
          options: (options as readonly JsonValue[]).filter(
            (option): option is string => typeof option === 'string',
          ),
        }
      : {}),
  };
}
