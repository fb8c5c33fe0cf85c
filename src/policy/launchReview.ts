/** What a person sees before a launch is approved: all of it, nothing shortened, nothing hidden (T005, T006). */

import type { LogLevel } from '../protocol/logLevels';
import { launchWarnings, type LaunchWarning } from './launchWarnings';
import { OAUTH_SECRETS } from './oauthRule';
import { isInside, type Platform } from './paths';
import { exactText, safe, safeText, type SafeText } from './safeText';
import { isSecretName, secretShapeIn } from './secretPatterns';
import type { EntryScope, LocalLaunch, RemoteLaunch, ServerEntry, StartMode } from './serverEntry';
import { DEFAULT_TIMEOUTS, type Timeouts } from './timeouts';
import { riskOfVariable } from './variableRisks';
import { listVariables, type Variable } from './variables';

/** What the review is made of. Paths are absolute, with symbolic links followed. */
export interface ReviewParts {
  readonly name: string;
  readonly entry: ServerEntry;
  readonly scope: EntryScope;
  readonly platform: Platform;
  readonly workspaceFolders: readonly string[];
  /** The address with its variables replaced; undefined for local servers, and when an input is part of it. */
  readonly resolvedUrl?: string | undefined;
  /** Undefined for remote servers, and when the program was not found. */
  readonly resolvedCommand?: string | undefined;
  /** Arguments with the variables replaced whose values are no secret; undefined for those that say the same without. */
  readonly resolvedArgs?: readonly (string | undefined)[];
  readonly cwd?: string | undefined;
  readonly envFile?: string | undefined;
  /** What the environment file sets at this moment. */
  readonly envFileVariables?: ReadonlyMap<string, string>;
  /** What is odd about the server's name, in our own words. */
  readonly nameWarnings?: readonly string[];
  /** Name of the machine that the server runs on, when it is not the person's own. */
  readonly machine?: string | undefined;
}

/** A path and whether it lies outside every workspace folder. */
export interface ReviewedPath {
  readonly path: SafeText;
  readonly outside: boolean;
}

/** A variable or header. A value that may be a secret is only said to be set. */
export interface ReviewedValue {
  readonly name: SafeText;
  readonly value:
    | { readonly kind: 'set' }
    | { readonly kind: 'removed' }
    | { readonly kind: 'shown'; readonly text: SafeText };
}

/** How the server is started or reached. Texts are as written, with hidden characters made visible. */
export type ReviewedLaunch =
  | {
      readonly kind: 'local';
      readonly command: SafeText;
      readonly resolvedCommand?: SafeText;
      /** One per argument, in order, complete. An empty argument is an empty text. */
      readonly args: readonly SafeText[];
      /** Beside each argument what it becomes, where variables for paths stand in it. */
      readonly resolvedArgs: readonly (SafeText | undefined)[];
      readonly cwd?: ReviewedPath;
      readonly env: readonly ReviewedValue[];
      readonly envFile?: ReviewedPath;
      /** What that file sets. */
      readonly envFileVariables: readonly ReviewedValue[];
    }
  | {
      readonly kind: 'remote';
      readonly url: SafeText;
      /** What the address becomes, where variables stand in it. */
      readonly resolvedUrl?: SafeText;
      readonly host: SafeText;
      /** Undefined when it is found out. */
      readonly transport?: 'http' | 'sse';
      readonly headers: readonly ReviewedValue[];
      /** What the entry says about signing in; empty when that is as usual. */
      readonly signIn: readonly ReviewedValue[];
    };

/** Settings of the entry that are not as usual; what is as usual is absent. */
export interface ReviewedRules {
  readonly start?: Exclude<StartMode, 'onOpen'>;
  readonly strict: boolean;
  /** Patterns; undefined when all tools are allowed. */
  readonly allowedTools?: readonly SafeText[];
  readonly deniedTools: readonly SafeText[];
  /** In milliseconds. */
  readonly timeouts: Partial<Timeouts>;
  readonly logLevel?: LogLevel;
}

/** Plain data for an approval screen. */
export interface LaunchReview {
  readonly title: SafeText;
  /** Where the entry is written, in words. */
  readonly source: SafeText;
  readonly machine?: SafeText;
  readonly launch: ReviewedLaunch;
  /** Names of the person's environment variables whose values go into the launch (T017). */
  readonly readsEnvironment: readonly SafeText[];
  /** Ids of inputs the person will be asked for, or was. */
  readonly inputs: readonly SafeText[];
  /** What the server may ask for once it runs. */
  readonly mayAsk: {
    readonly sampling: boolean;
    readonly samplingOutsideCalls: boolean;
    readonly roots: boolean;
    /** The models that its requests are narrowed to. */
    readonly model?: SafeText;
  };
  readonly rules: ReviewedRules;
  readonly warnings: readonly LaunchWarning[];
}

/** Describes a launch in full. Deterministic, and the same for the same parts, so that screens can be compared. */
export function describeLaunch(parts: ReviewParts): LaunchReview {
  const { entry, scope } = parts;
  const variables = listVariables(entry).map(({ variable }) => variable);
  const { sampling } = entry;
  return {
    title: titleOf(parts),
    source: SOURCES[scope.kind],
    ...(parts.machine === undefined ? {} : { machine: exactText(parts.machine) }),
    launch:
      entry.launch.kind === 'local'
        ? reviewLocal(entry.launch, parts)
        : reviewRemote(entry.launch, parts.resolvedUrl),
    readsEnvironment: namesOf(variables, 'env'),
    inputs: namesOf(variables, 'input'),
    mayAsk: {
      sampling: sampling.kind === 'ask',
      samplingOutsideCalls: sampling.kind === 'ask' && sampling.outsideCalls,
      roots: entry.roots !== 'none',
      ...(sampling.kind === 'ask' && sampling.model !== undefined
        ? { model: exactText(sampling.model) }
        : {}),
    },
    rules: reviewRules(entry),
    warnings: launchWarnings(entry, {
      platform: parts.platform,
      workspaceFolders: parts.workspaceFolders,
      resolvedCommand: parts.resolvedCommand,
      cwd: parts.cwd,
      envFile: parts.envFile,
      resolvedUrl: parts.resolvedUrl,
      envFileVariables: parts.envFileVariables,
      nameWarnings: parts.nameWarnings,
    }),
  };
}

const SOURCES: Readonly<Record<EntryScope['kind'], SafeText>> = {
  user: safe`your own settings`,
  workspace: safe`the settings of this workspace`,
  folder: safe`the settings of a workspace folder`,
};

function titleOf({ name, entry }: ReviewParts): SafeText {
  const shown = exactText(name);
  return entry.launch.kind === 'local'
    ? safe`Start the server "${shown}"?`
    : safe`Connect to the server "${shown}"?`;
}

function reviewLocal(launch: LocalLaunch, parts: ReviewParts): ReviewedLaunch {
  const place = (path: string): ReviewedPath => ({
    path: exactText(path),
    outside: !isInside(path, parts.workspaceFolders, parts.platform),
  });
  const cwd = parts.cwd ?? launch.cwd;
  const envFile = parts.envFile ?? launch.envFile;
  return {
    kind: 'local',
    command: exactText(launch.command),
    ...(parts.resolvedCommand === undefined ? {} : { resolvedCommand: exactText(parts.resolvedCommand) }),
    args: launch.args.map(exactText),
    resolvedArgs: launch.args.map((_, index) => {
      const resolved = parts.resolvedArgs?.[index];
      return resolved === undefined ? undefined : exactText(resolved);
    }),
    ...(cwd === undefined ? {} : { cwd: place(cwd) }),
    env: [...launch.env].map(([name, value]) => reviewValue(name, value)),
    ...(envFile === undefined ? {} : { envFile: place(envFile) }),
    // The person did not write them side by side with the name: unless one loads code, names say enough.
    envFileVariables: [...(parts.envFileVariables ?? [])].map(([name, value]) =>
      riskOfVariable(name) === undefined
        ? { name: exactText(name), value: { kind: 'set' } }
        : reviewValue(name, value),
    ),
  };
}

function reviewRules({ start, strict, tools, timeouts, logLevel }: ServerEntry): ReviewedRules {
  const unusual = (['connect', 'request', 'total'] as const).filter(
    (name) => timeouts[name] !== DEFAULT_TIMEOUTS[name],
  );
  return {
    ...(start === 'onOpen' ? {} : { start }),
    strict,
    ...(tools.allow === undefined ? {} : { allowedTools: tools.allow.map(exactText) }),
    deniedTools: tools.deny.map(exactText),
    timeouts: Object.fromEntries(unusual.map((name) => [name, timeouts[name]])),
    ...(logLevel === undefined ? {} : { logLevel }),
  };
}

function reviewRemote(launch: RemoteLaunch, resolvedUrl: string | undefined): ReviewedLaunch {
  // The host in ASCII form, so that a look-alike domain shows as xn--… (T074).
  const host = resolvedUrl === undefined ? undefined : new URL(resolvedUrl).host;
  return {
    kind: 'remote',
    url: exactText(launch.url),
    ...(resolvedUrl === undefined || resolvedUrl === launch.url
      ? {}
      : { resolvedUrl: exactText(resolvedUrl) }),
    host: host === undefined ? safe`known once you have given its inputs` : safeText(host),
    ...(launch.transport === 'auto' ? {} : { transport: launch.transport }),
    headers: [...launch.headers].map(([name, value]) => reviewValue(name, value)),
    signIn: reviewSignIn(launch),
  };
}

function reviewSignIn({ oauth, account }: RemoteLaunch): readonly ReviewedValue[] {
  const shown = (name: string, text: string): ReviewedValue => ({
    name: exactText(name),
    value: { kind: 'shown', text: exactText(text) },
  });
  return [
    ...(oauth ? [] : [shown('oauth', 'never')]),
    ...(oauth && oauth.grant !== 'authorizationCode' ? [shown('grant', oauth.grant)] : []),
    ...[...(oauth?.texts ?? [])].map(([name, text]) =>
      OAUTH_SECRETS.has(name)
        ? ({ name: exactText(name), value: { kind: 'set' } } as const)
        : shown(name, text),
    ),
    ...(oauth?.scopes ? [shown('scopes', oauth.scopes.join(' '))] : []),
    ...(oauth?.dpop === undefined ? [] : [shown('dpop', String(oauth.dpop))]),
    ...(oauth?.allowMissingPkce === true ? [shown('allowMissingPkce', 'true')] : []),
    ...(account ? [shown('account', [account.provider, ...account.scopes].join(' '))] : []),
  ];
}

function reviewValue(name: string, value: string | null): ReviewedValue {
  const shown = exactText(name);
  if (value === null) return { name: shown, value: { kind: 'removed' } };
  return {
    name: shown,
    value: mayBeSecret(name, value) ? { kind: 'set' } : { kind: 'shown', text: exactText(value) },
  };
}

/**
 * Values that load code must be seen whole: what looks like a secret in one may be there to hide the rest. References show what
 * they refer to; else a secret's name or look hides a value.
 */
function mayBeSecret(name: string, value: string): boolean {
  if (riskOfVariable(name) !== undefined) return false;
  if (secretShapeIn(value) !== undefined) return true;
  if (/^(?:\$\{[^{}]*\})+$/.test(value)) return false;
  return isSecretName(name) || looksRandom(value);
}

/** Long unbroken runs of letters and digits are rarely anything but keys. */
function looksRandom(value: string): boolean {
  const runs = value.match(/[A-Za-z0-9+=_-]{32,}/g) ?? [];
  return runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
}

function namesOf(variables: readonly Variable[], kind: 'env' | 'input'): SafeText[] {
  const names = variables.flatMap((variable) => (variable.kind === kind ? [variable.name] : []));
  return [...new Set(names)].map(exactText);
}
