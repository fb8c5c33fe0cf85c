/** What the host hears of its servers. Types only. */

import type { ListKind } from '../protocol/model';
import type { Server } from './server';

/** Told of everything that changes. */
export interface ServerListener {
  onState(server: Server): void;
  onList(server: Server, kind: ListKind): void;
  onResourceUpdated(server: Server, uri: string): void;
}
