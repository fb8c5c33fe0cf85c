/** A panel of the stand-in for the editor (`vscode.ts`), with a page that a test plays. */

import { EventEmitter, type Uri } from './editorValues';

export class WebviewPanel {
  isOpen = true;
  visible = true;
  active = true;
  /** How often it was brought to the front. */
  revealed = 0;
  iconPath: unknown;
  /** What the page was told. */
  readonly told: unknown[] = [];
  private readonly said = new EventEmitter<unknown>();
  private readonly state = new EventEmitter<undefined>();
  private readonly gone = new EventEmitter<undefined>();

  readonly onDidChangeViewState = this.state.event;
  readonly onDidDispose = this.gone.event;
  readonly webview = {
    html: '',
    cspSource: 'https://own.example',
    asWebviewUri: (uri: Uri): Uri => uri,
    onDidReceiveMessage: this.said.event,
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
    this.said.fire(what);
  }

  /** Another editor comes in front of it, or goes. */
  turn(visible: boolean): void {
    this.visible = visible;
    this.active = visible;
    this.state.fire(undefined);
  }

  reveal(): void {
    this.revealed += 1;
    this.turn(true);
  }

  /** Closed, by us or by the person. */
  dispose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.visible = false;
    this.active = false;
    this.gone.fire(undefined);
  }
}
