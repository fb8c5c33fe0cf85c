/** What a launch is before it is approved, and what becomes of it after: the types that planning, asking and starting share. */

import type { Result } from '../base/result';
import type { LaunchSpec, RemoteSpec } from '../client/contract';
import type { SpawnFailure } from '../protocol/failure';
import type { AccessDecision } from '../policy/editorPolicy';
import type { AccountRule } from '../policy/oauthRule';
import type { ReviewParts } from '../policy/launchReview';
import type { EntryProblem, EntryScope, LocalLaunch, RemoteLaunch, ServerEntry } from '../policy/serverEntry';
import type { VariableScope } from '../policy/variables';
import type { SignInSubject } from './signIns';

/** What is asked about an entry, before anything of it is looked at. */
export interface LaunchQuestion<L extends ServerEntry['launch']> {
  readonly name: string;
  /** What is odd about the name, in our own words. */
  readonly nameWarnings: readonly string[];
  readonly scope: EntryScope;
  readonly entry: ServerEntry;
  readonly launch: L;
  /** Knows no inputs: nobody was asked yet. */
  readonly variables: VariableScope;
  /** URI of the workspace or folder the entry belongs to; empty for the user's own. */
  readonly place: string;
  /** Name of the machine that the server runs on, when it is not the person's own. */
  readonly machine: string | undefined;
}

interface Planned {
  readonly entry: ServerEntry;
  /** SHA-256 that an approval is bound to. */
  readonly fingerprint: string;
  /** What a person would see of it is made of this, once they are asked. */
  readonly toReview: ReviewParts;
  readonly access: AccessDecision;
  readonly place: string;
}

/** A process that would be started. */
export interface LocalPlan extends Planned {
  readonly kind: 'local';
  readonly launch: LocalLaunch;
  readonly program: Result<{ readonly path: string; readonly prefixArgs: readonly string[] }, SpawnFailure>;
  readonly cwd: string;
  /** SHA-256 in hex of the environment file's text, when there is one. */
  readonly envFileHash?: string;
}

/** A server that would be connected to. */
export interface RemotePlan extends Planned {
  readonly kind: 'remote';
  readonly launch: RemoteLaunch;
}

/** What is known of a launch before it is approved. */
export type LaunchPlan = LocalPlan | RemotePlan;

/**
 * Why a planned launch cannot be resolved. `changed`: a file is no longer what the plan says. `sign-in`: the person has to allow an
 * account first.
 */
export type ResolveError =
  | readonly EntryProblem[]
  | SpawnFailure
  | 'changed'
  | 'sign-in'
  | Extract<AccessDecision, { kind: 'denied' }>;

/** A launch that was decided about. */
export interface DecidedLaunch extends ResolvedLaunch {
  /** See {@link LaunchPlan}. */
  readonly fingerprint: string;
}

/** A launch ready to start. */
export interface ResolvedLaunch {
  /** Of the plan that it was made of. */
  readonly fingerprint: string;
  readonly spec: LaunchSpec | RemoteSpec;
  /** Marks every process of this launch; undefined when there are none. */
  readonly token?: string;
  /** For a remote server: how it is signed in to. */
  readonly signIn?: Pick<SignInSubject, 'host' | 'credentials' | 'redirectUri'>;
  /** For a remote server that is used with an account of the editor. */
  readonly account?: AccountRule;
  /** Values that must never be shown or logged. */
  readonly secrets: readonly string[];
}
