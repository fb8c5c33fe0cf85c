/** What all questions that are put to the person as a list have in common: the frame of their steps, and the kinds of their rows. */

import * as vscode from 'vscode';

import type { PickItem, StepFrame } from '../calls/steps';

/** What every step of one question has: which server asks, and when it is over. */
export type QuestionFrame = Required<Pick<StepFrame, 'title' | 'until'>>;

/** Characters that a row has the room for. */
const COLUMNS = 90;

/** A heading between rows. */
export function separator(label: string): PickItem<never> {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** A row that only tells something. */
export function still(label: string, icon?: string, description?: string): PickItem<never> {
  return {
    label,
    alwaysShow: true,
    ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon) }),
    ...(description === undefined ? {} : { description }),
  };
}

/** A row that answers. */
export function action<T>(icon: string, label: string, value: T, description?: string): PickItem<T> {
  return { ...still(label, icon, description), value };
}

/** The text in pieces that a row has the room for. */
export function piecesOf(text: string): string[] {
  return Array.from({ length: Math.ceil(text.length / COLUMNS) }, (_, index) =>
    text.slice(index * COLUMNS, (index + 1) * COLUMNS),
  );
}
