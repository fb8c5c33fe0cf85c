/** Which tools of a server are offered to the person and to anything else that asks. */

import type { ToolRules } from './serverEntry';
import { matchesWildcard } from './wildcard';

/**
 * Applies the `tools` setting of an entry. Without an allow list every tool is allowed, with an empty one none is;
 * a deny rule wins over any allow rule. Names are compared as they are: case counts.
 */
export function isToolOffered(name: string, rules: ToolRules): boolean {
  if (rules.deny.some((pattern) => matchesWildcard(name, pattern))) return false;
  return rules.allow === undefined || rules.allow.some((pattern) => matchesWildcard(name, pattern));
}
