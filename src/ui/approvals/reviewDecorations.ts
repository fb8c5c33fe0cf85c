/** Gives the lines of a review their look. What a line is comes from the review, never from its text, so no text can dress up. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { SCHEME } from '../../contributions/ids';
import type { Review, ReviewLine } from '../../presentation/reviewLines';

type Look = 'title' | 'heading' | 'label' | 'note' | 'warning' | 'bar' | 'marker';

const color = (id: string): vscode.ThemeColor => new vscode.ThemeColor(id);

const LOOKS: Readonly<Record<Look, vscode.DecorationRenderOptions>> = {
  title: { fontWeight: 'bold' },
  heading: {
    fontWeight: 'bold',
    isWholeLine: true,
    backgroundColor: color('editor.lineHighlightBackground'),
    borderColor: color('editorIndentGuide.background1'),
    borderStyle: 'solid',
    borderWidth: '1px 0 0 0',
  },
  label: { color: color('descriptionForeground') },
  note: { color: color('descriptionForeground'), fontStyle: 'italic' },
  warning: { color: color('editorWarning.foreground'), fontWeight: 'bold' },
  bar: { color: color('textLink.foreground') },
  marker: {
    color: color('editorWarning.foreground'),
    borderColor: color('editorWarning.foreground'),
    borderStyle: 'dotted',
    borderWidth: '1px',
  },
};

/** More than this are not marked; the markers themselves are text and always there. */
const MAX_MARKERS = 5_000;

export class ReviewDecorations implements vscode.Disposable {
  private readonly store = new DisposableStore();
  private readonly types = new Map<Look, vscode.TextEditorDecorationType>();

  /** @param reviewOf the review a document shows, if it is one. */
  constructor(private readonly reviewOf: (uri: vscode.Uri) => Review | undefined) {
    for (const look of Object.keys(LOOKS) as Look[])
      this.types.set(look, this.store.add(vscode.window.createTextEditorDecorationType(LOOKS[look])));
    this.store.add(vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()));
    this.store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === SCHEME) this.refresh();
      }),
    );
  }

  /** Decorates every review that is visible. */
  refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const review = this.reviewOf(editor.document.uri);
      if (!review) continue;
      const ranges = rangesOf(review.lines);
      for (const [look, type] of this.types) editor.setDecorations(type, ranges.get(look) ?? []);
    }
  }

  dispose(): void {
    this.store.dispose();
  }
}

function rangesOf(lines: readonly ReviewLine[]): ReadonlyMap<Look, vscode.Range[]> {
  const ranges = new Map<Look, vscode.Range[]>();
  const add = (look: Look, line: number, start: number, end: number): void => {
    const found = ranges.get(look) ?? [];
    found.push(new vscode.Range(line, start, line, end));
    ranges.set(look, found);
  };
  let markers = 0;
  lines.forEach(({ kind, text, label = 0 }, index) => {
    if (kind === 'title' || kind === 'heading' || kind === 'note' || kind === 'warning')
      add(kind, index, 0, text.length);
    if (kind === 'fact' && label > 0) add('label', index, 0, label);
    if (kind !== 'theirs' && kind !== 'image') return;
    add('bar', index, 0, 1);
    for (const { index: start, 0: marker } of text.matchAll(/⟨[^⟩]{1,40}⟩/gu)) {
      if (markers++ >= MAX_MARKERS) break;
      add('marker', index, start, start + marker.length);
    }
  });
  return ranges;
}
