/** Everything the host needs from outside, as interfaces. The editor's side is in `platform/`, Node's in the composition root. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Event } from '../base/event';
import type { Logger } from '../base/log';
import type { Result } from '../base/result';
import type { NetworkSettings } from '../client/contract';
import type { SpawnFailure } from '../protocol/failure';
import type { SamplingAnswer, SamplingRequest } from '../protocol/sampling';
import type { ModelFacts } from '../policy/modelChoice';
import type { EntryScope } from '../policy/serverEntry';
import type { LinkPort } from '../rpc/linkPort';

/** One entry of `mcpHost.servers` as written, with the scope it was found in. */
export interface RawEntry {
  readonly scope: EntryScope;
  readonly key: string;
  readonly value: unknown;
}

/** One entry of `mcpHost.inputs`. */
export interface InputDefinition {
  readonly id: string;
  readonly description: string;
  readonly default?: string;
  readonly password: boolean;
  /** A closed choice, when present. */
  readonly options?: readonly string[];
}

/** The settings, read per scope and never merged (T010). */
export interface SettingsPort {
  readonly onDidChange: Event<void>;
  /** Entries of all scopes; `problem` tells of a scope whose value is not an object. */
  entries(): {
    readonly entries: readonly RawEntry[];
    readonly problems: readonly { scope: EntryScope; message: string }[];
  };
  /** Input definitions of one scope only: a workspace cannot redefine the user's inputs. */
  inputs(scope: EntryScope): readonly InputDefinition[];
  readonly samplingExpiryMs: number;
  readonly samplingOutsideCalls: boolean;
  /** Whether a model's answers wait for the person, unless the person's own entry says otherwise. */
  readonly samplingReviewAnswers: boolean;
  /** How many tokens the person's context may have. */
  readonly contextTokenBudget: number;
  /** Whether a local server that crashes is started again by itself. */
  readonly restartAfterCrash: boolean;
}

/** Workspace trust and folders. */
export interface WorkspacePort {
  /** Names this workspace for as long as it stays the same one, whatever folders come and go: its file, or its only folder. */
  readonly id: string;
  readonly isTrusted: boolean;
  readonly onDidGrantTrust: Event<void>;
  readonly onDidChangeFolders: Event<void>;
  /** Folders on this machine's disk; virtual ones are left out. */
  folders(): readonly WorkspaceFolder[];
}

/** One folder of the workspace. */
export interface WorkspaceFolder {
  readonly uri: string;
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
}

/** The editor's own MCP policy settings, unread (`chat.mcp.*`). */
export interface EditorPolicyPort {
  read(): { readonly access: unknown; readonly allowedServers: unknown; readonly deniedServers: unknown };
}

/** Small values that outlive the window, never in files of the workspace. `get` gives back JSON, and what was set last from then on. */
export interface StatePort {
  get(key: string): unknown;
  set(key: string, value: unknown): Promise<void>;
}

/** Secrets. A rejected or missing store is an error, never "no secret". */
export interface SecretsPort {
  /** Key of what was stored or deleted, by whichever window, this one included. */
  readonly onDidChange: Event<string>;
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** Locks that hold among all windows of this editor on this machine. */
export interface LocksPort {
  /** Waits for its turn. @returns gives the lock back @throws FailureError when `signal` aborts */
  acquire(name: string, signal: AbortSignal): Promise<() => void>;
}

/** A place where the answer of an authorization server can come back to. */
export interface PendingRedirect extends Disposable {
  readonly uri: string;
  /**
   * Opens a browser and waits.
   * @param state what an answer must carry to be one; anything else is ignored (T084)
   * @param serverName for what is said meanwhile
   * @returns the address that the browser was sent to; undefined when the person gave up or `signal` aborted
   */
  open(url: string, state: string, serverName: string, signal: AbortSignal): Promise<string | undefined>;
}

/** The person's browser. */
export interface SignInPort {
  /**
   * @param wanted the redirect that was registered by hand, if any
   * @param earlier the one of an earlier sign-in, which is used again where that can be
   */
  expectRedirect(wanted: string | undefined, earlier?: string): Promise<PendingRedirect>;
}

/** Accounts that the editor itself knows. */
export interface AccountsPort {
  /** Names a provider of which a session came, went or changed. */
  readonly onDidChange: Event<string>;
  /** The access token of a session, after the editor's own consent; undefined when there is none. @param ask false never asks */
  session(
    provider: string,
    scopes: readonly string[],
    ask: boolean,
  ): Promise<{ readonly token: string; readonly account: string } | undefined>;
  /** Asks whether this server may act as this account. @param origin where the token goes, with its scheme: it may be plain http */
  confirm(serverName: string, origin: string, provider: string, account: string): Promise<boolean>;
}

/** Asks the person for the value of an input variable; undefined when dismissed. An answer after `signal` aborted is ignored. */
export interface InputPromptPort {
  ask(input: InputDefinition, serverName: string, signal: AbortSignal): Promise<string | undefined>;
}

/** How remote servers are reached: the editor's settings, of which none is a workspace's (T076). */
export interface NetworkPort {
  read(): NetworkSettings;
  /** Hosts, with their port where it is not 80, for which the person allows http. */
  insecureHosts(): readonly string[];
}

/** Files and programs of this machine. */
export interface MachinePort {
  /** Its name, when it is not the one that the person sits at: an approval on one machine is none on another (T022). */
  readonly remoteName?: string;
  readonly platform: NodeJS.Platform;
  readonly userHome: string;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** Finds a program the way a server is started. Bare names are never found in `forbiddenRoots` or the current folder (T025). */
  findProgram(
    command: string,
    where: { readonly cwd: string; readonly path: string; readonly forbiddenRoots: readonly string[] },
  ): Promise<Result<{ readonly path: string; readonly prefixArgs: readonly string[] }, SpawnFailure>>;
  /** SHA-256 in hex of a text. */
  readonly sha256: (text: string) => string;
  /** The real path of an existing folder, or undefined. */
  realFolder(path: string): Promise<string | undefined>;
  /** A text file of at most 1 MiB, or undefined. */
  readText(path: string): Promise<string | undefined>;
  /** An unguessable token. */
  randomToken(): string;
}

/** Starts a client in a thread or a process. */
export interface ClientPort {
  launch(isolation: 'thread' | 'process'): LinkPort;
}

/** Ends what a server leaves behind, whatever happens to this host. */
export interface ReaperPort {
  /**
   * From now on nothing that carries `token` outlives this host. Called before anything of a launch exists, and again with the
   * leader of each of its process groups: where the system does not show a process's environment, only these are found.
   */
  watch(token: string, pid?: number): void;
  /**
   * The launch is over; anything that is left of it is killed. Resolves when that was done or cannot be done, within seconds;
   * never rejects.
   */
  unwatch(token: string): Promise<void>;
}

/** A model the host could use, or why there is none. */
export type ModelChoice =
  | {
      readonly kind: 'model';
      readonly id: string;
      readonly name: string;
      readonly vendor: string;
      /** Why this one, in one sentence. */
      readonly why: string;
      /** False when the editor will ask the person itself before the first request. */
      readonly allowedByEditor: boolean;
      /** A system prompt goes to it as what it is; otherwise as the first message, marked. */
      readonly systemRole?: true;
    }
  | { readonly kind: 'none'; readonly reason: string };

/** A model that would answer. */
export type ChosenModel = Extract<ModelChoice, { kind: 'model' }>;

/** Tokens as the model itself counts them; what it did not count is absent. */
export interface TokenUsage {
  readonly input?: number;
  readonly output?: number;
}

/** What a model answered, with what that cost. */
export interface ModelAnswer extends SamplingAnswer {
  readonly usage?: TokenUsage;
}

/** A model that may be chosen. */
export interface ListedModel extends ModelFacts {
  readonly allowedByEditor: boolean;
  /** The host of the person's own endpoint, for a model that is there and not the editor's. */
  readonly endpointHost?: string;
}

/** Is told the beginning of an answer, again and again while it grows. */
export type OnText = (text: string) => void;

/** Language models. */
export interface ModelsPort {
  readonly onDidChange: Event<void>;
  /** Whether some model is set up that can take the tools of a request. */
  readonly takesTools: boolean;
  /**
   * All models there are; `problems` tells, in sentences for the person, why some could not be listed. Never rejects.
   * @param request leaves out those that cannot be asked this, and tells why.
   */
  list(
    request?: SamplingRequest,
  ): Promise<{ readonly models: readonly ListedModel[]; readonly problems: readonly string[] }>;
  /**
   * @param wanted narrows to models whose id, family, name or vendor contains it.
   * @param serverId whose request it is: the person may have selected a model for that server.
   */
  choose(request: SamplingRequest, wanted: string | undefined, serverId: string): Promise<ModelChoice>;
  /**
   * Sends the request.
   * @param onText is told all that the model has said so far, whenever that is more. What the answer holds in the end may be less.
   * @throws ModelError with a reason fit for the person.
   */
  send(modelId: string, request: SamplingRequest, signal: AbortSignal, onText?: OnText): Promise<ModelAnswer>;
}

/** Why a model gave no answer. `forPerson` may name the model or the account; nothing of it is sent to a server. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  /** @param remedy what the person can do about it at once */
  constructor(
    readonly forPerson: string,
    readonly remedy?: 'set-endpoint-key',
  ) {
    super(forPerson);
  }
}

/** A log per server, created when first written to. */
export interface LogsPort {
  forServer(id: string, name: string): Logger;
  /** Forgets the log of a server that is no longer configured. */
  remove(id: string): void;
}

/** All of them. */
export interface HostPorts {
  readonly clock: Clock;
  readonly log: Logger;
  readonly logs: LogsPort;
  readonly settings: SettingsPort;
  readonly workspace: WorkspacePort;
  readonly editorPolicy: EditorPolicyPort;
  /** Trust decisions: global, never synchronised, never in the workspace (T007, T023). */
  readonly decisions: StatePort;
  /** What is remembered with this workspace: last arguments, plain inputs, running tasks, crashes. */
  readonly memory: StatePort;
  readonly secrets: SecretsPort;
  readonly inputPrompt: InputPromptPort;
  readonly machine: MachinePort;
  readonly network: NetworkPort;
  readonly locks: LocksPort;
  readonly signIn: SignInPort;
  readonly accounts: AccountsPort;
  readonly clients: ClientPort;
  readonly reaper: ReaperPort;
  readonly models: ModelsPort;
  /** Name and version this host gives itself. */
  readonly clientInfo: { readonly name: string; readonly title: string; readonly version: string };
}
