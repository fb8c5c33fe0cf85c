/** What a transport over HTTP is made of. Types only. */

import type { Clock } from '../../base/clock';
import type { LineLimits } from '../admission';
import type { HttpClient } from './httpClient';
import type { RemoteEndpoint } from './sessionEndpoint';

export interface HttpTransportOptions {
  readonly endpoint: RemoteEndpoint;
  readonly http: HttpClient;
  readonly limits: LineLimits;
  readonly clock: Clock;
}
