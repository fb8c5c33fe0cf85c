/** What a client tells its host without being asked, bounded in rate and size: a flood ends here, in the client's own thread. */

import type { Clock } from '../base/clock';
import type { JsonValue } from '../base/json';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { LogRate } from '../base/logRate';
import { cutText } from '../protocol/cutText';
import { LIST_KINDS, type ListKind } from '../protocol/model';
import type { Progress } from '../rpc/progressTokens';
import type { ClientEvents, Unheard } from './contract';
import { PerSecond } from './perSecond';
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
/** Excerpts that are told whatever else the server writes: they say why it is not understood (T044). */
const FIRST_EXCERPTS = 5;
const MAX_LOG_CHARS = 8_192;
/** How soon it is told that some were left out. */
const TELL_MS = 1_000;
const MAX_LEVEL_CHARS = 32;
const MAX_LOGGER_CHARS = 200;

/** The reports of one client. */
export class Reports implements Disposable {
  private readonly store = new DisposableStore();
  private readonly progressThrottle: Throttle<number, Progress>;
  private readonly listThrottle: Throttle<ListKind, true>;
  private readonly updatedThrottle: Throttle<string, true>;
  private readonly notes: PerSecond;
  private excerpts = 0;
  private dropped = 0;
  private timer: Disposable | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly emit: Emit,
    private readonly rate: LogRate,
  ) {
    this.notes = new PerSecond(clock, NOTES_PER_SECOND);
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

  unheard(unheard: Unheard | undefined): void {
    this.emit('unheard', { unheard });
  }

  stderr(lines: readonly string[], dropped: number): void {
    this.emit('stderr', { lines, dropped });
  }

  /** Something odd on the wire. `message` is our own text. */
  odd(message: string, excerpt?: string): void {
    const isFirst = excerpt === undefined || this.excerpts < FIRST_EXCERPTS;
    if (!this.admit(isFirst || this.rate.isOpen)) return;
    if (excerpt !== undefined) {
      this.excerpts++;
      this.rate.take(excerpt);
    }
    this.emit('wire', { message, ...(excerpt === undefined ? {} : { excerpt }) });
  }

  /** A log message of the server; `data` is any JSON value and becomes text only when the message is sent. */
  log(level: string, logger: string | undefined, data: JsonValue): void {
    if (!this.admit(this.rate.isOpen)) return;
    const message = {
      level: cutText(level, MAX_LEVEL_CHARS),
      ...(logger === undefined ? {} : { logger: cutText(logger, MAX_LOGGER_CHARS) }),
      text: marked(typeof data === 'string' ? data : JSON.stringify(data), MAX_LOG_CHARS),
    };
    this.rate.take(Object.values(message).join(''));
    this.emit('logMessage', message);
  }

  dispose(): void {
    this.tellDropped();
    this.store.dispose();
  }

  /** True when one more may be told in this second; what is left out is counted, and told soon. */
  private admit(isOpen: boolean): boolean {
    if (isOpen && this.notes.admit()) {
      this.tellDropped();
      return true;
    }
    this.dropped++;
    this.timer ??= this.clock.schedule(TELL_MS, () => this.tellDropped());
    return false;
  }

  private tellDropped(): void {
    this.timer?.dispose();
    this.timer = undefined;
    const { dropped } = this;
    this.dropped = 0;
    if (dropped > 0) this.emit('wire', { message: `${dropped} more messages were left out.` });
  }
}

/** The beginning of a text that is too long, with a mark that it is one. */
function marked(text: string, max: number): string {
  return text.length > max ? `${cutText(text, max)}…` : text;
}
