/**
 * Where the counts of all windows lie together. A window only ever writes a page of its own, all of it each time, so that two windows that
 * write at once do not lose each other's counts: what one overwrites, the other writes again. Pages that nobody has written for an hour are
 * added to the archive, and whoever still had one of them begins another.
 */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import type { StatePort } from './ports';
import type { UsageCounts, UsageSeries } from './usage';
import { UsageBook, type BookLimits } from './usageBook';
import { readBook, storedBook } from './usageStorage';

/** Ends with the version of the record: what another version wrote is not read, and not overwritten either. */
const KEY = 'samplingUsage/1';
/** Of the archive, and of one page. Days have room for all that is kept by age, of one series at least. */
const ARCHIVE: BookLimits = { series: 24, days: 4_000, hours: 1_000 };
const PAGE: BookLimits = { series: 12, days: 500, hours: 300 };
/** Milliseconds after which a page is old. */
const OLD_MS = 3_600_000;
/** Pages of other windows; the oldest are added to the archive beyond that. */
const MAX_PAGES = 20;
/** Names of pages that the archive holds, so that none is counted twice. */
const MAX_ARCHIVED = 200;

interface Page {
  /** When it was last written: milliseconds since the Unix epoch. */
  readonly at: number;
  readonly book: UsageBook;
}

/** What is stored. */
interface Pages {
  /** When the person last cleared everything: milliseconds since the Unix epoch. */
  readonly clearedAt: number;
  readonly archive: UsageBook;
  /** Names of the pages in it, oldest first. */
  readonly archived: readonly string[];
  readonly pages: ReadonlyMap<string, Page>;
}

export class UsagePages {
  /** What this window has counted since its page began. */
  private mine = new UsageBook();
  /** That of it which no other window can have seen yet. */
  private unwritten = new UsageBook();
  /** That of the page; none before it is first written. */
  private name: string | undefined;
  private clearedAt: number;

  /** @param makeName makes a name that no other window has */
  constructor(
    private readonly state: StatePort,
    private readonly makeName: () => string,
  ) {
    this.clearedAt = this.read().clearedAt;
  }

  /** The book of this window, which goes on changing. */
  get own(): UsageBook {
    return this.mine;
  }

  /** Counts something; {@link write} keeps it. */
  add(at: number, series: UsageSeries, counts: UsageCounts): void {
    this.mine.add(at, series, counts);
    this.unwritten.add(at, series, counts);
  }

  /** What is stored of all others. What they did to the page of this window is taken over, so {@link own} may be another book after it. */
  others(): UsageBook {
    const stored = this.read();
    this.follow(stored);
    const { archive, pages, archived, clearedAt } = stored;
    const book = new UsageBook();
    if (clearedAt < this.clearedAt) return book;
    book.addAll(archive);
    for (const [name, page] of pages)
      if (name !== this.name && !archived.includes(name)) book.addAll(page.book);
    return book;
  }

  /** Keeps what this window has counted. @param now wall time in milliseconds */
  async write(now: number): Promise<void> {
    const stored = this.read();
    this.follow(stored);
    this.mine.trim(now, PAGE);
    this.unwritten = new UsageBook();
    this.name ??= this.makeName();
    await this.state.set(KEY, this.next(stored, now, this.name));
  }

  /** Forgets what all windows have counted. @param now wall time in milliseconds */
  async clear(now: number): Promise<void> {
    this.startOver(Math.max(now, this.read().clearedAt + 1, this.clearedAt + 1));
    await this.write(now);
  }

  /** Takes over what others did to the page of this window. */
  private follow({ clearedAt, archived }: Pages): void {
    if (clearedAt > this.clearedAt) this.startOver(clearedAt);
    else if (clearedAt === this.clearedAt && this.name !== undefined && archived.includes(this.name)) {
      this.name = undefined;
      this.mine = this.unwritten;
      this.unwritten = new UsageBook();
    }
  }

  private startOver(clearedAt: number): void {
    this.clearedAt = clearedAt;
    this.name = undefined;
    this.mine = new UsageBook();
    this.unwritten = new UsageBook();
  }

  private next(stored: Pages, now: number, own: string): JsonObject {
    const isCurrent = stored.clearedAt === this.clearedAt;
    const archive = isCurrent ? stored.archive : new UsageBook();
    const known = new Set(isCurrent ? stored.archived : []);
    const others = (isCurrent ? [...stored.pages] : [])
      .filter(([name]) => name !== own && !known.has(name))
      .sort(([, a], [, b]) => b.at - a.at);
    const pages = new Map<string, Page>([[own, { at: now, book: this.mine }]]);
    for (const [name, page] of others) {
      // One from the future is of a clock that was set back, and would never grow old.
      if (Math.abs(now - page.at) < OLD_MS && pages.size <= MAX_PAGES) pages.set(name, page);
      else {
        archive.addAll(page.book);
        known.add(name);
      }
    }
    archive.trim(now, ARCHIVE);
    return {
      clearedAt: this.clearedAt,
      archive: storedBook(archive),
      archived: [...known].slice(-MAX_ARCHIVED),
      pages: Object.fromEntries(
        [...pages].map(([name, { at, book }]) => [name, { at, book: storedBook(book) }]),
      ),
    };
  }

  private read(): Pages {
    const stored = this.state.get(KEY);
    const value: JsonObject = isObject(stored) ? stored : {};
    const archived = own(value, 'archived');
    const pages = own(value, 'pages');
    const clearedAt = own(value, 'clearedAt');
    return {
      clearedAt:
        typeof clearedAt === 'number' && Number.isSafeInteger(clearedAt) ? Math.max(0, clearedAt) : 0,
      archive: readBook(own(value, 'archive')),
      archived: Array.isArray(archived)
        ? (archived as readonly JsonValue[]).filter((name) => typeof name === 'string')
        : [],
      pages: new Map(
        Object.entries(isObject(pages) ? pages : {}).flatMap(([name, page]) => readPage(name, page) ?? []),
      ),
    };
  }
}

function readPage(name: string, stored: JsonValue | undefined): [[string, Page]] | undefined {
  if (!isObject(stored)) return undefined;
  const at = own(stored, 'at');
  return [[name, { at: typeof at === 'number' ? at : 0, book: readBook(own(stored, 'book')) }]];
}
