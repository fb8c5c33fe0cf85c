/** What an approval is bound to: every part of a launch that decides what runs, as one text to be hashed (T002, T003). */

import type { JsonValue } from '../base/json';
import { canonicalJson } from './canonicalJson';
import type { OAuthRule } from './oauthRule';
import { heldRootsRule } from './rootsDecision';
import type { EntryScope, ServerEntry } from './serverEntry';

/** A file and the SHA-256 of its bytes, in lower-case hexadecimal. */
interface FileHash {
  readonly path: string;
  readonly sha256: string;
}

/**
 * All that goes into a fingerprint. Texts of the entry are as written: a value of the environment or of an input may change
 * freely. What the person was shown as resolved may not.
 */
export interface FingerprintParts {
  readonly entry: ServerEntry;
  readonly scope: EntryScope;
  /** URI of the workspace or folder that the entry belongs to (T021); undefined for the user's own. */
  readonly workspace: string | undefined;
  /** Absolute path the command resolves to; undefined for remote servers. */
  readonly resolvedCommand: string | undefined;
  /** What stands before the arguments when the program is run through another, as batch files are. */
  readonly prefixArgs?: readonly string[];
  /** Arguments with the variables for paths replaced; undefined for those without. */
  readonly resolvedArgs?: readonly (string | undefined)[];
  /** The address with its variables replaced; undefined for local servers, and when an input is part of it. */
  readonly resolvedUrl?: string | undefined;
  /** Absolute path of the working folder, symbolic links followed; undefined for remote servers. */
  readonly cwd?: string | undefined;
  /** Undefined when the entry names no file. */
  readonly envFile: FileHash | undefined;
  /** Name of the machine that the server runs on, when it is not the person's own: an approval there is none here (T022). */
  readonly machine?: string | undefined;
}

/** Raised whenever the meaning of the text changes, so that no old approval is taken for a new one. */
const VERSION = 3;

/**
 * The canonical text of a launch. The host hashes it with SHA-256 and stores the hash only, never the text: it holds the
 * entry's literal values. Names, order of keys and spacing in the settings file do not show in it; any other change does.
 */
export function launchFingerprintInput(parts: FingerprintParts): string {
  const { entry, scope } = parts;
  return canonicalJson({
    version: VERSION,
    scope: scope.kind === 'folder' ? { kind: scope.kind, uri: scope.uri } : { kind: scope.kind },
    workspace: parts.workspace ?? null,
    machine: parts.machine ?? null,
    launch: launchOf(entry),
    resolvedCommand: parts.resolvedCommand ?? null,
    prefixArgs: parts.prefixArgs ?? [],
    resolvedArgs: (parts.resolvedArgs ?? []).map((arg) => arg ?? null),
    resolvedUrl: parts.resolvedUrl ?? null,
    cwd: parts.cwd ?? null,
    envFile: parts.envFile ? [parts.envFile.path, parts.envFile.sha256] : null,
    strict: entry.strict,
    roots: heldRootsRule(entry.roots, scope.kind),
    start: entry.start,
    timeouts: { ...entry.timeouts },
    tools: { allow: entry.tools.allow ?? null, deny: entry.tools.deny },
    // Not `reviewAnswer`, which counts only in the person's own entries: these need no approval.
    sampling:
      entry.sampling.kind === 'off'
        ? null
        : { model: entry.sampling.model ?? null, outsideCalls: entry.sampling.outsideCalls },
    ...(entry.logLevel === undefined ? {} : { logLevel: entry.logLevel }),
  });
}

function launchOf({ launch }: ServerEntry): JsonValue {
  if (launch.kind === 'remote') {
    const { url, transport, headers } = launch;
    return {
      kind: 'remote',
      url,
      transport,
      headers: pairsOf(headers),
      oauth: launch.oauth ? oauthOf(launch.oauth) : null,
      account: launch.account ? { provider: launch.account.provider, scopes: launch.account.scopes } : null,
    };
  }
  return {
    kind: 'local',
    command: launch.command,
    args: launch.args,
    cwd: launch.cwd ?? null,
    env: pairsOf(launch.env),
    envFile: launch.envFile ?? null,
  };
}

function oauthOf({ grant, texts, scopes, dpop, allowMissingPkce }: OAuthRule): JsonValue {
  return {
    grant,
    texts: pairsOf(texts),
    scopes: scopes ?? null,
    dpop: dpop ?? null,
    allowMissingPkce,
  };
}

/** Pairs instead of an object: names are foreign text and `__proto__` is one of them. */
function pairsOf(map: ReadonlyMap<string, string | null>): JsonValue {
  return [...map].map(([name, value]): JsonValue => [name, value]).sort(byText);
}

function byText(a: JsonValue, b: JsonValue): number {
  const [left, right] = [canonicalJson(a), canonicalJson(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
