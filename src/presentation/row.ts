/** Rows of trees as plain data: what is shown, in our own words or as safe text. Turning them into the editor's items is the UI's job. */

import type { SafeText } from '../policy/safeText';

/** A codicon and, optionally, a theme color by id. */
export interface RowIcon {
  readonly id: string;
  readonly color?: string;
}

/** One row. */
export interface Row {
  /** Stable over refreshes, so that selection and expansion are kept. */
  readonly id: string;
  readonly label: SafeText;
  readonly description?: SafeText;
  /** Makes lines of plain text; the first is the title. Only what is pointed at is asked for it, because lists are long and texts too. */
  readonly tooltip: () => readonly SafeText[];
  readonly icon: RowIcon;
  /** `viewItem` in `when` clauses. */
  readonly context: string;
  readonly children: 'none' | 'collapsed' | 'expanded';
  /** What a screen reader says; the server's key comes first where a row names one. */
  readonly spoken: SafeText;
  /** Shown greyed. */
  readonly faded?: boolean;
}
