/** The lists of one server: there while it runs, gone with its connection. Knows nothing of why it runs. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { ConnectedServer, ListKind } from '../protocol/model';
import type { ToolRules } from '../policy/serverEntry';
import { Catalog } from './catalog';
import type { ServerConnection } from './serverConnection';

export class ServerLists implements Disposable {
  private open: Catalog | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onList: (kind: ListKind) => void,
  ) {}

  /** Undefined while the server does not run. */
  get current(): Catalog | undefined {
    return this.open;
  }

  /** Begins with the lists of a server that has just connected; they are loaded when {@link Catalog.loadAll} is called. */
  begin(connection: ServerConnection, server: ConnectedServer, rules: ToolRules): Catalog {
    this.open = new Catalog(
      server,
      rules,
      this.clock,
      (kind, signal, fresh) => connection.request('list', { kind, fresh }, signal),
      this.onList,
    );
    return this.open;
  }

  /** The connection is gone, and its lists with it. */
  dispose(): void {
    this.open?.dispose();
    this.open = undefined;
  }
}
