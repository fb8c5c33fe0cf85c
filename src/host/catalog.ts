/** What one server offers: its lists, loaded when it runs, refreshed list by list, kept through a failed refresh. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { toFailure, type Failure } from '../protocol/failure';
import {
  LIST_KINDS,
  type ConnectedServer,
  type ListItems,
  type Listing,
  type ListKind,
} from '../protocol/model';
import type { ToolRules } from '../policy/serverEntry';
import { isToolOffered } from '../policy/toolRules';

/** How a list stands. */
export type ListState<K extends ListKind = ListKind> =
  /** The server does not offer this. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'loading'; readonly last?: Listing<K> }
  /** `hidden` counts tools that the entry's rules leave out. */
  | { readonly kind: 'ready'; readonly listing: Listing<K>; readonly hidden: number }
  /** The last good list stays, marked as stale (T071). */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly last?: Listing<K> };

/** Milliseconds between two reads of one list (T054). */
const RELIST_MS = 500;

interface RefreshOptions {
  /** The person asks: an answer that may be used again is no answer to that. */
  readonly fresh?: boolean;
}

/** One read of a list, and what was asked for meanwhile. */
interface Turn {
  again: boolean;
  fresh: boolean;
  pause?: Disposable;
}

type States = { [K in ListKind]: ListState<K> };

/** The lists of one running server. */
export class Catalog implements Disposable {
  private readonly abort = new AbortController();
  private readonly states: States = {
    tools: { kind: 'absent' },
    resources: { kind: 'absent' },
    resourceTemplates: { kind: 'absent' },
    prompts: { kind: 'absent' },
    skills: { kind: 'absent' },
  };
  private readonly busy = new Map<ListKind, Turn>();

  /**
   * @param load reads one list from the client; `fresh` when the server is to be asked whatever it said before.
   * @param onChange called for each list that changed.
   */
  constructor(
    server: ConnectedServer,
    private readonly rules: ToolRules,
    private readonly clock: Clock,
    private readonly load: (kind: ListKind, signal: AbortSignal, fresh: boolean) => Promise<Listing>,
    private readonly onChange: (kind: ListKind) => void,
  ) {
    const { capabilities } = server;
    for (const kind of LIST_KINDS) {
      const section = kind === 'resourceTemplates' ? capabilities.resources : capabilities[kind];
      if (section) this.states[kind] = { kind: 'loading' };
    }
  }

  list<K extends ListKind>(kind: K): ListState<K> {
    return this.states[kind];
  }

  /** The items that can be used now. */
  items<K extends ListKind>(kind: K): readonly ListItems[K][] {
    const state: ListState<K> = this.states[kind];
    switch (state.kind) {
      case 'absent':
        return [];
      case 'ready':
        return state.listing.items;
      case 'loading':
      case 'failed':
        return state.last?.items ?? [];
    }
  }

  /** Reads every list the server offers. */
  async loadAll(options: RefreshOptions = {}): Promise<void> {
    await Promise.all(LIST_KINDS.map((kind) => this.refresh(kind, options)));
  }

  /** Reads one list again; while it is being read, at most one more read is kept waiting. */
  async refresh(kind: ListKind, { fresh = false }: RefreshOptions = {}): Promise<void> {
    if (this.states[kind].kind === 'absent' || this.isOver()) return;
    const running = this.busy.get(kind);
    if (running) {
      running.again = true;
      running.fresh ||= fresh;
      return;
    }
    const turn: Turn = { again: false, fresh: false };
    this.busy.set(kind, turn);
    await this.read(kind, fresh);
    if (this.isOver()) return;
    // The pause is what bounds a server that reports changes without end.
    turn.pause = this.clock.schedule(RELIST_MS, () => {
      this.busy.delete(kind);
      if (turn.again) void this.refresh(kind, { fresh: turn.fresh });
    });
  }

  dispose(): void {
    this.abort.abort();
    for (const { pause } of this.busy.values()) pause?.dispose();
    this.busy.clear();
  }

  /** Asked through a method, because it changes while a list is read. */
  private isOver(): boolean {
    return this.abort.signal.aborted;
  }

  private async read(kind: ListKind, fresh: boolean): Promise<void> {
    const last = this.last(kind);
    this.set(kind, { kind: 'loading', ...(last ? { last } : {}) });
    try {
      const listing = await this.load(kind, this.abort.signal, fresh);
      const failure = listing.cut?.failure;
      // What broke off does not take the place of what was read to its end (T102).
      if (failure && last && !last.cut) this.set(kind, { kind: 'failed', failure, last });
      else this.set(kind, this.applyRules(kind, listing));
    } catch (error) {
      if (this.isOver()) return;
      this.set(kind, { kind: 'failed', failure: toFailure(error), ...(last ? { last } : {}) });
    }
  }

  private applyRules<K extends ListKind>(kind: K, listing: Listing<K>): ListState<K> {
    if (kind !== 'tools') return { kind: 'ready', listing, hidden: 0 };
    const items = listing.items.filter((item) =>
      isToolOffered((item as ListItems['tools']).name, this.rules),
    );
    return { kind: 'ready', listing: { ...listing, items }, hidden: listing.items.length - items.length };
  }

  private last<K extends ListKind>(kind: K): Listing<K> | undefined {
    const state: ListState<K> = this.states[kind];
    if (state.kind === 'ready') return state.listing;
    return state.kind === 'absent' ? undefined : state.last;
  }

  private set<K extends ListKind>(kind: K, state: ListState<K>): void {
    if (this.isOver()) return;
    (this.states as Record<K, ListState<K>>)[kind] = state;
    this.onChange(kind);
  }
}
