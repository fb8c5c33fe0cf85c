/** Which scopes are asked for (AUTH18, AUTH19, AUTH22). Pure. */

import { problem } from './problem';

const MAX_SCOPES = 100;
const MAX_SCOPE = 256;
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const OFFLINE = 'offline_access';

/** The scopes of a space-separated list. */
export function splitScopes(text: string): readonly string[] {
  return cleanScopes(text.split(' '));
}

/** What the list has of scopes, each once. What is none by its characters is left out: it can be asked for nowhere. */
export function cleanScopes(scopes: readonly string[]): readonly string[] {
  return [...new Set(scopes.filter((scope) => SCOPE.test(scope)))];
}

/** What was granted, as far as it can be kept: it is told, and decides nothing. */
export function grantedScopes(text: string): readonly string[] {
  const scopes = splitScopes(text).filter((scope) => scope.length <= MAX_SCOPE);
  return scopes.length > MAX_SCOPES ? [] : scopes;
}

/**
 * Refuses what a person could not look through whole before they agree to it (T092).
 * @throws FailureError `authorization` / `scopes-refused`
 */
export function checkAsked(scopes: readonly string[]): void {
  if (scopes.length > MAX_SCOPES)
    throw problem(
      'scopes-refused',
      `${scopes.length} rights, where ${MAX_SCOPES} are the most; name those you want as "scopes" under "oauth" in its entry`,
    );
  if (scopes.some((scope) => scope.length > MAX_SCOPE))
    throw problem('scopes-refused', `one right is longer than ${MAX_SCOPE} characters`);
}

/** Every scope of the lists once, in order of first use. */
export function unionOf(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}

/** Where scopes are proposed. */
interface ScopeSources {
  readonly challenge?: readonly string[];
  readonly settings?: readonly string[];
  readonly resource?: readonly string[];
}

/** What the challenge names, else what the settings name, else all that the server's metadata list, else none. */
export function initialScopes({ challenge, settings, resource }: ScopeSources): readonly string[] {
  return challenge ?? (settings === undefined ? undefined : cleanScopes(settings)) ?? resource ?? [];
}

/**
 * Adds `offline_access` when the authorization server knows it. Alone it is not asked for: that would replace the
 * authorization server's own default.
 */
export function withOffline(
  scopes: readonly string[],
  supported: readonly string[] | undefined,
): readonly string[] {
  return scopes.length > 0 && supported?.includes(OFFLINE) === true ? unionOf(scopes, [OFFLINE]) : scopes;
}

/** OpenID Connect Core §11: without `prompt=consent` the scope may be ignored. */
export function needsConsentPrompt(scopes: readonly string[]): boolean {
  return scopes.includes(OFFLINE);
}
