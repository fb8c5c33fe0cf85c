/** Which documents of ours are open in a tab, whatever editor shows them. */

import * as vscode from 'vscode';

import { SCHEME } from '../../contributions/ids';

/** Addresses of our documents in these tabs; all tabs of the window unless told otherwise. */
export function openUris(tabs: readonly vscode.Tab[] = allTabs()): vscode.Uri[] {
  return tabs.flatMap(({ input }) => urisOf(input)).filter(({ scheme }) => scheme === SCHEME);
}

function allTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
}

function urisOf(input: unknown): vscode.Uri[] {
  if (input instanceof vscode.TabInputTextDiff) return [input.original, input.modified];
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook
  )
    return [input.uri];
  return [];
}
