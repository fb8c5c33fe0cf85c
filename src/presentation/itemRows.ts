/** Rows of tools, resources, resource templates and prompts. Everything a server says of them is text, and hints are its claims. */

import { ItemKinds } from '../contributions/ids';
import type {
  PromptSummary,
  ResourceSummary,
  ResourceTemplateSummary,
  ToolAnnotations,
  ToolSummary,
} from '../protocol/model';
import { hasHidden, LABEL_LENGTH, safe, safeProse, safeText, type SafeText } from '../policy/safeText';
import { joinSafe } from './consentTexts';
import { formatBytes } from './media';
import type { Row } from './row';

const MAX_TOOLTIP = 2_000;

/** The server that offers an item: its id and its key. */
export interface Owner {
  readonly id: string;
  readonly name: string;
}

interface Named {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
}

/** The row of a tool. */
export function toolRow(owner: Owner, tool: ToolSummary): Row {
  const { label, description } = titles(tool);
  return {
    id: JSON.stringify([ItemKinds.tool, owner.id, tool.name]),
    label,
    ...description,
    tooltip: () => tooltip(tool, claims(tool.annotations)),
    icon: { id: 'wrench' },
    context: ItemKinds.tool,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, tool ${label}`,
  };
}

/** The row of a resource. */
export function resourceRow(owner: Owner, resource: ResourceSummary): Row {
  const label = labelOf(resource);
  return {
    id: JSON.stringify([ItemKinds.resource, owner.id, resource.uri]),
    label,
    description: safeText(resource.uri, 120),
    tooltip: () => tooltip(resource, resourceDetails(resource)),
    icon: { id: resource.mimeType?.startsWith('image/') ? 'file-media' : 'file' },
    context: ItemKinds.resource,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, resource ${label}`,
  };
}

/** The row of a resource template. */
export function templateRow(owner: Owner, template: ResourceTemplateSummary): Row {
  const label = labelOf(template);
  return {
    id: JSON.stringify([ItemKinds.template, owner.id, template.uriTemplate]),
    label,
    description: safeText(template.uriTemplate, 120),
    tooltip: () => tooltip(template, [safeText(template.uriTemplate, 500)]),
    icon: { id: 'symbol-snippet' },
    context: ItemKinds.template,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, resource template ${label}`,
  };
}

/** The row of a prompt. */
export function promptRow(owner: Owner, prompt: PromptSummary): Row {
  const { label, description } = titles(prompt);
  return {
    id: JSON.stringify([ItemKinds.prompt, owner.id, prompt.name]),
    label,
    ...description,
    tooltip: () => tooltip(prompt, argumentLines(prompt)),
    icon: { id: 'comment' },
    context: ItemKinds.prompt,
    children: 'none',
    spoken: safe`${safeText(owner.name, 80)}, prompt ${label}`,
  };
}

function resourceDetails({ uri, mimeType, size }: ResourceSummary): readonly SafeText[] {
  return [
    safeText(uri, 500),
    ...(mimeType === undefined ? [] : [safeText(mimeType, 80)]),
    ...(size === undefined ? [] : [safeText(formatBytes(size))]),
  ];
}

function argumentLines(prompt: PromptSummary): readonly SafeText[] {
  const names = prompt.arguments.map(({ name, required }) =>
    required ? safe`${safeText(name, 80)} (required)` : safeText(name, 80),
  );
  return names.length === 0 ? [] : [safe`Arguments:`, ...names];
}

/** The title is what a person reads; the name stands beside it when it differs. */
function titles(item: Named): { label: SafeText; description: { description?: SafeText } } {
  const label = labelOf(item);
  const beside =
    item.title !== undefined && item.title !== item.name
      ? item.name
      : item.description === undefined
        ? undefined
        : firstLine(item.description);
  return {
    label,
    description: beside === undefined ? {} : { description: safeText(beside, 120) },
  };
}

function labelOf({ title, name }: Named): SafeText {
  return safeText(title ?? name, LABEL_LENGTH);
}

function tooltip(item: Named, details: readonly SafeText[]): readonly SafeText[] {
  const { title, name, description } = item;
  return [
    safeText(title ?? name, 200),
    ...(title === undefined || title === name ? [] : [safeText(name, 200)]),
    ...(description === undefined ? [] : [safeProse(description, MAX_TOOLTIP)]),
    ...details,
    ...([title, name, description].some((text) => text !== undefined && hasHidden(text))
      ? [safe`Contains hidden characters, shown as ⟨U+…⟩.`]
      : []),
  ];
}

function claims(annotations: ToolAnnotations | undefined): readonly SafeText[] {
  if (!annotations) return [];
  const found = [
    ...(annotations.readOnlyHint === true ? [safe`read-only`] : []),
    ...(annotations.destructiveHint === true && annotations.readOnlyHint !== true
      ? [safe`may destroy data`]
      : []),
    ...(annotations.idempotentHint === true ? [safe`safe to repeat`] : []),
    ...(annotations.openWorldHint === true ? [safe`reaches other systems`] : []),
  ];
  return found.length === 0 ? [] : [safe`The server claims: ${joinSafe(found, safe`, `)}`];
}

/** The first that says anything: what is written in lines often begins with an empty one. */
function firstLine(text: string): string {
  const [line = ''] = text.trimStart().split('\n', 1);
  return line.trimEnd();
}
