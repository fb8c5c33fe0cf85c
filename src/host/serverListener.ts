/** What the host hears of its servers. Types only. */

import type { ListKind } from '../protocol/model';

/** Told of everything that changes. `S` is the server. */
export interface ServerListener<S> {
  onState(server: S): void;
  /** @param isSame it was read again, and is what it was */
  onList(server: S, kind: ListKind, isSame: boolean): void;
  onResourceUpdated(server: S, uri: string): void;
}
