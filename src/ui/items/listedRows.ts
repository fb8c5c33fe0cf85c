/**
 * What of listed items is fit to show, made once for as long as their list lives: the tree and the pickers show the same items again and
 * again, and their texts are long, many and whatever a server likes.
 */

import { monotonicNow } from '../../base/clock';
import { nextTurn, SLICE_MS } from '../../base/nextTurn';
import type { Host, Offered } from '../../host/host';
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

interface MakeOptions<K extends ListKind> {
  /** What else is made of each item. */
  readonly more?: (item: ListItems[K]) => void;
  readonly now?: () => number;
}

interface Made<K extends ListKind> {
  readonly items: readonly ListItems[K][];
  /** What it took. */
  readonly ms: number;
}

/**
 * Makes the rows of a list as it is now, a few in each turn: a list may hold thousands, each of which takes its time.
 * @returns undefined when the server is gone meanwhile, or has begun anew
 */
export async function makeRows<K extends ListKind>(
  server: Server,
  kind: K,
  { more, now = monotonicNow }: MakeOptions<K> = {},
): Promise<Made<K> | undefined> {
  const { catalog } = server;
  const items = catalog?.items(kind) ?? [];
  let ms = 0;
  for (let at = 0; at < items.length;) {
    await nextTurn();
    if (server.catalog !== catalog) return undefined;
    const since = now();
    for (; at < items.length && now() - since < SLICE_MS; at++) {
      const item = items[at] as ListItems[K];
      listedRow(server, kind, item);
      more?.(item);
    }
    ms += now() - since;
  }
  return { items, ms };
}

/** What all running servers offer of a kind, with rows and details made. */
export async function madeOffers<K extends 'tools' | 'prompts'>(
  host: Pick<Host, 'servers'>,
  kind: K,
): Promise<readonly Offered<K>[]> {
  const offers: Offered<K>[] = [];
  for (const server of host.servers()) {
    const made = await makeRows(server, kind, { more: listedDetail });
    for (const item of made?.items ?? []) offers.push({ server, item });
  }
  return offers;
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
