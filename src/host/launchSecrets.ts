/** Which values of a launch are treated as secrets: they are taken out of every log, error and report (T158). */

import { isSecretField, isSecretName } from '../policy/secretPatterns';
import type { ServerEntry } from '../policy/serverEntry';
import { expandableFields, listVariables, type VariableScope } from '../policy/variables';

/** Switches, numbers and single words under no name of a secret; stars in their place would only make a log unreadable. */
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
  const fromEnvironment = listVariables(entry).flatMap(({ field, variable }) => {
    if (variable.kind !== 'env') return [];
    const value = scope.env(variable.name);
    if (value === undefined) return [];
    return [{ value, isNamed: isSecretName(variable.name) || isSecretField(field) }];
  });
  const values = [...fromFile].map(([name, value]) => ({ value, isNamed: isSecretName(name) }));
  const kept = [...values, ...fromEnvironment].flatMap(({ value, isNamed }) =>
    isNamed || !ORDINARY.test(value) ? [value] : [],
  );
  const named = expandableFields(entry).flatMap(([field, text]) =>
    isSecretField(field) ? [text, text.replace(SCHEME, '')] : [],
  );
  return [...new Set([...kept, ...named])];
}

/** What stands before a secret in a header (RFC 9110 §11.4): who repeats the secret may leave it out. */
const SCHEME = /^(?:Basic|Bearer|DPoP|Token|ApiKey)\s+/i;
