/** What the launch review page and its panel say to each other. Plain data; a page is as foreign as anything else that sends messages. */

/** One line of a field. `code` is set in the editor's font, exactly as it is. */
export interface PageLine {
  readonly text: string;
  readonly code: boolean;
  /** Number shown before it, for arguments. */
  readonly number?: number;
  /** What it becomes when the program starts, shown below it. */
  readonly resolved?: string;
  /** Our own remark behind it. */
  readonly remark?: string;
}

/** A named field of a server. */
export interface PageField {
  readonly label: string;
  readonly lines: readonly PageLine[];
  /** What was approved before, when that was something else. */
  readonly before?: { readonly label: string; readonly lines: readonly PageLine[] };
}

/** One server that waits. */
export interface PageCard {
  /** Id of the waiting entry; another content never has the same id. */
  readonly id: number;
  readonly name: string;
  readonly source: string;
  /** Set when an earlier form of this launch was approved. */
  readonly changed?: string;
  /** A sentence of ours about the whole. */
  readonly note?: string;
  readonly warnings: readonly { readonly field: string; readonly text: string }[];
  readonly fields: readonly PageField[];
  /** Whether it is selected when it is first shown. */
  readonly selected: boolean;
}

/** All that the page shows. */
export interface LaunchPage {
  readonly title: string;
  readonly intro: string;
  readonly warningsTitle: string;
  readonly selectLabel: string;
  readonly selectAll: string;
  readonly start: string;
  readonly deny: string;
  readonly later: string;
  /** After something new is shown the buttons do nothing for this long, in milliseconds. */
  readonly settleMs: number;
  readonly cards: readonly PageCard[];
}

/** From the panel to the page. */
export interface PanelMessage {
  readonly type: 'show';
  readonly page: LaunchPage;
}

/** From the page to the panel. */
export type PageMessage =
  /** The page runs and wants to be told what to show. */
  | { readonly type: 'ready' }
  /** The person wants to decide another time. */
  | { readonly type: 'later' }
  | { readonly type: 'decide'; readonly approve: readonly number[]; readonly deny: readonly number[] };

const MAX_IDS = 1_000;

/**
 * Reads a message of the page (T116).
 * @param shown ids of what the page shows and what still waits.
 * @returns undefined unless it is exactly what a page of ours sends: known ids, each once.
 */
export function readPageMessage(raw: unknown, shown: ReadonlySet<number>): PageMessage | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(raw));
  const type = fields.get('type');
  if (type === 'ready' || type === 'later') return fields.size === 1 ? { type } : undefined;
  if (type !== 'decide' || fields.size !== 3) return undefined;
  const approve = readIds(fields.get('approve'), shown);
  const deny = readIds(fields.get('deny'), shown);
  if (!approve || !deny || new Set([...approve, ...deny]).size !== approve.length + deny.length)
    return undefined;
  return { type, approve, deny };
}

function readIds(raw: unknown, shown: ReadonlySet<number>): readonly number[] | undefined {
  if (!Array.isArray(raw) || raw.length > MAX_IDS) return undefined;
  const ids: readonly unknown[] = raw;
  const known = ids.filter((id): id is number => typeof id === 'number' && shown.has(id));
  return known.length === ids.length ? known : undefined;
}
