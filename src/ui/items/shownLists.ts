/**
 * What the Servers view shows of each list: its items once their rows are made, and the earlier ones until then. A list that is changed
 * without end is made anew ever after a pause, so that one server costs little time and holds up no other one's rows.
 */

import { systemClock, type Clock } from '../../base/clock';
import { Deferred } from '../../base/deferred';
import type { Disposable } from '../../base/disposable';
import { pauseFor } from '../../base/pauseFor';
import type { Server } from '../../host/server';
import type { ListItems, ListKind } from '../../protocol/model';
import { makeRows } from './listedRows';

/** A list is made anew at the earliest after so many times what it took before: a fortieth of the main thread is what one may cost. */
const PAUSE_FACTOR = 40;

type Items = readonly ListItems[ListKind][];

interface Shown {
  /** Undefined until rows were made for the first time. */
  items: Items | undefined;
  readonly first: Deferred<void>;
  making: boolean;
  /** By the monotonic clock. */
  notBefore: number;
}

export class ShownLists implements Disposable {
  /** By catalog: one that takes the place of another has lists of its own (T078). */
  private readonly shown = new WeakMap<object, Map<ListKind, Shown>>();
  private readonly over = new AbortController();

  /** @param onMade the list has other items to show now */
  constructor(
    private readonly onMade: (serverId: string, kind: ListKind) => void,
    private readonly clock: Clock = systemClock,
  ) {}

  /** The items to show now. */
  items<K extends ListKind>(server: Server, kind: K): readonly ListItems[K][] {
    const live = server.catalog?.items(kind) ?? [];
    if (live.length === 0) return live;
    return (this.known(server, kind)?.items as readonly ListItems[K][] | undefined) ?? live;
  }

  /** True when these are the items of the server's list. */
  isCurrent(server: Server, kind: ListKind): boolean {
    const live = server.catalog?.items(kind) ?? [];
    return live.length === 0 || this.known(server, kind)?.items === live;
  }

  /** True when something of this list was shown, and is shown until another is made. */
  isShown(server: Server, kind: ListKind): boolean {
    return this.known(server, kind)?.items !== undefined;
  }

  /** True while nothing of this list can be shown yet. */
  isComing(server: Server, kind: ListKind): boolean {
    const known = this.known(server, kind);
    return known !== undefined && known.items === undefined && !this.isCurrent(server, kind);
  }

  /** Sees to it that the server's list is shown, soon. Resolves when something of it can be. */
  async update(server: Server, kind: ListKind): Promise<void> {
    const { catalog } = server;
    if (!catalog || this.isCurrent(server, kind)) return;
    const kinds = this.shown.get(catalog) ?? new Map<ListKind, Shown>();
    this.shown.set(catalog, kinds);
    const state = kinds.get(kind) ?? { items: undefined, first: new Deferred(), making: false, notBefore: 0 };
    kinds.set(kind, state);
    if (!state.making) void this.make(server, kind, state);
    await state.first.promise;
  }

  dispose(): void {
    this.over.abort();
  }

  private known({ catalog }: Server, kind: ListKind): Shown | undefined {
    return catalog && this.shown.get(catalog)?.get(kind);
  }

  private async make(server: Server, kind: ListKind, state: Shown): Promise<void> {
    const { catalog } = server;
    const { clock, over } = this;
    state.making = true;
    while (server.catalog === catalog && !this.isCurrent(server, kind)) {
      const wait = state.notBefore - clock.monotonic();
      if (wait > 0) await pauseFor(wait, clock, over.signal);
      if (over.signal.aborted) return;
      const made = await makeRows(server, kind, { now: () => clock.monotonic() });
      if (!made) break;
      state.notBefore = clock.monotonic() + PAUSE_FACTOR * made.ms;
      state.items = made.items;
      state.first.resolve();
      this.onMade(server.id, kind);
    }
    state.making = false;
  }
}
