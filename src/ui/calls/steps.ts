/** Steps of a guided input: one question at a time, with Back, extra buttons, and checks that may take a moment. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import type { Result } from '../../base/result';
import { safeText } from '../../policy/safeText';

/** An extra button in the title bar of a step. */
export interface StepButton {
  readonly id: string;
  readonly icon: string;
  readonly tooltip: string;
}

/** What all steps have in common. `title` must be safe. */
export interface StepFrame {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack: boolean;
  readonly buttons?: readonly StepButton[];
  /** Closes the step, as if the person had left it, when it aborts: what it asks about is over. */
  readonly until?: AbortSignal;
}

/** How a step ended. `typed` is what stood in the input, so that nothing a person wrote is lost. */
export type StepOutcome<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'back' | 'cancel'; readonly typed?: string }
  | { readonly kind: 'button'; readonly id: string; readonly typed?: string };

/** One entry to pick. Texts must be safe. A separator has no value. */
export interface PickItem<T> extends vscode.QuickPickItem {
  readonly value?: T;
}

interface PickOptions<T> {
  readonly placeholder: string;
  readonly items: readonly PickItem<T>[];
  readonly active?: PickItem<T> | undefined;
  /** A button on an entry was clicked. */
  readonly onItemButton?: (item: PickItem<T>) => T | undefined;
  readonly ignoreFocusOut?: boolean;
}

/** Asks for one of several entries. */
export async function askPick<T>(frame: StepFrame, options: PickOptions<T>): Promise<StepOutcome<T>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  return await runStep<T>(pick, frame, (store, finish) => {
    setUpPick(pick, options);
    store.add(
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.value !== undefined) finish({ kind: 'value', value: item.value });
      }),
    );
    store.add(
      pick.onDidTriggerItemButton(({ item }) => {
        const value = options.onItemButton?.(item);
        if (value !== undefined) finish({ kind: 'value', value });
      }),
    );
  });
}

/** Asks for any number of entries. */
export async function askPickMany<T>(
  frame: StepFrame,
  options: PickOptions<T> & { readonly selected: readonly PickItem<T>[] },
): Promise<StepOutcome<readonly T[]>> {
  const pick = vscode.window.createQuickPick<PickItem<T>>();
  return await runStep<readonly T[]>(pick, frame, (store, finish) => {
    pick.canSelectMany = true;
    setUpPick(pick, options);
    pick.selectedItems = options.selected;
    store.add(
      pick.onDidAccept(() => {
        const values = pick.selectedItems.flatMap(({ value }) => (value === undefined ? [] : [value]));
        finish({ kind: 'value', value: values });
      }),
    );
  });
}

interface InputOptions<T> {
  /** Safe text under the input. */
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value: string;
  /** Reads the text; the error keeps the step open. */
  readonly read: (text: string) => Result<T, string>;
  /** A doubt about a readable value. The person may keep the value by pressing Enter once more. */
  readonly check?: (value: T) => Promise<string | undefined>;
}

/** Milliseconds without typing before a check starts. */
const CHECK_DELAY = 250;

/** Asks for a text. */
export async function askInput<T>(frame: StepFrame, options: InputOptions<T>): Promise<StepOutcome<T>> {
  const input = vscode.window.createInputBox();
  return await runStep<T>(input, frame, (store, finish) => {
    input.prompt = options.prompt;
    input.value = options.value;
    if (options.placeholder !== undefined) input.placeholder = options.placeholder;
    let round = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let doubted: string | undefined;
    store.add({ dispose: () => clearTimeout(timer) });
    const showError = (message: string): void => say(input, 'Error', safeText(message));
    const checkLater = (text: string, value: T): void => {
      const mine = ++round;
      timer = setTimeout(() => {
        void options.check?.(value).then((doubt) => {
          if (mine !== round || store.isDisposed || input.value !== text || doubt === undefined) return;
          say(input, 'Warning', safeText(doubt));
        });
      }, CHECK_DELAY);
    };
    store.add(
      input.onDidChangeValue((text) => {
        clearTimeout(timer);
        round += 1;
        doubted = undefined;
        input.validationMessage = undefined;
        const read = options.read(text);
        // A text that has just begun is not wrong yet.
        if (read.ok) checkLater(text, read.value);
        else if (text !== '') showError(read.error);
      }),
    );
    const accept = async (): Promise<void> => {
      const text = input.value;
      const read = options.read(text);
      if (!read.ok) return showError(read.error);
      clearTimeout(timer);
      const mine = ++round;
      if (doubted !== text && options.check) {
        input.busy = true;
        const doubt = await options.check(read.value);
        input.busy = false;
        if (mine !== round || store.isDisposed) return;
        if (doubt !== undefined) {
          doubted = text;
          const anyway = vscode.l10n.t('{0} Press Enter again to use it anyway.', safeText(doubt));
          return say(input, 'Warning', anyway);
        }
      }
      finish({ kind: 'value', value: read.value });
    };
    store.add(input.onDidAccept(() => void accept()));
  });
}

/** Says something below the input. @param message safe to show */
function say(
  input: vscode.InputBox,
  severity: keyof typeof vscode.InputBoxValidationSeverity,
  message: string,
): void {
  input.validationMessage = { message, severity: vscode.InputBoxValidationSeverity[severity] };
}

function setUpPick<T>(pick: vscode.QuickPick<PickItem<T>>, options: PickOptions<T>): void {
  pick.items = options.items;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  if (options.ignoreFocusOut === false) pick.ignoreFocusOut = false;
  if (options.active) pick.activeItems = [options.active];
}

/** Shows a step and waits for its end; whatever the step registered is released then. */
async function runStep<R>(
  input: vscode.QuickInput & {
    buttons: readonly vscode.QuickInputButton[];
    readonly onDidTriggerButton: vscode.Event<vscode.QuickInputButton>;
    value: string;
  },
  frame: StepFrame,
  setUp: (store: DisposableStore, finish: (outcome: StepOutcome<R>) => void) => void,
): Promise<StepOutcome<R>> {
  const store = new DisposableStore();
  const { until } = frame;
  try {
    return await new Promise((resolve) => {
      const leave = (): void => resolve({ kind: 'cancel', typed: input.value });
      if (until?.aborted) return leave();
      until?.addEventListener('abort', leave, { once: true });
      store.add({ dispose: () => until?.removeEventListener('abort', leave) });
      const extra = (frame.buttons ?? []).map(({ icon, tooltip }) => ({
        iconPath: new vscode.ThemeIcon(icon),
        tooltip,
      }));
      input.title = frame.title;
      input.step = frame.step;
      input.totalSteps = frame.totalSteps;
      input.ignoreFocusOut = true;
      input.buttons = [...(frame.canGoBack ? [vscode.QuickInputButtons.Back] : []), ...extra];
      setUp(store, resolve);
      store.add(
        input.onDidTriggerButton((button) => {
          const typed = input.value;
          const id = frame.buttons?.[extra.indexOf(button as (typeof extra)[number])]?.id;
          resolve(id === undefined ? { kind: 'back', typed } : { kind: 'button', id, typed });
        }),
      );
      store.add(input.onDidHide(leave));
      input.show();
    });
  } finally {
    store.dispose();
    input.dispose();
  }
}
