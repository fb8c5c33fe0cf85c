/** The context as rows, in words, and as one Markdown text. */

import { ItemKinds } from '../contributions/ids';
import type { ContextItem, ContextSource } from '../host/contextItems';
import { LABEL_LENGTH, safe, safeText, type SafeText } from '../policy/safeText';
import { safeBaseName } from './documentNames';
import type { Row } from './row';

const ICONS: Readonly<Record<ContextSource['kind'], string>> = {
  resource: 'file',
  tool: 'tools',
  prompt: 'comment',
};
const KINDS: Readonly<Record<ContextSource['kind'], SafeText>> = {
  resource: safe`resource`,
  tool: safe`result of a tool`,
  prompt: safe`messages of a prompt`,
};

/** `1,240 tokens`. */
export function tokensText(tokens: number): SafeText {
  return safe`${safeText(tokens.toLocaleString('en-US'))} ${tokens === 1 ? safe`token` : safe`tokens`}`;
}

/** `3,200 of 32,000 tokens`. */
export function budgetText({
  tokens,
  budget,
}: {
  readonly tokens: number;
  readonly budget: number;
}): SafeText {
  return safe`${safeText(tokens.toLocaleString('en-US'))} of ${tokensText(budget)}`;
}

/** What an item is called. */
export function contextTitle({ source }: Pick<ContextItem, 'source'>, length = LABEL_LENGTH): SafeText {
  return safeText(source.kind === 'resource' ? source.uri : source.name, length);
}

/** The row of one item. */
export function contextRow(item: ContextItem): Row {
  const { id, serverName, source, tokens, readAt, isStale } = item;
  // The beginnings of addresses are alike; all of it is in the tooltip.
  const label =
    source.kind === 'resource' ? safeText(safeBaseName(source.uri), LABEL_LENGTH) : contextTitle(item);
  const server = safeText(serverName, 60);
  const size = tokensText(tokens);
  const stale = safe`changed since`;
  const description = isStale ? safe`${server} · ${size} · ${stale}` : safe`${server} · ${size}`;
  return {
    id,
    label,
    description,
    tooltip: () => [
      contextTitle(item, 2_000),
      safe`${KINDS[source.kind]} of server "${server}"`,
      safe`About ${size}, read ${safeText(new Date(readAt).toLocaleString())}`,
      ...(isStale ? [safe`The server says that it has changed since. Refresh it to read it again.`] : []),
    ],
    icon: isStale ? { id: 'warning', color: 'list.warningForeground' } : { id: ICONS[source.kind] },
    context: isStale && source.kind === 'resource' ? ItemKinds.contextStale : ItemKinds.contextItem,
    children: 'none',
    spoken: safe`${server}, ${KINDS[source.kind]} ${label}, ${size}${isStale ? safe`, ${stale}` : safe``}`,
  };
}

/**
 * Items as one Markdown text. Each stands in a fence that its text cannot close, so that what one server wrote cannot pass for what another
 * one did, or for words of the person.
 */
export function contextMarkdown(items: readonly ContextItem[]): string {
  return items.map(itemMarkdown).join('\n\n');
}

function itemMarkdown(item: ContextItem): string {
  const { serverName, source, text, readAt } = item;
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  const title = contextTitle(item, 2_000);
  const from = safe`${KINDS[source.kind]} of server "${safeText(serverName, 60)}", read ${safeText(new Date(readAt).toISOString())}`;
  return [`## ${title}`, '', `_${from}_`, '', fence, text.replace(/\n$/u, ''), fence].join('\n');
}

function longestRun(text: string): number {
  return (text.match(/`+/gu) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
