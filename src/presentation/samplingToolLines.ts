/** What a review says of tools: those that a request brings, and uses of them. */

import { isObject, parseJson } from '../base/json';
import { exactText, safe, type SafeText } from '../policy/safeText';
import { prettyJson } from '../protocol/prettyJson';
import type { SamplingRequest, SamplingTools, SamplingToolUse } from '../protocol/sampling';
import { countOf } from './consentTexts';
import { blank, heading, theirs, type ReviewLine } from './reviewLines';
import type { SamplingFact } from './samplingFacts';

const CHOICES: Readonly<Record<SamplingTools['choice'], SafeText>> = {
  auto: safe`the model may ask the server to use them`,
  required: safe`the model must ask the server to use one`,
  none: safe`the model must not ask for their use`,
};

/** In one line, what the request says of tools. */
export function toolFacts(tools: SamplingTools | undefined): readonly SamplingFact[] {
  if (!tools) return [];
  return [
    {
      label: 'Tools',
      text: safe`${countOf(tools.list.length, 'tool')}; ${CHOICES[tools.choice]}. MCP Host uses none of them`,
    },
  ];
}

/** Each tool in full, as a model reads it. */
export function toolLines(tools: SamplingTools | undefined): ReviewLine[] {
  return (tools?.list ?? []).flatMap(({ name, description, inputSchema }) => [
    blank(),
    heading(safe`Tool "${exactText(name)}"`),
    ...(description === undefined ? [] : theirs(description)),
    ...theirs(pretty(inputSchema)),
  ]);
}

/** A use of a tool, with all of its input. */
export function toolUseLines({ id, name, input }: SamplingToolUse): ReviewLine[] {
  return [heading(safe`Use of the tool "${exactText(name)}" (${exactText(id)})`), ...theirs(pretty(input))];
}

/** The texts of tools and their uses, for the search for hidden characters. */
export function toolTexts({ tools, messages }: SamplingRequest): readonly string[] {
  const uses = messages.flatMap(({ content }) =>
    content.flatMap((block) => (block.type === 'tool_use' ? [block] : [])),
  );
  return [
    ...(tools?.list ?? []).flatMap(({ name, description = '', inputSchema }) => [
      name,
      description,
      inputSchema,
    ]),
    ...useTexts(uses),
  ];
}

/** The same of uses alone. */
export function useTexts(uses: readonly SamplingToolUse[]): readonly string[] {
  return uses.flatMap(({ id, name, input }) => [id, name, input]);
}

/** JSON as it is read best; as it is where it is none. */
export function pretty(json: string): string {
  const value = parseJson(json);
  return isObject(value) ? prettyJson(value) : json;
}
