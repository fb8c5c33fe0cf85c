/** What a client tells its host without being asked, bounded in rate and size: a flood ends here, in the client's own thread. */

import type { Clock } from '../base/clock';
import type { JsonValue } from '../base/json';
import { DisposableStore, type Disposable } from '../base/disposable';
import { TextRate } from '../base/textRate';
import { cutText } from '../protocol/cutText';
import { LIST_KINDS, type ListKind } from '../protocol/model';
import type { Progress } from '../rpc/progressTokens';
import type { ClientEvents } from './contract';
import { Throttle } from './throttle';

/** The emitting half of the link. */
export type Emit = <K extends keyof ClientEvents>(name: K, payload: ClientEvents[K]) => void;

/** Least milliseconds between two reports of the same call, list or resource. */
const PROGRESS_MS = 100;
const LIST_CHANGED_MS = 100;
const UPDATED_MS = 500;
/** Calls and resources that are reported of within these. */
const MAX_CALLS = 1_000;
const MAX_UPDATED_URIS = 1_000;
/** Wire notes and log messages together, per second. */
const NOTES_PER_SECOND = 100;
const MAX_LOG_CHARS = 8_192;
const MAX_LEVEL_CHARS = 32;
const MAX_LOGGER_CHARS = 200;

/** The reports of one client. */
export class Reports implements Disposable {
  private readonly store = new DisposableStore();
  private readonly progressThrottle: Throttle<number, Progress>;
  private readonly listThrottle: Throttle<ListKind, true>;
  private readonly updatedThrottle: Throttle<string, true>;
  private readonly rate: TextRate;
  private window = 0;
  private sent = 0;
  private dropped = 0;

  constructor(
    private readonly clock: Clock,
    private readonly emit: Emit,
  ) {
    this.rate = new TextRate(clock);
    this.progressThrottle = this.store.add(
      new Throttle(clock, PROGRESS_MS, MAX_CALLS, (callId, progress) =>
        emit('progress', { callId, ...progress }),
      ),
    );
    this.listThrottle = this.store.add(
      new Throttle(clock, LIST_CHANGED_MS, LIST_KINDS.length, (kind) => emit('listChanged', { kind })),
    );
    this.updatedThrottle = this.store.add(
      new Throttle(clock, UPDATED_MS, MAX_UPDATED_URIS, (uri) => emit('resourceUpdated', { uri })),
    );
  }

  progress(callId: number, progress: Progress): void {
    this.progressThrottle.push(callId, progress);
  }

  /** Sends a call's last progress before its result. */
  flushProgress(callId: number): void {
    this.progressThrottle.flush(callId);
  }

  listChanged(kind: ListKind): void {
    this.listThrottle.push(kind, true);
  }

  resourceUpdated(uri: string): void {
    this.updatedThrottle.push(uri, true);
  }

  stderr(lines: readonly string[], dropped: number): void {
    this.emit('stderr', { lines, dropped });
  }

  /** Something odd on the wire. `message` is our own text. */
  odd(message: string, excerpt?: string): void {
    if (!this.admit(excerpt ?? '')) return;
    this.emit('wire', { message, ...(excerpt === undefined ? {} : { excerpt }) });
  }

  /** A log message of the server; `data` is any JSON value. */
  log(level: string, logger: string | undefined, data: JsonValue): void {
    if (!this.hasTurn()) return;
    const message = {
      level: cutText(level, MAX_LEVEL_CHARS),
      ...(logger === undefined ? {} : { logger: cutText(logger, MAX_LOGGER_CHARS) }),
      text: cutText(typeof data === 'string' ? data : JSON.stringify(data), MAX_LOG_CHARS),
    };
    if (this.admit(Object.values(message).join(''))) this.emit('logMessage', message);
  }

  dispose(): void {
    this.store.dispose();
  }

  /** True when one more may be told in this second; counts it as left out otherwise. */
  private hasTurn(): boolean {
    const window = Math.floor(this.clock.monotonic() / 1_000);
    if (window !== this.window) {
      if (this.dropped > 0) this.emit('wire', { message: `${this.dropped} more messages were left out.` });
      this.window = window;
      this.sent = 0;
      this.dropped = 0;
    }
    return this.sent < NOTES_PER_SECOND || this.leaveOut();
  }

  private admit(text: string): boolean {
    if (!this.hasTurn()) return false;
    if (!this.rate.admit(text)) return this.leaveOut();
    this.sent++;
    return true;
  }

  private leaveOut(): false {
    this.dropped++;
    return false;
  }
}
