/**
 * The little of the editor that tests of `ui/` without one need: what would be on the screen is kept, so that a test can look at it and
 * choose. Bundles of such tests see it as the module `vscode`.
 */

import { EventEmitter, Uri } from './editorValues';
import { WebviewPanel } from './webviewPanel';

export { EventEmitter, Uri };

/** A message with its buttons; `press` is the person's click. */
export interface ShownMessage {
  readonly text: string;
  /** What a dialog says below it. */
  readonly detail?: string;
  readonly buttons: readonly string[];
  press(button: string | undefined): void;
}

type PickSeveral = (items: readonly Item[]) => Promise<readonly Item[] | undefined>;
const pickAll: PickSeveral = (items) => Promise.resolve(items);

/** What would be on the screen. */
export const screen = {
  messages: [] as ShownMessage[],
  inputs: [] as QuickInput[],
  /** Notifications of progress that are shown now. */
  progress: [] as { readonly title: string; cancel(): void }[],
  /** Commands that were run by our own code, with their arguments. */
  ran: [] as (readonly [string, ...unknown[]])[],
  /** Addresses that were opened in the browser. */
  opened: [] as string[],
  /** Whether the browser opens. */
  opens: true,
  /** Webview panels that were opened, in their order. */
  panels: [] as WebviewPanel[],
  /** Documents that were brought to the front. */
  documents: [] as Uri[],
  /** What was put on the clipboard. */
  copied: [] as string[],
  /** What the status bar said. */
  said: [] as string[],
  /** The session of an account that the editor has, or what asking for one fails with. */
  session: undefined as unknown,
  /** How it was asked for. */
  sessionsAsked: [] as (readonly unknown[])[],
  commands: new Map<string, (argument?: unknown) => unknown>(),
  /** What settings say, by their whole name. */
  settings: new Map<string, unknown>(),

  /** What the person picks of several things. */
  pickSeveral: pickAll,

  /** Forgets all of it. */
  clear(): void {
    const { messages, inputs, progress, ran, opened, panels, documents, copied, said, sessionsAsked } = this;
    const lists = [messages, inputs, progress, ran, opened, panels, documents, copied, said, sessionsAsked];
    for (const list of lists) list.length = 0;
    this.session = undefined;
    Object.assign(env, { remoteName: undefined, uiKind: UIKind.Desktop });
    this.commands.clear();
    this.settings.clear();
    this.opens = true;
    this.pickSeveral = pickAll;
    window.tabGroups.activeTabGroup.activeTab = undefined;
  },

  /** Brings a document to the front. */
  lookAt(uri: Uri | undefined): void {
    window.tabGroups.activeTabGroup.activeTab = uri && { input: new TabInputText(uri) };
  },
};

interface Item {
  readonly label: string;
  readonly value?: unknown;
}

/** A quick pick or an input box. */
export class QuickInput {
  isOpen = false;
  title = '';
  value = '';
  items: readonly Item[] = [];
  selectedItems: readonly Item[] = [];
  private readonly hidden = new EventEmitter<void>();
  private readonly accepted = new EventEmitter<void>();
  private readonly triggered = new EventEmitter<unknown>();
  private readonly nothing = new EventEmitter<never>();

  readonly onDidHide = this.hidden.event;
  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerButton = this.triggered.event;
  readonly onDidTriggerItemButton = this.nothing.event;
  readonly onDidChangeValue = this.nothing.event;

  show(): void {
    this.isOpen = true;
    screen.inputs.push(this);
  }

  dispose(): void {
    this.isOpen = false;
  }

  /** The person picks a row, or types a text and presses Enter. */
  accept(what: string): void {
    this.selectedItems = this.items.filter(({ label }) => label === what);
    if (this.items.length === 0) this.value = what;
    this.accepted.fire();
  }

  /** The person presses Back. */
  goBack(): void {
    this.triggered.fire(QuickInputButtons.Back);
  }

  /** The person presses Escape. */
  escape(): void {
    this.hidden.fire();
  }
}

function message(text: string, ...buttons: readonly unknown[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const names = buttons.filter((button) => typeof button === 'string');
    const [options] = buttons as readonly [{ readonly detail?: string } | string | undefined];
    const detail = typeof options === 'object' ? options.detail : undefined;
    screen.messages.push({
      text,
      buttons: names,
      press: resolve,
      ...(detail === undefined ? {} : { detail }),
    });
  });
}

export class TabInputText {
  constructor(readonly uri: Uri) {}
}

export class TabInputCustom {
  constructor(readonly uri: Uri) {}
}

export class CancellationError extends Error {}

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export const workspace = {
  getConfiguration: (section: string) => ({
    get: (key: string): unknown => screen.settings.get(`${section}.${key}`),
  }),
};

export const ViewColumn = { Active: -1, Beside: -2 };

export const window = {
  createQuickPick: () => new QuickInput(),
  createInputBox: () => new QuickInput(),
  showInputBox({ title }: { readonly title: string }): Promise<string | undefined> {
    const input = new QuickInput();
    input.title = title;
    input.show();
    return new Promise((resolve) => {
      input.onDidAccept(() => resolve(input.value));
      input.onDidHide(() => resolve(undefined));
    });
  },
  setStatusBarMessage(text: string): void {
    screen.said.push(text);
  },
  createWebviewPanel(viewType: string, title: string, _column: unknown, options: unknown): WebviewPanel {
    const panel = new WebviewPanel(viewType, title, options);
    screen.panels.push(panel);
    return panel;
  },
  showInformationMessage: message,
  showWarningMessage: message,
  showErrorMessage: message,
  async withProgress<T>(
    { title }: { readonly title: string },
    work: (progress: unknown, token: unknown) => Promise<T>,
  ): Promise<T> {
    const cancelled = new EventEmitter<void>();
    const shown = { title, cancel: () => cancelled.fire() };
    screen.progress.push(shown);
    try {
      return await work(undefined, { onCancellationRequested: cancelled.event });
    } finally {
      screen.progress.splice(screen.progress.indexOf(shown), 1);
    }
  },
  showTextDocument(uri: Uri): Promise<void> {
    screen.documents.push(uri);
    return Promise.resolve();
  },
  /** The person takes the first row. */
  showQuickPick: async (
    given: readonly Item[] | Promise<readonly Item[]>,
    options?: { readonly canPickMany?: boolean },
  ) => {
    const items = await given;
    return options?.canPickMany === true ? await screen.pickSeveral(items) : items[0];
  },
  tabGroups: { activeTabGroup: { activeTab: undefined as { readonly input: unknown } | undefined } },
};

export const commands = {
  registerCommand(id: string, run: (argument?: unknown) => unknown): { dispose(): void } {
    screen.commands.set(id, run);
    return { dispose: () => screen.commands.delete(id) };
  },
  executeCommand(id: string, ...given: readonly unknown[]): Promise<unknown> {
    screen.ran.push([id, ...given]);
    return Promise.resolve(screen.commands.get(id)?.(given[0]));
  },
};

export const languages = {
  registerDocumentLinkProvider: () => ({ dispose: () => undefined }),
};

export const env = {
  appName: 'Editor',
  openExternal(url: unknown): Promise<boolean> {
    screen.opened.push(String(url));
    return Promise.resolve(screen.opens);
  },
  clipboard: {
    writeText(text: string): Promise<void> {
      screen.copied.push(text);
      return Promise.resolve();
    },
  },
  uriScheme: 'editor',
  remoteName: undefined as string | undefined,
  uiKind: 1,
};

export const authentication = {
  getSession(...asked: readonly unknown[]): Promise<unknown> {
    screen.sessionsAsked.push(asked);
    return screen.session instanceof Error ? Promise.reject(screen.session) : Promise.resolve(screen.session);
  },
};

export const l10n = {
  t: (text: string, ...values: readonly unknown[]): string =>
    text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)])),
};

export const UIKind = { Desktop: 1, Web: 2 };
export const ProgressLocation = { Notification: 15 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

export class ThemeColor {
  constructor(readonly id: string) {}
}

export class TreeItem {
  constructor(readonly label: string) {}
}

export class FileDecoration {
  constructor(readonly badge?: string) {}
}

export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const QuickInputButtons = { Back: {} };
export const InputBoxValidationSeverity = { Info: 1, Warning: 2, Error: 3 };

export const Disposable = {
  from: (...all: readonly { dispose(): void }[]): { dispose(): void } => ({
    dispose: () => all.forEach((each) => each.dispose()),
  }),
};
