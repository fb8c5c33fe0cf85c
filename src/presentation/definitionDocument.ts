/** The definition of a tool, resource, template or prompt as JSON for people, in the shape in which servers write it. */

import { isObject, parseJson, type JsonObject, type JsonValue } from '../base/json';
import { TOO_LARGE } from '../protocol/readExtras';
import type {
  PromptSummary,
  ResourceSummary,
  ResourceTemplateSummary,
  ToolDefinition,
} from '../protocol/model';
import { visibleJson } from './visibleJson';

/** Where it is told that there is more than is kept. */
const REST = '…';

/** What can be shown. */
export type Definition = ToolDefinition | ResourceSummary | ResourceTemplateSummary | PromptSummary;

/** What a server declared when it was connected to. @param declared JSON text */
export function declarationText(declared: string): string {
  return `${visibleJson(JSON.parse(declared) as JsonValue)}\n`;
}

/** Everything that is kept of it, icons, `_meta` and what nobody knows among it; a picture stays the text that it came as (T117). */
export function definitionText(definition: Definition): string {
  const { meta, more, ...rest } = definition;
  const shown = {
    ...rest,
    ...toolMembers(definition),
    ...(meta === undefined ? {} : { _meta: parseJson(meta) }),
  };
  const read = JSON.parse(JSON.stringify(shown)) as JsonObject;
  return `${visibleJson(more === undefined ? read : together(read, parseJson(more)))}\n`;
}

/** What is read of an object and what nobody knows of it, which is never the same. */
function together(read: JsonObject, more: unknown): JsonObject {
  if (!isObject(more)) return { ...read, [REST]: TOO_LARGE };
  const others = Object.entries(more).map(([key, value]) => {
    const known = Object.hasOwn(read, key) ? read[key] : undefined;
    return [key, isObject(known) ? together(known, value) : value] as const;
  });
  return { ...read, ...Object.fromEntries(others) };
}

/** Members whose names or values are ours, as the server would write them. */
function toolMembers(definition: Definition): Readonly<Record<string, unknown>> {
  if (!('inputSchema' in definition)) return {};
  const { taskSupport, withheld = [] } = definition;
  return {
    taskSupport: undefined,
    withheld: undefined,
    ...(taskSupport === undefined ? {} : { execution: { taskSupport } }),
    ...Object.fromEntries(withheld.map((name) => [name, TOO_LARGE])),
  };
}
