/** The definition of a tool, resource, template or prompt as JSON for people, in the shape in which servers write it. */

import { parseJson, type JsonValue } from '../base/json';
import { TOO_LARGE } from '../protocol/readExtras';
import type {
  PromptSummary,
  ResourceSummary,
  ResourceTemplateSummary,
  ToolDefinition,
} from '../protocol/model';
import { visibleJson } from './visibleJson';

/** What can be shown. */
export type Definition = ToolDefinition | ResourceSummary | ResourceTemplateSummary | PromptSummary;

/** What a server declared when it was connected to. @param declared JSON text */
export function declarationText(declared: string): string {
  return `${visibleJson(JSON.parse(declared) as JsonValue)}\n`;
}

/** Everything that is kept of it, icons and `_meta` among it; a picture stays the text that it came as (T117). */
export function definitionText(definition: Definition): string {
  const { meta, ...rest } = definition;
  const shown = {
    ...rest,
    ...toolMembers(definition),
    ...(meta === undefined ? {} : { _meta: parseJson(meta) }),
  };
  return `${visibleJson(JSON.parse(JSON.stringify(shown)) as JsonValue)}\n`;
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
