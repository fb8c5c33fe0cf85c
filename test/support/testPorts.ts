/** Ports for a host without an editor: settings, trust, state and models in memory; clients, processes and files real. */

import { createHash, randomUUID } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';

import { systemClock, type Clock } from '../../src/base/clock';
import { Emitter } from '../../src/base/event';
import type { JsonValue } from '../../src/base/json';
import type { Logger } from '../../src/base/log';
import { ok } from '../../src/base/result';
import type {
  AccountsPort,
  HostPorts,
  InputDefinition,
  MachinePort,
  ModelAnswer,
  OnText,
  ModelChoice,
  RawEntry,
  ReaperPort,
  SignInPort,
  StatePort,
} from '../../src/host/ports';
import type { EntryScope } from '../../src/policy/serverEntry';
import type { SamplingRequest } from '../../src/protocol/sampling';
import { launchClient } from '../../src/rpc/clientLauncher';
import { DIRECT } from './directNetwork';
import { MemoryLocks } from './memoryLocks';

/** The bundle under test. */
export const CLIENT_SCRIPT = path.resolve('dist/client-worker.js');

/** A memento in memory that gives back copies, as the editor's does. */
export function memoryState(): StatePort & { readonly values: Map<string, JsonValue> } {
  const values = new Map<string, JsonValue>();
  return {
    values,
    get: (key) => structuredClone(values.get(key)),
    set: (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, structuredClone(value) as JsonValue);
      return Promise.resolve();
    },
  };
}

/** Drops everything. */
export const silentLogger: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A logger that keeps its lines. */
export function recordingLogger(lines: string[]): Logger {
  const write = (message: string): void => void lines.push(message);
  return { ...silentLogger, info: write, warn: write, error: write };
}

/** What a test may change while the host runs. */
export class TestWorld {
  readonly settingsChanged = new Emitter<void>();
  readonly trustGranted = new Emitter<void>();
  readonly foldersChanged = new Emitter<void>();
  readonly modelsChanged = new Emitter<void>();
  readonly secretsChanged = new Emitter<string>();
  readonly decisions = memoryState();
  readonly memory = memoryState();
  readonly secrets = new Map<string, string>();
  readonly logLines: string[] = [];
  readonly watched: { pid: number; token: string }[] = [];
  readonly prompts: string[] = [];
  entries: RawEntry[] = [];
  /** Scopes whose `mcpHost.servers` is no object. */
  unreadable: { scope: EntryScope; message: string }[] = [];
  /** Input definitions of every scope that has none of its own. */
  inputs: InputDefinition[] = [];
  /** Input definitions of one kind of scope. */
  readonly scopedInputs = new Map<EntryScope['kind'], InputDefinition[]>();
  trusted = true;
  workspaceId = 'file:///work.code-workspace';
  folders: { uri: string; name: string; path: string }[] = [];
  inputAnswer: string | undefined | Promise<string | undefined>;
  model: ModelChoice = {
    kind: 'model',
    id: 'test/model',
    name: 'Test model',
    vendor: 'test',
    why: 'It is the only one.',
    allowedByEditor: true,
  };
  answer: (request: SamplingRequest, signal: AbortSignal, onText: OnText) => Promise<ModelAnswer> = () =>
    Promise.resolve({ role: 'assistant', text: 'an answer', model: 'test-model', stopReason: 'endTurn' });
  policy: { access: unknown; allowedServers: unknown; deniedServers: unknown } = {
    access: undefined,
    allowedServers: undefined,
    deniedServers: undefined,
  };
  /** Runs before a secret is read, and before the editor's policy is. */
  onSecretRead: () => void = () => undefined;
  onSecretDelete: () => void = () => undefined;
  onPolicyRead: () => void = () => undefined;
  /** Runs before a model is chosen, and before a request goes to one. */
  onChoose: (wanted: string | undefined) => void = () => undefined;
  onSend: (modelId: string, request: SamplingRequest) => void = () => undefined;
  samplingExpiryMs = 600_000;
  /** A model that takes tools is set up. */
  samplingTools = false;
  samplingOutsideCalls = false;
  /** Off, so that a test of something else needs no second decision. */
  samplingReviewAnswers = false;
  restartAfterCrash = true;
  contextTokenBudget = 32_000;
  insecureHosts: readonly string[] = [];
  /** The person's browser; there is none unless a test brings one. */
  signIn: SignInPort = { expectRedirect: () => Promise.reject(new Error('there is no browser here')) };
  readonly accountsChanged = new Emitter<string>();
  accounts: Pick<AccountsPort, 'session' | 'confirm'> = {
    session: () => Promise.resolve(undefined),
    confirm: () => Promise.resolve(false),
  };
  clock: Clock = systemClock;

  /** Replaces the servers of one scope, as an edit of its settings does. */
  setServers(servers: Readonly<Record<string, unknown>>, scope: EntryScope = { kind: 'user' }): void {
    const place = placeOf(scope);
    this.entries = [
      ...this.entries.filter((entry) => placeOf(entry.scope) !== place),
      ...Object.entries(servers).map(([key, value]) => ({ scope, key, value })),
    ];
    this.settingsChanged.fire();
  }

  ports(overrides: Partial<HostPorts> = {}): HostPorts {
    const logger = recordingLogger(this.logLines);
    // The ports read whatever the test sets later.
    const world = (): this => this;
    return {
      clock: this.clock,
      log: logger,
      logs: { forServer: () => logger, remove: () => undefined },
      settings: {
        onDidChange: this.settingsChanged.event,
        entries: () => ({ entries: this.entries, problems: this.unreadable }),
        inputs: (scope) => this.scopedInputs.get(scope.kind) ?? this.inputs,
        get samplingExpiryMs() {
          return world().samplingExpiryMs;
        },
        get samplingOutsideCalls() {
          return world().samplingOutsideCalls;
        },
        get samplingReviewAnswers() {
          return world().samplingReviewAnswers;
        },
        get contextTokenBudget() {
          return world().contextTokenBudget;
        },
        get restartAfterCrash() {
          return world().restartAfterCrash;
        },
      },
      workspace: {
        get id() {
          return world().workspaceId;
        },
        get isTrusted() {
          return world().trusted;
        },
        onDidGrantTrust: this.trustGranted.event,
        onDidChangeFolders: this.foldersChanged.event,
        folders: () => this.folders,
      },
      locks: new MemoryLocks(),
      signIn: { expectRedirect: (...wanted) => this.signIn.expectRedirect(...wanted) },
      accounts: {
        onDidChange: this.accountsChanged.event,
        session: (...asked) => this.accounts.session(...asked),
        confirm: (...asked) => this.accounts.confirm(...asked),
      },
      network: { read: () => DIRECT, insecureHosts: () => this.insecureHosts },
      editorPolicy: {
        read: () => {
          this.onPolicyRead();
          return this.policy;
        },
      },
      decisions: this.decisions,
      memory: this.memory,
      secrets: {
        get: async (key) => {
          this.onSecretRead();
          return await Promise.resolve(this.secrets.get(key));
        },
        onDidChange: this.secretsChanged.event,
        set: async (key, value) => {
          this.secrets.set(key, value);
          this.secretsChanged.fire(key);
          await Promise.resolve();
        },
        delete: async (key) => {
          this.onSecretDelete();
          this.secrets.delete(key);
          this.secretsChanged.fire(key);
          await Promise.resolve();
        },
      },
      inputPrompt: {
        ask: ({ id }) => {
          this.prompts.push(id);
          return Promise.resolve(this.inputAnswer);
        },
      },
      machine: testMachine(),
      clients: { launch: (isolation) => launchClient(CLIENT_SCRIPT, isolation) },
      reaper: this.reaper,
      models: {
        onDidChange: this.modelsChanged.event,
        get takesTools() {
          return world().samplingTools;
        },
        list: () => Promise.resolve({ models: [], problems: [] }),
        choose: async (_request, wanted) => {
          this.onChoose(wanted);
          return await Promise.resolve(this.model);
        },
        send: async (id, request, signal, onText = () => undefined) => {
          this.onSend(id, request);
          return await this.answer(request, signal, onText);
        },
      },
      clientInfo: { name: 'mcp-host-test', title: 'MCP Host test', version: '0.0.0' },
      ...overrides,
    };
  }

  /** Kills what is left of process groups, as the real reaper does, without a process of its own. */
  readonly reaper: ReaperPort = {
    watch: (token, pid) => {
      if (pid !== undefined) this.watched.push({ pid, token });
    },
    unwatch: (token) => {
      for (const entry of this.watched.filter((one) => one.token === token)) {
        this.watched.splice(this.watched.indexOf(entry), 1);
        try {
          process.kill(-entry.pid, 'SIGKILL');
        } catch {
          // The group is gone, which is what was wanted.
        }
      }
      return Promise.resolve();
    },
  };
}

function placeOf(scope: EntryScope): string {
  return scope.kind === 'folder' ? scope.uri : scope.kind;
}

/** Programs are taken as given: `node` is this very Node, anything else is a path. */
export function testMachine(overrides: Partial<MachinePort> = {}): MachinePort {
  return {
    platform: process.platform,
    userHome: '/home/nobody',
    processEnv: process.env,
    findProgram: (command) =>
      Promise.resolve(ok({ path: command === 'node' ? process.execPath : command, prefixArgs: [] })),
    sha256: (text) => createHash('sha256').update(text).digest('hex'),
    realFolder: async (folder) => await realpath(folder).catch(() => undefined),
    readText: async (file) => await readFile(file, 'utf8').catch(() => undefined),
    randomToken: () => randomUUID(),
    ...overrides,
  };
}
