/** Cancelling a request, where an event target for each would cost more than what it guards. */

/** What a request needs of an `AbortSignal`; every `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

const NONE: readonly (() => void)[] = [];

/** The signal of one request together with what aborts it. Listeners are called once, in order, and must not throw. */
export class Cancellation implements CancelSignal {
  private listeners: readonly (() => void)[] = NONE;
  private isAborted = false;

  get aborted(): boolean {
    return this.isAborted;
  }

  /** Nobody says why a request over the link is cancelled. */
  get reason(): undefined {
    return undefined;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.isAborted)
      this.listeners = this.listeners.length === 0 ? [listener] : [...this.listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (this.listeners.length === 1 && this.listeners[0] === listener) this.listeners = NONE;
    else this.listeners = this.listeners.filter((each) => each !== listener);
  }

  abort(): void {
    if (this.isAborted) return;
    this.isAborted = true;
    const { listeners } = this;
    this.listeners = NONE;
    for (const listener of listeners) listener();
  }
}

/** The signal as an `AbortSignal`, which the platform's own functions need. */
export function abortSignalOf(signal: CancelSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal;
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  else signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller.signal;
}
