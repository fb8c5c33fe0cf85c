/** Why a model gave no answer, as a sentence for the person. Reads the editor's errors by shape, because extension boundaries lose their classes. */

import { ModelError } from '../host/ports';
import { safeProse, safeText } from '../policy/safeText';

/** Turns whatever a model request threw into an error whose text is fit for the person. */
export function toModelError(error: unknown, modelName: string): ModelError {
  if (error instanceof ModelError) return error;
  return new ModelError(explain(error, safeText(modelName, 80)));
}

function explain(error: unknown, model: string): string {
  const codes = [
    textOf(error, 'code'),
    textOf(error, 'name'),
    textOf(causeOf(error), 'code'),
    textOf(causeOf(error), 'name'),
  ];
  const has = (pattern: RegExp): boolean => codes.some((code) => code !== undefined && pattern.test(code));
  if (has(/^Canceled$|^Cancelled$|^AbortError$|^CancellationError$/i)) return 'The request was cancelled.';
  if (has(/^NoPermissions$/))
    return `The editor does not let MCP Host use ${model}: you declined its own question, or access was taken away. See "Manage Language Model Access" in the account menu.`;
  if (has(/^NotFound$/)) return `${model} is not available any more.`;
  if (has(/quota|rate.?limit/i)) return `The quota of ${model} is used up for now.`;
  if (has(/^Blocked$/)) return `The provider of ${model} blocked the request: over quota, or filtered.`;
  const message = textOf(error, 'message');
  return message === undefined || message === ''
    ? `${model} failed without saying why.`
    : `${model} failed and says: "${safeProse(message, 300)}"`;
}

function causeOf(error: unknown): unknown {
  return isRecord(error) ? error['cause'] : undefined;
}

function textOf(value: unknown, key: string): string | undefined {
  const found = isRecord(value) ? value[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
