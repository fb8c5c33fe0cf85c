/**
 * One listing while its pages are read, and how much it may hold: what was read stays in the client's heap while further pages are
 * parsed, and is then copied to the host's thread, which stands still meanwhile.
 */

import { ownString, type JsonObject, type JsonValue } from '../base/json';
import type { Result } from '../base/result';
import { cutText } from '../protocol/cutText';
import type { Failure } from '../protocol/failure';
import type { ClientMethod } from '../protocol/methods';
import type { Listing, ListItems, ListKind, RejectedItem } from '../protocol/model';

/** Entries of one listing, good or bad (T102). */
const MAX_ITEMS = 5_000;
/** Characters of one listing: about 15 ms to copy. */
const MAX_CHARS = 8_388_608;
/** What an object or array counts beside its texts: 40,000 of them are about 25 ms to copy. */
const CONTAINER_CHARS = 200;
/** Characters of a rejected entry's name that are kept. */
const MAX_NAME = 200;

/** How the entries of one list are read. */
interface ItemReader<K extends ListKind> {
  readonly read: (raw: JsonValue) => Result<ListItems[K], string>;
  /** What must be unique. */
  readonly identity: (item: ListItems[K]) => string;
}

/** How a list is asked for and read. */
export interface ListSource<K extends ListKind> extends ItemReader<K> {
  readonly method: ClientMethod;
  /** The property of the result that holds the items. */
  readonly property: string;
}

export class ListDraft<K extends ListKind> {
  private readonly items: ListItems[K][] = [];
  private readonly rejected: RejectedItem[] = [];
  private readonly known = new Set<string>();
  private readonly cursors = new Set<string>();
  private left = MAX_CHARS;

  constructor(
    private readonly kind: K,
    private readonly reader: ItemReader<K>,
  ) {}

  /** Adds the entries of one page. @returns why the list ends here, if it does. */
  addPage(entries: readonly JsonValue[]): string | undefined {
    for (const entry of entries) {
      const index = this.items.length + this.rejected.length;
      if (index >= MAX_ITEMS) return `more than ${MAX_ITEMS} entries`;
      const read = this.reader.read(entry);
      if (!read.ok) this.reject(entry, index, read.error);
      else if (this.known.has(this.reader.identity(read.value))) this.reject(entry, index, 'is listed twice');
      else if (this.take(read.value)) {
        this.known.add(this.reader.identity(read.value));
        this.items.push(read.value);
      }
      if (this.left < 0) return OVER_BUDGET;
    }
    return undefined;
  }

  /** True when every entry is one that is in the list already. */
  holdsAll(entries: readonly JsonValue[]): boolean {
    return entries.every((entry) => {
      const read = this.reader.read(entry);
      return read.ok && this.known.has(this.reader.identity(read.value));
    });
  }

  /** Adds the cursor that leads to the next page. @returns why the list ends here, if it does. */
  addCursor(cursor: string): string | undefined {
    if (this.cursors.has(cursor)) return 'the server repeats a cursor';
    this.cursors.add(cursor);
    return this.take(cursor) ? undefined : OVER_BUDGET;
  }

  /** The listing as it is. @param reason why it ends before the server's own end. */
  finish(reason?: string, failure?: Failure): Listing<K> {
    const { kind, items, rejected } = this;
    const cut = reason === undefined ? undefined : { reason, ...(failure ? { failure } : {}) };
    return { kind, items, rejected, ...(cut ? { cut } : {}) };
  }

  private reject(entry: JsonValue, index: number, reason: string): void {
    const name =
      typeof entry === 'object' && entry !== null && !Array.isArray(entry)
        ? ownString(entry as JsonObject, 'name')
        : undefined;
    const item = {
      index,
      reason,
      ...(name === undefined || name === '' ? {} : { name: cutText(name, MAX_NAME) }),
    };
    if (this.take(item)) this.rejected.push(item);
  }

  /** Pays for what is kept, every text in it counted; false when that is not left. */
  private take(value: unknown): boolean {
    this.left -= costOf(value);
    return this.left >= 0;
  }
}

const OVER_BUDGET = `more than fits into ${MAX_CHARS / 1_048_576} MB`;

/** Recurses only as deep as a reader builds. What readers build has no inherited members, so no list of its values is made. */
function costOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let cost = CONTAINER_CHARS;
  if (Array.isArray(value)) for (let at = 0; at < value.length; at += 1) cost += costOf(value[at]);
  else for (const key in value) cost += costOf((value as Readonly<Record<string, unknown>>)[key]);
  return cost;
}
