/** Answers of a host without a person before it, who could decide about each default. */

import type { ElicitationContent, ElicitationForm } from '../../src/protocol/elicitation';

/** The defaults of the fields that are not answered (SEP-1034), with the answers. */
export function withDefaults({ fields }: ElicitationForm, content: ElicitationContent): ElicitationContent {
  const defaults = fields.flatMap(({ key, defaultValue }) =>
    defaultValue === undefined ? [] : [[key, defaultValue] as const],
  );
  // Entries, not assignments: a field may be named `__proto__`.
  return Object.fromEntries([...defaults, ...Object.entries(content)]);
}
