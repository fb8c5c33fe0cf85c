/** Which values of a launch are treated as secrets: they are taken out of every log, error and report (T158). */

import { namedTexts, ORDINARY, secretParts } from '../policy/namedSecrets';
import { isSecretName } from '../policy/secretPatterns';
import type { ServerEntry } from '../policy/serverEntry';
import { listVariables, type VariableScope } from '../policy/variables';

/**
 * Values beside those of password inputs: what the environment file holds, what comes from the person's environment, and what
 * the entry itself keeps under the name of a secret.
 */
export function secretValues(
  entry: ServerEntry,
  fromFile: ReadonlyMap<string, string>,
  scope: VariableScope,
): readonly string[] {
  const named = namedTexts(entry);
  const fromEnvironment = listVariables(entry).flatMap(({ variable }) => {
    if (variable.kind !== 'env') return [];
    const value = scope.env(variable.name);
    if (value === undefined) return [];
    const reference = `\${env:${variable.name}}`;
    const isNamed = isSecretName(variable.name) || named.some(({ text }) => text.includes(reference));
    return [{ value, isNamed, parts: partsUnder(entry, reference, value) }];
  });
  const values = [...fromFile].map(([name, value]) => ({ value, isNamed: isSecretName(name), parts: [] }));
  const kept = [...values, ...fromEnvironment].flatMap(({ value, isNamed, parts }) => {
    if (isNamed) return [value, ...secretParts(value, 'plain'), ...parts];
    return ORDINARY.test(value) ? [] : [value];
  });
  return [...new Set([...kept, ...named.flatMap(({ text, kind }) => [text, ...secretParts(text, kind)])])];
}

/** What of a variable's value is a secret by itself where the entry puts it under the name of one, as into a header. */
export function partsUnder(entry: ServerEntry, reference: string, value: string): readonly string[] {
  const places = namedTexts(entry).filter(({ text }) => text.includes(reference));
  return places.flatMap(({ kind }) => secretParts(value, kind));
}
