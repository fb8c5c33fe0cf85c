/** What the host tells of itself: changes, and items with the server that offers them. */

import type { ListItems, ListKind } from '../protocol/model';
import type { Server } from './server';
import type { UsageChange } from './samplingLedger';

/** What changed. */
export type HostChange =
  /** Servers came, went or changed places. */
  | { readonly kind: 'servers' }
  | { readonly kind: 'state'; readonly serverId: string }
  | { readonly kind: 'list'; readonly serverId: string; readonly list: ListKind }
  /** It was read again, and is what it was: nothing that is shown of it is another. */
  | { readonly kind: 'same-list'; readonly serverId: string; readonly list: ListKind }
  | { readonly kind: 'tasks'; readonly serverId: string }
  | UsageChange
  | { readonly kind: 'resource'; readonly serverId: string; readonly uri: string };

/** One item with the server that offers it. */
export interface Offered<K extends ListKind> {
  readonly server: Server;
  readonly item: ListItems[K];
}
