/** Which scopes are asked for (AUTH18, AUTH19, AUTH22). Pure. */

const MAX_SCOPES = 100;
const MAX_SCOPE = 256;
/** RFC 6749 §3.3. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;
const OFFLINE = 'offline_access';

/** The scopes of a space-separated list; what is none is left out. */
export function readScopes(text: string): readonly string[] {
  return cleanScopes(text.split(' '));
}

/** Valid scopes, each once, and none at all when there are more than a person could look through. */
export function cleanScopes(scopes: readonly string[]): readonly string[] {
  const valid = new Set(scopes.filter((scope) => scope.length <= MAX_SCOPE && SCOPE.test(scope)));
  return valid.size > MAX_SCOPES ? [] : [...valid];
}

export function unionOf(...lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}

/** Where scopes are proposed. */
export interface ScopeSources {
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
