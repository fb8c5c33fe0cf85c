/**
 * The result that is by far the commonest, one plain text of a tool, crosses the link as that text: copying the objects around it costs
 * more than copying the text. Both ends use the same code, so this is a matter of the link alone.
 */

import type { ToolCallResult } from '../protocol/content';

/** The text of a result that is nothing but one text. */
export function plainTextOf(result: unknown): string | undefined {
  if (!hasKeys(result, 2)) return undefined;
  const { isError, content } = result as Partial<ToolCallResult>;
  if (isError !== false || !Array.isArray(content) || content.length !== 1) return undefined;
  const [block] = content as ToolCallResult['content'];
  if (block?.type !== 'text' || !hasKeys(block, 2)) return undefined;
  return block.text.kind === 'inline' && hasKeys(block.text, 2) ? block.text.text : undefined;
}

/** The result that {@link plainTextOf} came from. */
export function resultOfPlainText(text: string): ToolCallResult {
  return { isError: false, content: [{ type: 'text', text: { kind: 'inline', text } }] };
}

/** Whatever else a value may hold one day must not get lost. */
function hasKeys(value: unknown, count: number): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === count;
}
