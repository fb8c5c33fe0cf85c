/** Holds what a tool answered with against what it promises. It decides nothing: the result is shown in any case (T103). Pure. */

import type { ToolCallResult } from '../../protocol/content';
import type { ToolDefinition } from '../../protocol/model';
import type { SchemaValidator } from '../../validation/schemaValidator';

/** What there is to say about structured content (TOOL6). */
type OutputFinding =
  /** It fits, or nothing was promised. */
  | { readonly kind: 'fine' }
  /** A schema was promised, and no structured content came. */
  | { readonly kind: 'absent' }
  /** Nothing is known of it. `reason` is raw text. */
  | {
      readonly kind: 'unchecked';
      readonly reason: 'large-schema' | 'large-output' | { readonly text: string };
    }
  /** The first thing that is wrong, with its place. Raw text. */
  | { readonly kind: 'mismatch'; readonly text: string };

/** Checks the structured content of a result against the schema of its tool. */
export async function checkOutput(
  definition: ToolDefinition,
  { isError, structured }: ToolCallResult,
  validator: Pick<SchemaValidator, 'validateJson'>,
): Promise<OutputFinding> {
  const { outputSchema } = definition;
  // A tool that failed promises nothing.
  if (isError) return { kind: 'fine' };
  if (definition.withheld?.includes('outputSchema')) return { kind: 'unchecked', reason: 'large-schema' };
  if (!outputSchema) return { kind: 'fine' };
  if (!structured) return { kind: 'absent' };
  if (structured.kind === 'held') return { kind: 'unchecked', reason: 'large-output' };
  const outcome = await validator.validateJson(outputSchema, structured.text);
  switch (outcome.kind) {
    case 'valid':
      return { kind: 'fine' };
    case 'unchecked':
      return { kind: 'unchecked', reason: { text: outcome.reason } };
    case 'invalid': {
      const [first] = outcome.errors;
      const where = first && first.path !== '' ? `${first.path} ` : '';
      return { kind: 'mismatch', text: where + (first?.message ?? '') };
    }
  }
}
