/** What runs of one server: its connection, the definition it was started from, its lists. Knows nothing of why it runs. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { ClientRequests } from '../client/contract';
import { refused } from '../protocol/failure';
import type { ConnectedServer, ListKind } from '../protocol/model';
import type { ServerEntry, ToolRules } from '../policy/serverEntry';
import { Catalog } from './catalog';
import type { ServerDefinition } from './definitions';
import type { ServerConnection } from './serverConnection';

/** Rules of a server of which nothing runs. */
const NO_RULES: ToolRules = { deny: [] };

export class ServerRun implements Disposable {
  private connection: ServerConnection | undefined;
  private definition: ServerDefinition | undefined;
  private lists: Catalog | undefined;
  private makeLists: (() => Catalog) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onList: (kind: ListKind, isSame: boolean) => void,
  ) {}

  /** True from its launch until it has been closed, also while that takes its time. */
  get exists(): boolean {
    return this.connection !== undefined;
  }

  /** The entry it was started from. */
  get entry(): ServerEntry | undefined {
    return this.definition?.entry;
  }

  /** The rules of that entry. */
  get toolRules(): ToolRules {
    return this.entry?.tools ?? NO_RULES;
  }

  /** The lists, once the server is ready. */
  get catalog(): Catalog | undefined {
    return this.lists;
  }

  /** True while it is one of another definition. */
  isOther(definition: ServerDefinition): boolean {
    return this.definition !== undefined && this.definition.written !== definition.written;
  }

  /** A server is being started. */
  begin(connection: ServerConnection, definition: ServerDefinition): void {
    this.connection = connection;
    this.definition = definition;
  }

  /** It is ready. Its lists are loaded when {@link Catalog.loadAll} is called. */
  ready(connection: ServerConnection, server: ConnectedServer): Catalog {
    const { clock, toolRules } = this;
    this.makeLists = () =>
      new Catalog(
        server,
        toolRules,
        clock,
        (kind, signal, { fresh, last }) =>
          last
            ? connection.request('relist', { kind, fresh, known: last.digest }, signal)
            : connection.request('list', { kind, fresh }, signal),
        this.onList,
      );
    this.lists = this.makeLists();
    return this.lists;
  }

  /** Somebody else asks from now on, or with other rights: what was listed was for another, and so is what is just being read (T078). */
  renewLists(): void {
    this.lists?.dispose();
    this.lists = this.makeLists?.();
    void this.lists?.loadAll({ fresh: true });
  }

  /** @throws FailureError also while it is not ready */
  async request<K extends keyof ClientRequests>(
    name: K,
    params: ClientRequests[K]['params'],
    signal?: AbortSignal,
  ): Promise<ClientRequests[K]['result']> {
    if (!this.lists || !this.connection) throw refused('The server is not running.');
    return await this.connection.request(name, params, signal);
  }

  /** It is not ready any more: its lists are gone, while its connection may still have to be closed. */
  unready(): void {
    this.lists?.dispose();
    this.lists = undefined;
    this.makeLists = undefined;
  }

  /** Ends it in an orderly way. */
  async close(): Promise<void> {
    this.unready();
    await this.connection?.close();
    this.connection = undefined;
    this.definition = undefined;
  }

  /** Ends it at once. */
  dispose(): void {
    this.unready();
    this.connection?.kill();
    this.connection = undefined;
  }
}
