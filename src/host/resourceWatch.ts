/** Which resources are open somewhere, counted, so that a server is asked to tell of changes exactly while someone looks. */

import { toDisposable, type Disposable } from '../base/disposable';
import type { Server } from './server';

export class ResourceWatch {
  private readonly counts = new Map<string, number>();
  /** What each server offered in its last run, which tells one run from another. */
  private readonly runs = new Map<string, object>();

  constructor(private readonly serverOf: (id: string) => Server | undefined) {}

  /** Watches until the result is disposed. Servers that cannot tell of changes are not asked. */
  open(serverId: string, uri: string): Disposable {
    const key = JSON.stringify([serverId, uri]);
    const count = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, count);
    if (count === 1) this.ask('subscribe', serverId, uri);
    return toDisposable(() => {
      const left = (this.counts.get(key) ?? 1) - 1;
      if (left > 0) {
        this.counts.set(key, left);
        return;
      }
      this.counts.delete(key);
      this.ask('unsubscribe', serverId, uri);
    });
  }

  /**
   * A server that has started knows nothing of what is open, and is told.
   * @returns what may be another thing than it was, because the server ran before (RSRC7)
   */
  renew(server: Server): readonly string[] {
    const { catalog, id, state } = server;
    if (state.kind !== 'running' || !catalog) return [];
    const open = [...this.counts.keys()]
      .map((key) => JSON.parse(key) as [string, string])
      .flatMap(([serverId, uri]) => (serverId === id ? [uri] : []));
    for (const uri of open) this.ask('subscribe', id, uri);
    const before = this.runs.get(id);
    this.runs.set(id, catalog);
    return before === undefined || before === catalog ? [] : open;
  }

  private ask(what: 'subscribe' | 'unsubscribe', serverId: string, uri: string): void {
    const server = this.serverOf(serverId);
    if (server?.state.kind !== 'running') return;
    // A failed subscription only means that this document does not refresh by itself.
    server.request(what, { uri }).catch(() => undefined);
  }
}
