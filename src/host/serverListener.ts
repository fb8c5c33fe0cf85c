/** What the host hears of its servers. Types only. */

import type { ListKind } from '../protocol/model';

/** Told of everything that changes. `S` is the server. */
export interface ServerListener<S> {
  onState(server: S): void;
  onList(server: S, kind: ListKind): void;
  onResourceUpdated(server: S, uri: string): void;
}
