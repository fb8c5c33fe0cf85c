/** Reads how a remote server is signed in to: the `oauth` and `account` fields of an entry. */

import { isObject } from '../base/json';
import { FieldReader, type ProblemList } from './fieldReader';
import {
  DEFAULT_OAUTH,
  GRANTS,
  OAUTH_TEXTS,
  PROVIDER_TEXTS,
  type AccountRule,
  type Grant,
  type OAuthRule,
  type OAuthText,
} from './oauthRule';
import type { EntryScope } from './serverEntry';

const MAX_SCOPES = 100;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;

/** Reads `oauth`. @returns undefined when it is switched off with `false` */
export function readOAuth(reader: FieldReader, found: ProblemList): OAuthRule | undefined {
  const raw = reader.raw('oauth');
  if (raw === undefined) return DEFAULT_OAUTH;
  if (raw === false) return undefined;
  if (!isObject(raw)) return reader.wrongType('oauth', 'false or an object', raw);
  const oauth = new FieldReader(raw, 'oauth', found);
  oauth.warnUnknown([...OAUTH_TEXTS, 'grant', 'scopes', 'dpop', 'allowMissingPkce', 'identityProvider']);
  const provider = oauth.object('identityProvider');
  provider?.warnUnknown(PROVIDER_TEXTS);
  const texts = new Map<OAuthText, string>();
  for (const name of OAUTH_TEXTS) take(texts, name, oauth.filledString(name));
  for (const name of PROVIDER_TEXTS) take(texts, `identityProvider.${name}`, provider?.filledString(name));
  const grant = oauth.oneOf('grant', GRANTS) ?? 'authorizationCode';
  for (const name of NEEDED[grant])
    if (!texts.has(name)) found.problem(`oauth.${name}`, `is needed for the grant "${grant}"`);
  const scopes = readScopes(oauth, found);
  const dpop = oauth.boolean('dpop');
  return {
    grant,
    texts,
    ...(scopes === undefined ? {} : { scopes }),
    ...(dpop === undefined ? {} : { dpop }),
    allowMissingPkce: oauth.boolean('allowMissingPkce') ?? false,
  };
}

/** Reads `account`. */
export function readAccount(reader: FieldReader, found: ProblemList): AccountRule | undefined {
  const account = reader.object('account');
  if (!account) return undefined;
  account.warnUnknown(['provider', 'scopes']);
  const provider = account.filledString('provider');
  if (provider === undefined && !account.has('provider'))
    return found.problem('account.provider', 'is needed, such as "github" or "microsoft"');
  const scopes = readScopes(account, found);
  // Who asks GitHub's provider for none gets any session there is, with whatever it was made for.
  if (scopes?.length === 0 || !account.has('scopes'))
    return found.problem(
      'account.scopes',
      'is needed, with one right at least: without any it may be every right',
    );
  return provider === undefined || scopes === undefined ? undefined : { provider, scopes };
}

/** What only the person's own entry may say, and this one of a workspace does. */
export function foreignOAuthProblem(
  scope: EntryScope,
  rule: OAuthRule | undefined,
  account: AccountRule | undefined,
): { readonly field: string; readonly message: string } | undefined {
  if (scope.kind === 'user') return undefined;
  const message = 'works in your own settings only, never in those of a workspace';
  if (account) return { field: 'account', message };
  return rule?.allowMissingPkce === true ? { field: 'oauth.allowMissingPkce', message } : undefined;
}

const NEEDED: Readonly<Record<Grant, readonly OAuthText[]>> = {
  authorizationCode: [],
  clientCredentials: ['clientId'],
  jwtBearer: ['assertion'],
  enterprise: [
    'clientId',
    'identityProvider.issuer',
    'identityProvider.clientId',
    'identityProvider.idToken',
  ],
};

function readScopes(reader: FieldReader, found: ProblemList): readonly string[] | undefined {
  const scopes = reader.stringList('scopes', MAX_SCOPES);
  const odd = scopes?.findIndex((scope) => !SCOPE.test(scope)) ?? -1;
  return odd < 0 ? scopes : found.problem(`${reader.field('scopes')}[${odd}]`, 'is not a scope');
}

function take(texts: Map<OAuthText, string>, name: OAuthText, text: string | undefined): void {
  if (text !== undefined) texts.set(name, text);
}
