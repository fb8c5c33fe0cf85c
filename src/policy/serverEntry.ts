/** The shape of one server entry after it was read from settings. Pure data; reading it is `readServerEntry`. */

import type { LogLevel } from '../protocol/logLevels';
import type { AccountRule, OAuthRule } from './oauthRule';
import type { Timeouts } from './timeouts';

/** A local server: a process that speaks over its standard streams. Text is as written, variables not expanded. */
export interface LocalLaunch {
  readonly kind: 'local';
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** `null` removes a variable that would otherwise be passed on. */
  readonly env: ReadonlyMap<string, string | null>;
  readonly envFile?: string;
}

/** `http`: Streamable HTTP; `sse`: HTTP+SSE of 2024-11-05; `auto`: the first, and the second when the server does not know it. */
export type RemoteTransport = 'auto' | 'http' | 'sse';

/** A remote server reached over HTTP. Text is as written, variables not expanded. */
export interface RemoteLaunch {
  readonly kind: 'remote';
  readonly url: string;
  readonly transport: RemoteTransport;
  readonly headers: ReadonlyMap<string, string>;
  /** Undefined: nobody is ever asked to sign in. */
  readonly oauth?: OAuthRule;
  readonly account?: AccountRule;
}

/** When a server starts by itself. */
export const START_MODES = ['onOpen', 'onDemand', 'never'] as const;

/** When a server starts. */
export type StartMode = (typeof START_MODES)[number];

/** What a server may ask of a language model. */
export type SamplingRule =
  | { readonly kind: 'off' }
  /** `model` narrows the choice to models whose id, family, name or vendor contains it. */
  | {
      readonly kind: 'ask';
      readonly model?: string;
      readonly outsideCalls: boolean;
      /** Whether the person sees an answer before the server gets it; the setting for all servers when absent. */
      readonly reviewAnswer?: boolean;
    };

/** Which workspace folders a server may know: those that the person chooses when it asks, all, or none and without asking. */
export const ROOTS_RULES = ['ask', 'workspace', 'none'] as const;

/** One of {@link ROOTS_RULES}. */
export type RootsRule = (typeof ROOTS_RULES)[number];

/** Which tools are offered. `*` matches any run of characters; deny wins. */
export interface ToolRules {
  readonly allow?: readonly string[];
  readonly deny: readonly string[];
}

/** One entry of `mcpHost.servers`. */
export interface ServerEntry {
  readonly launch: LocalLaunch | RemoteLaunch;
  readonly start: StartMode;
  /** Runs the client in a process of its own instead of a thread. */
  readonly strict: boolean;
  readonly timeouts: Timeouts;
  readonly tools: ToolRules;
  readonly sampling: SamplingRule;
  /** As written: what holds is a decision, see `rootsDecision`. */
  readonly roots: RootsRule;
  /** From which level on log messages are wanted; what is usual when it is absent. */
  readonly logLevel?: LogLevel;
}

/** Why an entry, or a field of it, cannot be used. `field` is a path such as `env.PATH` or `args[2]`. */
export interface EntryProblem {
  readonly field: string;
  readonly message: string;
}

/** Where an entry is written. The narrower scope shadows the wider one. */
export type EntryScope =
  | { readonly kind: 'user' }
  | { readonly kind: 'workspace' }
  | { readonly kind: 'folder'; readonly uri: string };
