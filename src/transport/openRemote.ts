/** Makes the transport of a remote server. */

import { systemClock, type Clock } from '../base/clock';
import { lineLimits, ownHeapLimit } from './admission';
import { AuthorizedHttp, type RequestAuthorizer } from './http/authorizedHttp';
import { HttpClient } from './http/httpClient';
import { OldHttpTransport } from './http/oldHttpTransport';
import { StreamableHttpTransport } from './http/streamableHttpTransport';
import type { RemoteSpec } from './remoteSpec';
import type { Transport } from './transport';

/**
 * @param form `oldHttp` for HTTP+SSE of 2024-11-05, else Streamable HTTP
 * @param authorizer proves who asks, for servers that want to know
 */
export function openRemote(
  spec: RemoteSpec,
  form?: 'oldHttp',
  authorizer?: RequestAuthorizer,
  clock: Clock = systemClock,
): Transport {
  const http = new HttpClient(spec.network, clock);
  const options = {
    endpoint: { url: new URL(spec.url), headers: spec.headers },
    http: authorizer ? new AuthorizedHttp(http, authorizer, clock) : http,
    limits: lineLimits(ownHeapLimit()),
    clock,
  };
  return form === 'oldHttp' ? new OldHttpTransport(options) : new StreamableHttpTransport(options);
}
