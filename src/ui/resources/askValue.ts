/** Asks for one text with completion from the server: what it suggests is listed as the person types, and anything else may be typed. */

import * as vscode from 'vscode';

import { systemClock } from '../../base/clock';
import type { CompletionResult } from '../../protocol/content';
import { safeText } from '../../policy/safeText';
import type { StepFrame, StepOutcome } from '../calls/steps';
import { Suggestions } from './suggestions';

interface ValueQuestion {
  /** Safe text. */
  readonly placeholder: string;
  readonly value: string;
  readonly allowEmpty: boolean;
  /** Asks the server; a failure means that it suggests nothing. */
  readonly complete: (text: string, signal: AbortSignal) => Promise<CompletionResult>;
}

interface ValueItem extends vscode.QuickPickItem {
  readonly text: string;
}

/** Asks for a text. An empty one is an answer where that is allowed. */
export async function askValue(frame: StepFrame, question: ValueQuestion): Promise<StepOutcome<string>> {
  const pick = vscode.window.createQuickPick<ValueItem>();
  const disposables: vscode.Disposable[] = [pick];
  const update = (): void => {
    pick.items = itemsFor(pick.value, suggestions.latest, question.allowEmpty);
  };
  const suggestions = new Suggestions(systemClock, question.complete, () => {
    pick.busy = suggestions.isAsking;
    update();
  });
  try {
    return await new Promise((resolve) => {
      pick.title = frame.title;
      pick.step = frame.step;
      pick.totalSteps = frame.totalSteps;
      pick.placeholder = question.placeholder;
      pick.ignoreFocusOut = true;
      pick.buttons = frame.canGoBack ? [vscode.QuickInputButtons.Back] : [];
      pick.value = question.value;
      disposables.push(
        pick.onDidChangeValue((text) => {
          update();
          suggestions.typed(text);
        }),
        pick.onDidAccept(() => {
          const [item] = pick.selectedItems;
          const text = item?.text ?? pick.value;
          if (text !== '' || question.allowEmpty) resolve({ kind: 'value', value: text });
        }),
        pick.onDidTriggerButton(() => resolve({ kind: 'back', typed: pick.value })),
        pick.onDidHide(() => resolve({ kind: 'cancel', typed: pick.value })),
      );
      update();
      suggestions.askNow(pick.value);
      pick.show();
    });
  } finally {
    suggestions.dispose();
    disposables.forEach((each) => void each.dispose());
  }
}

/** What was typed comes first, then what the server suggests. */
function itemsFor(typed: string, { values, hasMore }: CompletionResult, allowEmpty: boolean): ValueItem[] {
  const items: ValueItem[] = [];
  if (typed !== '' && !values.includes(typed))
    items.push({
      label: safeText(typed, 100),
      description: vscode.l10n.t('as typed'),
      text: typed,
      alwaysShow: true,
    });
  if (typed === '' && allowEmpty)
    items.push({
      label: vscode.l10n.t('Leave empty'),
      text: '',
      alwaysShow: true,
      iconPath: new vscode.ThemeIcon('circle-slash'),
    });
  // An exact match is what Enter should take.
  const sorted = values.includes(typed) ? [typed, ...values.filter((value) => value !== typed)] : values;
  const listed = sorted.map((value) => ({ label: safeText(value, 100), text: value, alwaysShow: true }));
  if (listed.length > 0)
    items.push({
      label: vscode.l10n.t('suggested by the server'),
      kind: vscode.QuickPickItemKind.Separator,
      text: '',
    });
  items.push(...listed);
  if (hasMore)
    items.push({
      label: vscode.l10n.t('More match: type to narrow down'),
      kind: vscode.QuickPickItemKind.Separator,
      text: '',
    });
  return items;
}
