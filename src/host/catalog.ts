/** What one server offers: its lists, loaded when it runs, refreshed list by list, kept through a failed refresh. */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { FailureError, toFailure, type Failure } from '../protocol/failure';
import {
  LIST_KINDS,
  type ConnectedServer,
  type ListItems,
  type Listing,
  type ListKind,
} from '../protocol/model';
import type { ToolRules } from '../policy/serverEntry';
import { isToolOffered } from '../policy/toolRules';

/** `hidden` counts tools that the entry's rules leave out. */
interface ReadyState<K extends ListKind> {
  readonly kind: 'ready';
  readonly listing: Listing<K>;
  readonly hidden: number;
}

/** How a list that was read stands. */
type ReadState<K extends ListKind> =
  | ReadyState<K>
  /** The last good list stays, marked as stale (T071). */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly last?: Listing<K> };

/** How a list stands. */
export type ListState<K extends ListKind = ListKind> =
  /** The server does not offer this. */
  | { readonly kind: 'absent' }
  /** What was `before` counts, and is shown, until it is known to be another: most lists that are read again are what they were. */
  | { readonly kind: 'loading'; readonly before?: ReadState<K> }
  | ReadState<K>;

/** The state that counts while a list is read again. */
function shownState<K extends ListKind>(state: ListState<K>): ListState<K> {
  return (state.kind === 'loading' ? state.before : undefined) ?? state;
}

/** Milliseconds between two reads of one list (T054). */
const RELIST_MS = 500;

/** Reads one list. */
interface ReadOptions {
  /** The server is asked whatever it said before. */
  readonly fresh: boolean;
  /** The list that is here. */
  readonly last: Listing | undefined;
}

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
type GoodStates = { [K in ListKind]?: ReadyState<K> };

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
  /** The lists as they were last read. */
  private readonly good: GoodStates = {};
  private readonly busy = new Map<ListKind, Turn>();

  /**
   * @param load reads one list from the client; undefined when it is the one that is here.
   * @param onChange called for each list that was read, and before the first time; `isSame` when nothing of it is another.
   */
  constructor(
    private readonly server: ConnectedServer,
    private readonly rules: ToolRules,
    private readonly clock: Clock,
    private readonly load: (
      kind: ListKind,
      signal: AbortSignal,
      options: ReadOptions,
    ) => Promise<Listing | undefined>,
    private readonly onChange: (kind: ListKind, isSame: boolean) => void,
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
    const state = shownState<K>(this.states[kind]);
    switch (state.kind) {
      case 'absent':
      case 'loading':
        return [];
      case 'ready':
        return state.listing.items;
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

  /**
   * Somebody looks at a list: the client reads it again where it may not be used any longer, which is known only in the stateless era (CACHE4).
   * A server of the stateful era tells of changes instead.
   */
  want(kind: ListKind): void {
    if (this.server.negotiated.era === 'modern' && !this.busy.has(kind)) void this.refresh(kind);
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
    const shown = shownState(this.states[kind]);
    const before = shown.kind === 'ready' || shown.kind === 'failed' ? shown : undefined;
    this.put(kind, { kind: 'loading', ...(before ? { before } : {}) });
    if (!before) this.onChange(kind, false);
    const state = await this.readState(kind, fresh);
    if (this.isOver()) return;
    const isSame = before !== undefined && isSameState(before, state);
    this.put(kind, isSame ? before : state);
    this.onChange(kind, isSame);
  }

  private async readState(kind: ListKind, fresh: boolean): Promise<ReadState<ListKind>> {
    const good: ReadyState<ListKind> | undefined = this.good[kind];
    const last = good?.listing;
    try {
      const listing = await this.load(kind, this.abort.signal, { fresh, last });
      if (!listing && good) return good;
      if (!listing) throw new FailureError({ code: 'internal', detail: 'no list was known' });
      const failure = listing.cut?.failure;
      // What broke off does not take the place of what was read to its end (T102).
      if (failure && last && !last.cut) return { kind: 'failed', failure, last };
      const ready = this.applyRules(kind, listing);
      (this.good as Record<ListKind, ReadyState<ListKind>>)[kind] = ready;
      return ready;
    } catch (error) {
      return { kind: 'failed', failure: toFailure(error), ...(last ? { last } : {}) };
    }
  }

  private applyRules<K extends ListKind>(kind: K, listing: Listing<K>): ReadyState<K> {
    if (kind !== 'tools') return { kind: 'ready', listing, hidden: 0 };
    const items = listing.items.filter((item) =>
      isToolOffered((item as ListItems['tools']).name, this.rules),
    );
    return { kind: 'ready', listing: { ...listing, items }, hidden: listing.items.length - items.length };
  }

  private put<K extends ListKind>(kind: K, state: ListState<K>): void {
    (this.states as Record<K, ListState<K>>)[kind] = state;
  }
}

/** A list that was read again and is the same is not made anew; a failure is. */
function isSameState(before: ReadState<ListKind>, state: ReadState<ListKind>): boolean {
  if (before.kind !== 'failed' || state.kind !== 'failed') return before === state;
  return before.last === state.last && JSON.stringify(before.failure) === JSON.stringify(state.failure);
}
