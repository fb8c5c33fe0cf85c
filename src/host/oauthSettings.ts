/** The `oauth` field of an entry with its variables replaced, as the client takes it. */

import { err, ok, type Result } from '../base/result';
import type { AuthorizationSettings } from '../client/contract';
import type { Grant, OAuthRule, OAuthText } from '../policy/oauthRule';
import type { EntryProblem } from '../policy/serverEntry';
import type { VariableScope } from '../policy/variables';
import { isLoopback } from '../protocol/loopback';
import { expandField } from './launchPaths';

/** What the client is given, and where the browser shall come back when the entry says so. */
export interface ResolvedOAuth {
  readonly settings: AuthorizationSettings;
  readonly redirectUri?: string;
}

/** Replaces the variables. What is needed together is there together: the entry was read. */
export function resolveOAuth(
  rule: OAuthRule,
  variables: VariableScope,
): Result<ResolvedOAuth, readonly EntryProblem[]> {
  const problems: EntryProblem[] = [];
  const texts = new Map<OAuthText, string>();
  for (const [name, text] of rule.texts) {
    const expanded = expandField(`oauth.${name}`, text, variables);
    if (expanded.ok) texts.set(name, expanded.value);
    else problems.push(expanded.error);
  }
  const redirectUri = texts.get('redirectUri');
  if (redirectUri !== undefined && !isRedirect(redirectUri))
    problems.push({
      field: 'oauth.redirectUri',
      message: 'must be an http address of this machine with its port, or an address of the editor',
    });
  if (problems.length > 0) return err(problems);
  return ok({
    settings: settingsOf(rule, texts),
    ...(redirectUri === undefined ? {} : { redirectUri }),
  });
}

/** Hosts that a rule of the person's own names as places to sign in at, which may lie in a private network (T080). */
export function namedHosts({ issuer, enterprise }: AuthorizationSettings): readonly string[] {
  return [issuer, enterprise?.issuer, enterprise?.tokenEndpoint].flatMap((text) =>
    text !== undefined && URL.canParse(text) ? [new URL(text).host] : [],
  );
}

/** Nobody else's address may get the answer of an authorization server. */
function isRedirect(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port } = new URL(text);
  if (protocol === 'http:') return isLoopback(hostname) && port !== '';
  // The editor's own scheme; one that a browser fetches by itself is none.
  return (
    /^[a-z][a-z0-9+.-]*:$/.test(protocol) &&
    !/^(?:https|ftp|file|data|blob|javascript|about|ws|wss):$/.test(protocol)
  );
}

const GRANTS: Readonly<Record<Grant, NonNullable<AuthorizationSettings['grant']>>> = {
  authorizationCode: 'authorization_code',
  clientCredentials: 'client_credentials',
  jwtBearer: 'jwt_bearer',
  enterprise: 'enterprise',
};

function settingsOf(rule: OAuthRule, texts: ReadonlyMap<OAuthText, string>): AuthorizationSettings {
  const text = (name: OAuthText): string => texts.get(name) ?? '';
  const optional = <K extends string>(key: K, name: OAuthText): { [P in K]?: string } => {
    const value = texts.get(name);
    return value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });
  };
  return {
    grant: GRANTS[rule.grant],
    ...optional('clientId', 'clientId'),
    ...optional('clientSecret', 'clientSecret'),
    ...optional('clientMetadataUrl', 'clientMetadataUrl'),
    ...optional('issuer', 'issuer'),
    ...optional('assertion', 'assertion'),
    ...(texts.has('privateKey')
      ? {
          privateKey: {
            pem: text('privateKey'),
            algorithm: texts.get('privateKeyAlgorithm') ?? 'ES256',
          },
        }
      : {}),
    ...(texts.has('identityProvider.issuer')
      ? {
          enterprise: {
            issuer: text('identityProvider.issuer'),
            clientId: text('identityProvider.clientId'),
            idToken: text('identityProvider.idToken'),
            ...optional('tokenEndpoint', 'identityProvider.tokenEndpoint'),
            ...optional('clientSecret', 'identityProvider.clientSecret'),
          },
        }
      : {}),
    ...(rule.scopes === undefined ? {} : { scopes: rule.scopes }),
    ...(rule.dpop === undefined ? {} : { dpop: rule.dpop }),
    ...(rule.allowMissingPkce ? { allowMissingPkce: true } : {}),
  };
}
