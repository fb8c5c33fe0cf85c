/**
 * What of listed items is fit to show, made once for as long as their list lives: the tree and the pickers show the same items again and
 * again, and their texts are long, many and whatever a server likes.
 */

import { monotonicNow } from '../../base/clock';
import type { Server } from '../../host/server';
import type { ListItems, ListKind } from '../../protocol/model';
import { safeProse, safeText, type SafeText } from '../../policy/safeText';
import { promptRow, resourceRow, templateRow, toolRow, type Owner } from '../../presentation/itemRows';
import type { Row } from '../../presentation/row';
import { skillRow } from '../../presentation/skillRows';

const MAKERS: { readonly [K in ListKind]: (owner: Owner, item: ListItems[K]) => Row } = {
  tools: toolRow,
  resources: resourceRow,
  resourceTemplates: templateRow,
  prompts: promptRow,
  skills: skillRow,
};

/** An item is of one list, and a list of one server, because each came over its own link. */
const rows = new WeakMap<object, Row>();
const details = new WeakMap<object, SafeText>();
const names = new WeakMap<Server['definition'], SafeText>();

/** The row of an item that a server lists. */
export function listedRow<K extends ListKind>(server: Server, kind: K, item: ListItems[K]): Row {
  let row = rows.get(item);
  if (!row) rows.set(item, (row = MAKERS[kind]({ id: server.id, name: server.definition.name }, item)));
  return row;
}

/** Milliseconds for which rows are made before something else has its turn. */
const SLICE_MS = 8;

/** True when nothing of this list is still to be made. */
export function areRowsMade(server: Server, kind: ListKind): boolean {
  return (server.catalog?.items(kind) ?? []).every((item) => rows.has(item));
}

/**
 * Makes the rows of a list, a few in each turn: a list may hold thousands, each of which takes its time.
 * @param more what else is made of each item
 */
export async function makeRows<K extends ListKind>(
  server: Server,
  kind: K,
  more?: (item: ListItems[K]) => void,
  now = monotonicNow,
): Promise<void> {
  let since = now();
  for (const item of server.catalog?.items(kind) ?? []) {
    listedRow(server, kind, item);
    more?.(item);
    if (now() - since < SLICE_MS) continue;
    await new Promise<void>((resolve) => setImmediate(resolve));
    since = now();
  }
}

/** An item's description as one line of a picker. */
export function listedDetail(item: { readonly description?: string }): SafeText | undefined {
  let detail = details.get(item);
  if (detail === undefined && item.description !== undefined)
    details.set(item, (detail = safeProse(item.description, 160)));
  return detail;
}

/** The server's key: what it is called in the settings, never what it calls itself (T112). */
export function serverName({ server: { definition } }: { readonly server: Server }): SafeText {
  let name = names.get(definition);
  if (name === undefined) names.set(definition, (name = safeText(definition.name, 80)));
  return name;
}

/** What a picker shows of a tool or a prompt. */
export function pickTexts<K extends 'tools' | 'prompts'>(
  kind: K,
  { server, item }: { readonly server: Server; readonly item: ListItems[K] },
): { readonly label: string; readonly description: string; readonly detail?: string } {
  const { label, description } = listedRow(server, kind, item);
  // A row without a title has its description there.
  const isTitled = item.title !== undefined && item.title !== item.name;
  const beside = isTitled && description !== undefined ? [description] : [];
  const detail = listedDetail(item);
  return {
    label,
    description: [...beside, serverName({ server })].join(' · '),
    ...(detail === undefined ? {} : { detail }),
  };
}
