/** A webview panel of the editor as tests of `ui/` without one need it, and the events that everything there has. */

type Listener<T> = (value: T) => void;

/** As in the editor. */
export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): { dispose(): void } => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

/** A webview panel; the test is its page. */
export class WebviewPanel {
  isOpen = true;
  active = true;
  /** How often it was brought to the front. */
  revealed = 0;
  iconPath: unknown;
  /** What the page was told. */
  readonly told: unknown[] = [];
  private readonly messages = new EventEmitter<unknown>();
  private readonly closed = new EventEmitter<void>();

  readonly onDidDispose = this.closed.event;
  readonly webview = {
    html: '',
    cspSource: 'webview:',
    asWebviewUri: <T>(uri: T): T => uri,
    onDidReceiveMessage: this.messages.event,
    postMessage: (told: unknown): Promise<boolean> => {
      this.told.push(structuredClone(told));
      return Promise.resolve(true);
    },
  };

  constructor(
    readonly viewType: string,
    readonly title: string,
    readonly options: unknown,
  ) {}

  /** The page says something. */
  say(what: unknown): void {
    this.messages.fire(what);
  }

  reveal(): void {
    this.revealed += 1;
  }

  /** Closed, by us or by the person. */
  dispose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.active = false;
    this.closed.fire();
  }
}
