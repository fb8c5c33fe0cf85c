/**
 * The context: what the person has put together from several servers (host duty "aggregate context across clients"). It is theirs: nothing in
 * it goes anywhere by itself, and no server sees another server's part of it. Kept with the workspace, bounded by a budget of tokens.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { estimateTokens } from '../policy/tokenEstimate';
import {
  readItems,
  storedItems,
  type ContextItem,
  type ContextSource,
  type NewContextItem,
} from './contextItems';
import type { MachinePort, SettingsPort, StatePort } from './ports';

const KEY = 'context';
/** However small they are. */
const MAX_ITEMS = 200;

/** What became of an item that was put in. Nothing that was there goes to make room: the person decides what does. */
export type AddOutcome =
  | { readonly kind: 'added' | 'replaced'; readonly item: ContextItem }
  /** `tokens` of it, `left` of the budget. */
  | { readonly kind: 'too-large'; readonly tokens: number; readonly left: number }
  | { readonly kind: 'too-many'; readonly most: number };

/** What the context needs from outside. */
interface ContextPorts {
  readonly memory: StatePort;
  readonly clock: Pick<Clock, 'wall'>;
  readonly machine: Pick<MachinePort, 'sha256'>;
  readonly settings: Pick<SettingsPort, 'contextTokenBudget'>;
}

/** All items, in the person's order. */
export class ContextStore implements Disposable {
  private list: readonly ContextItem[];
  private readonly watched = new Map<string, Disposable>();
  private readonly changed = new Emitter<void>();

  readonly onDidChange = this.changed.event;

  /** @param watch has a server tell of changes of a resource, until the result is disposed */
  constructor(
    private readonly ports: ContextPorts,
    private readonly watch: (serverId: string, uri: string) => Disposable,
  ) {
    this.list = readItems(ports.memory.get(KEY), MAX_ITEMS, this.idOf);
    this.watchAll();
  }

  items(): readonly ContextItem[] {
    return this.list;
  }

  get(id: string): ContextItem | undefined {
    return this.list.find((item) => item.id === id);
  }

  /** Tokens of all items, and how many they may have. An estimate: which model reads them is not known. */
  get size(): { readonly tokens: number; readonly budget: number } {
    return { tokens: total(this.list), budget: this.ports.settings.contextTokenBudget };
  }

  /** Puts an item at the end, or in the place of an older one of the same source. */
  add(given: NewContextItem): AddOutcome {
    const id = this.idOf(given.serverId, given.source);
    const before = this.get(id);
    const tokens = estimateTokens(given.text);
    const left = Math.max(
      0,
      this.ports.settings.contextTokenBudget - total(this.list) + (before?.tokens ?? 0),
    );
    // What only shrinks is taken also when the budget was lowered below what is there.
    if (tokens > left && tokens > (before?.tokens ?? 0)) return { kind: 'too-large', tokens, left };
    if (!before && this.list.length >= MAX_ITEMS) return { kind: 'too-many', most: MAX_ITEMS };
    const item: ContextItem = { ...given, id, tokens, readAt: this.ports.clock.wall(), isStale: false };
    this.set(before ? this.list.map((each) => (each.id === id ? item : each)) : [...this.list, item]);
    return { kind: before ? 'replaced' : 'added', item };
  }

  remove(ids: readonly string[]): void {
    this.set(this.list.filter(({ id }) => !ids.includes(id)));
  }

  /** @returns what was there, so that it can be brought back */
  clear(): readonly ContextItem[] {
    const before = this.list;
    this.set([]);
    return before;
  }

  /** Brings back what {@link clear} gave, where nothing newer of the same source is there by now. */
  restore(items: readonly ContextItem[]): void {
    const missing = items.filter(({ id }) => !this.get(id));
    this.set([...missing, ...this.list].slice(0, MAX_ITEMS));
  }

  /** Moves items, in their order, in front of another one, or to the end. */
  move(ids: readonly string[], before: string | undefined): void {
    const moved = this.list.filter(({ id }) => ids.includes(id));
    const rest = this.list.filter(({ id }) => !ids.includes(id));
    const at = rest.findIndex(({ id }) => id === before);
    this.set(at === -1 ? [...rest, ...moved] : [...rest.slice(0, at), ...moved, ...rest.slice(at)]);
  }

  /** A server tells that a resource has changed: what is here of it is what it was. */
  changedResource(serverId: string, uri: string): void {
    const id = this.idOf(serverId, { kind: 'resource', uri });
    const item = this.get(id);
    if (!item || item.isStale) return;
    this.set(this.list.map((each) => (each.id === id ? { ...each, isStale: true } : each)));
  }

  dispose(): void {
    for (const watch of this.watched.values()) watch.dispose();
    this.watched.clear();
    this.changed.dispose();
  }

  private set(list: readonly ContextItem[]): void {
    this.list = list;
    this.watchAll();
    this.ports.memory.set(KEY, list.length === 0 ? undefined : storedItems(list)).catch(() => undefined); // It is kept for this window.
    this.changed.fire();
  }

  private watchAll(): void {
    const now = new Set(this.list.map(({ id }) => id));
    for (const [id, watch] of this.watched)
      if (!now.has(id)) {
        watch.dispose();
        this.watched.delete(id);
      }
    for (const { id, serverId, source } of this.list)
      if (source.kind === 'resource' && !this.watched.has(id))
        this.watched.set(id, this.watch(serverId, source.uri));
  }

  private readonly idOf = (serverId: string, source: ContextSource): string =>
    this.ports.machine.sha256(
      JSON.stringify(
        source.kind === 'resource'
          ? [serverId, source.kind, source.uri]
          : [serverId, source.kind, source.name, source.given],
      ),
    );
}

function total(items: readonly ContextItem[]): number {
  return items.reduce((sum, { tokens }) => sum + tokens, 0);
}
