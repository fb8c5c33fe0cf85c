/** Chooses how a remote server is told who we are. */

import type { AuthorizationHost } from '../authorization/contract';
import type { Clock } from '../base/clock';
import { AccountAuthorization } from './accountAuthorization';
import type { RemoteSpec } from './contract';
import { ServerAuthorization, type LoadAuthorization } from './serverAuthorization';

/** @param onTokens told whenever requests go on under other credentials than before */
export function authorizationOf(
  launch: RemoteSpec,
  host: AuthorizationHost,
  environment: {
    readonly loadAuthorization: LoadAuthorization;
    readonly accountHeader: () => Promise<string | undefined>;
    readonly clock: Clock;
  },
  onTokens: () => void,
): ServerAuthorization | AccountAuthorization {
  const { loadAuthorization, accountHeader, clock } = environment;
  if (launch.hasAccount) return new AccountAuthorization(launch.url, host, accountHeader, onTokens);
  return new ServerAuthorization(launch, host, loadAuthorization, clock, onTokens);
}
