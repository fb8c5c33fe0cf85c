/** Which values of a launch are treated as secrets: they are taken out of every log, error and report (T158). */

import { isSecretField } from '../policy/secretPatterns';
import type { ServerEntry } from '../policy/serverEntry';
import { expandableFields, listVariables, type VariableScope } from '../policy/variables';

/** Switches, numbers and single words; stars in their place would only make a log unreadable. */
const ORDINARY = /^(?:[a-z]{1,16}|[\d.]{1,12})$/i;

/**
 * Values beside those of password inputs: what the environment file holds, what comes from the person's environment, and what
 * the entry itself keeps under the name of a secret.
 */
export function secretValues(
  entry: ServerEntry,
  fromFile: ReadonlyMap<string, string>,
  scope: VariableScope,
): readonly string[] {
  const fromEnvironment = listVariables(entry).flatMap(({ variable }) =>
    variable.kind === 'env' ? (scope.env(variable.name) ?? []) : [],
  );
  const named = expandableFields(entry).flatMap(([field, text]) => (isSecretField(field) ? [text] : []));
  const values = [...fromFile.values(), ...fromEnvironment, ...named];
  return [...new Set(values)].filter((value) => !ORDINARY.test(value));
}
