/**
 * The ledger of sampling: what servers have asked models for, how that ended and what it cost, over time. It decides nothing, and limits
 * do not depend on it: it can be cleared.
 */

import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { nextMidnight } from '../base/localTime';
import type { EntryScope } from '../policy/serverEntry';
import { placeName, placeOf } from './places';
import type { HostPorts, WorkspacePort } from './ports';
import { SamplingRecord, type EndedRequest } from './samplingRecord';
import type { UsageSeries } from './usage';
import type { UsageBook } from './usageBook';
import { UsagePages } from './usagePages';
import { dailyUsage, serverUsage, summarizeUsage } from './usageSummary';
import type { DailyUsage, ServerUsage, UsagePeriod, UsageSummary } from './usageSummary';

/** Milliseconds between two writes: a server that is refused again and again must not write all the time. */
const WRITE_EVERY_MS = 2_000;
/** What other windows have counted may be this old, in milliseconds. */
const OTHERS_AGE_MS = 2_000;
/** Characters of a name. */
const MAX_NAME = 200;

type LedgerPorts = Pick<HostPorts, 'clock' | 'decisions' | 'machine' | 'workspace'>;

/** A server, as far as a ledger knows it. */
interface LedgerServer {
  readonly serverId: string;
  readonly serverName: string;
}

/** Counts of the server are other ones; of any server when none is named. */
export interface UsageChange {
  readonly kind: 'usage';
  readonly serverId?: string;
}

export class SamplingLedger implements Disposable {
  private readonly changed = new Emitter<UsageChange>();
  private readonly clock: Clock;
  private readonly workspace: WorkspacePort;
  private readonly pages: UsagePages;
  private others: { readonly book: UsageBook; readonly readAt: number } | undefined;
  private writing: Disposable | undefined;
  /** Until when, on the monotonic clock, the next write waits. */
  private writeFrom = 0;
  private midnight: Disposable | undefined;
  private disposed = false;

  readonly onDidChange = this.changed.event;

  /** @param scopeOf where a server's entry is written; undefined once it is gone */
  constructor(
    private readonly ports: LedgerPorts,
    private readonly scopeOf: (serverId: string) => EntryScope | undefined,
  ) {
    this.clock = ports.clock;
    this.workspace = ports.workspace;
    this.pages = new UsagePages(ports.decisions, () => this.hash(ports.machine.randomToken()));
  }

  /** Begins the record of one request. It counts when it ends, once. */
  begin({ serverId, serverName }: LedgerServer): SamplingRecord {
    const scope = this.scopeOf(serverId);
    const server = {
      serverKey: this.keyOf(serverId),
      serverName: serverName.slice(0, MAX_NAME),
      where: scope ? placeName(this.workspace, scope).slice(0, MAX_NAME) : '',
    };
    return new SamplingRecord((ended) => this.count(serverId, server, ended));
  }

  /** What one server has used lately. @param serverId as it is set up in this window */
  of(serverId: string): ServerUsage {
    return serverUsage(this.books(), this.keyOf(serverId), this.clock.wall());
  }

  /** What all servers have used in a period that ends now. */
  summary(period: UsagePeriod): UsageSummary {
    return summarizeUsage(this.books(), period, this.clock.wall());
  }

  /** All days that are kept, the oldest first. */
  days(): readonly DailyUsage[] {
    return dailyUsage(this.books());
  }

  /** Forgets all counts, those of other windows, too. Rejects when they cannot be stored. */
  async clear(): Promise<void> {
    this.stopTimers();
    this.others = undefined;
    const written = this.pages.clear(this.clock.wall());
    this.changed.fire({ kind: 'usage' });
    await written;
  }

  /** Keeps what was counted, now. Never rejects: counts that cannot be stored last as long as the window. */
  async flush(): Promise<void> {
    if (!this.writing) return;
    this.writing.dispose();
    this.writing = undefined;
    this.others = undefined;
    this.writeFrom = this.clock.monotonic() + WRITE_EVERY_MS;
    await this.pages.write(this.clock.wall()).catch(() => undefined);
  }

  dispose(): void {
    this.disposed = true;
    void this.flush();
    this.stopTimers();
    this.changed.dispose();
  }

  private count(
    serverId: string,
    server: Pick<UsageSeries, 'serverKey' | 'serverName' | 'where'>,
    { model, counts }: EndedRequest,
  ): void {
    if (this.disposed) return;
    const modelName = model?.name.slice(0, MAX_NAME) ?? '';
    const modelVendor = model?.vendor.slice(0, MAX_NAME) ?? '';
    const now = this.clock.wall();
    this.pages.add(now, { ...server, modelName, modelVendor }, counts);
    // At once where it may: a window that is reloaded ends without being asked.
    const wait = Math.max(0, this.writeFrom - this.clock.monotonic());
    this.writing ??= this.clock.schedule(wait, () => void this.flush());
    this.midnight ??= this.clock.schedule(nextMidnight(now) - now, () => {
      this.midnight = undefined;
      // What was of today is of yesterday now.
      this.changed.fire({ kind: 'usage' });
    });
    this.changed.fire({ kind: 'usage', serverId });
  }

  private books(): readonly UsageBook[] {
    const now = this.clock.monotonic();
    if (!this.others || now - this.others.readAt >= OTHERS_AGE_MS)
      this.others = { book: this.pages.others(), readAt: now };
    return [this.others.book, this.pages.own];
  }

  /** Servers of one id in different workspaces are different ones. Hashed, so that no path is kept. */
  private keyOf(serverId: string): string {
    const scope = this.scopeOf(serverId);
    return this.hash(JSON.stringify([serverId, scope ? placeOf(this.workspace, scope) : '']));
  }

  private hash(text: string): string {
    return this.ports.machine.sha256(text).slice(0, 16);
  }

  private stopTimers(): void {
    this.writing?.dispose();
    this.writing = undefined;
    this.midnight?.dispose();
    this.midnight = undefined;
  }
}
