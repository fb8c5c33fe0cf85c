/** Makes the transport of a remote server. */

import { systemClock, type Clock } from '../base/clock';
import { lineLimits, ownHeapLimit } from './admission';
import { HttpClient } from './http/httpClient';
import { OldHttpTransport } from './http/oldHttpTransport';
import { StreamableHttpTransport } from './http/streamableHttpTransport';
import type { RemoteSpec } from './remoteSpec';
import type { Transport } from './transport';

/** @param form `oldHttp` for HTTP+SSE of 2024-11-05, else Streamable HTTP */
export function openRemote(spec: RemoteSpec, form?: 'oldHttp', clock: Clock = systemClock): Transport {
  const options = {
    endpoint: { url: new URL(spec.url), headers: spec.headers },
    http: new HttpClient(spec.network, clock),
    limits: lineLimits(ownHeapLimit()),
    clock,
  };
  return form === 'oldHttp' ? new OldHttpTransport(options) : new StreamableHttpTransport(options);
}
