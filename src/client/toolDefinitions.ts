/** The definitions of one tool list: kept so that schemas need not travel with the list, and bounded so that each can travel alone. */

import type { JsonObject } from '../base/json';
import { jsonChars } from '../protocol/jsonSize';
import type { ToolDefinition } from '../protocol/model';
import { summarizeTool } from '../protocol/readItems';

/** Bytes of all definitions of one list. */
const BUDGET_BYTES = 16_777_216;
/** The schemas of one definition: more is neither compiled nor shown as a form (T097), and stalls whoever receives it. */
const MAX_CHARS = 262_144;
const MAX_CONTAINERS = 10_000;
/** Stands for a schema that is not handed over: the arguments are then written as JSON. */
const ANYTHING: JsonObject = { type: 'object', additionalProperties: true };

/** The definitions of one list, by name. */
export class ToolDefinitions {
  /** As bytes of JSON: outside of the JavaScript heap, and holding on to nothing of the message they came in. */
  private readonly kept = new Map<string, Buffer>();
  private left = BUDGET_BYTES;

  has(name: string): boolean {
    return this.kept.has(name);
  }

  /** Keeps a definition, without its schemas when these are too large; false when not even that fits. */
  keep(tool: ToolDefinition): boolean {
    return this.keepAsIs(withinBounds(tool)) || this.keepAsIs(withoutSchemas(tool));
  }

  /** A copy of a definition as it was kept. */
  get(name: string): ToolDefinition | undefined {
    const found = this.kept.get(name);
    return found && (JSON.parse(found.toString('utf8')) as ToolDefinition);
  }

  private keepAsIs(tool: ToolDefinition): boolean {
    const bytes = Buffer.from(JSON.stringify(tool), 'utf8');
    if (bytes.length > this.left) return false;
    this.left -= bytes.length;
    this.kept.set(tool.name, bytes);
    return true;
  }
}

/** The definition itself, but for schemas that are too large. */
function withinBounds(tool: ToolDefinition): ToolDefinition {
  const { inputSchema, outputSchema } = tool;
  const input = jsonChars(inputSchema, { chars: MAX_CHARS, containers: MAX_CONTAINERS });
  const withheld: ('inputSchema' | 'outputSchema')[] = input === undefined ? ['inputSchema'] : [];
  const both = { chars: MAX_CHARS - (input ?? 0), containers: MAX_CONTAINERS };
  const dropsOutput = outputSchema !== undefined && jsonChars(outputSchema, both) === undefined;
  if (dropsOutput) withheld.push('outputSchema');
  if (withheld.length === 0) return tool;
  const { outputSchema: _, ...rest } = tool;
  return {
    ...rest,
    inputSchema: input === undefined ? ANYTHING : inputSchema,
    ...(outputSchema === undefined || dropsOutput ? {} : { outputSchema }),
    withheld,
  };
}

function withoutSchemas(tool: ToolDefinition): ToolDefinition {
  return {
    ...summarizeTool(tool),
    inputSchema: ANYTHING,
    withheld: tool.outputSchema === undefined ? ['inputSchema'] : ['inputSchema', 'outputSchema'],
  };
}
