/** One line below an entry of the Approvals view. */

import { LABEL_LENGTH, safeText, type SafeText } from '../policy/safeText';
import type { RowIcon } from './row';

/** Its label, and what it says. */
export interface Detail {
  readonly label: SafeText;
  readonly value: SafeText;
  /** More of the value than the row has room for. */
  readonly full?: SafeText;
  readonly icon: RowIcon;
}

/** Longest text in a tooltip, in characters; the review shows everything. */
export const TOOLTIP_LENGTH = 1_000;

/** A line for the beginning of a foreign text. Its line ends are no mystery to a reader of one line; the review shows the lines themselves. */
export function foreignDetail(label: SafeText, text: string, icon: RowIcon): Detail {
  const flat = text
    .slice(0, TOOLTIP_LENGTH * 4)
    .replaceAll(/\r?\n/g, ' ')
    .trim();
  return { label, value: safeText(flat, LABEL_LENGTH), full: safeText(flat, TOOLTIP_LENGTH), icon };
}
