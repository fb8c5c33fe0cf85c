/** One line below an entry of the Approvals view. */

import type { SafeText } from '../policy/safeText';
import type { RowIcon } from './row';

/** Its label, and what it says. */
export interface Detail {
  readonly label: SafeText;
  readonly value: SafeText;
  /** More of the value than the row has room for. */
  readonly full?: SafeText;
  readonly icon: RowIcon;
}
