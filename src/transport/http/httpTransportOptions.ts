/** What a transport over HTTP is made of. Types only. */

import type { Clock } from '../../base/clock';
import type { LineLimits } from '../admission';
import type { HttpSender } from './authorizedHttp';
import type { RemoteEndpoint } from './sessionEndpoint';

/** Of one connection to one server. */
export interface HttpTransportOptions {
  readonly endpoint: RemoteEndpoint;
  readonly http: HttpSender;
  readonly limits: LineLimits;
  readonly clock: Clock;
}
