/** Icons, `_meta` and what nobody knows of what servers list and answer: kept as data, bounded, and not looked into here (ICON1 to ICON4, META1). */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { SERVER_INFO } from './codec';
import { cutText } from './cutText';
import { jsonChars } from './jsonSize';
import type { Extras, Icon } from './model';

const MAX_ICONS = 8;
const MAX_SIZES = 16;
/** Characters of an icon's address, which may hold the picture itself, and of all addresses of one item. */
const MAX_SRC = 16_384;
/** `_meta` of one listed item, and what nobody knows of it. */
const MAX_META = { chars: 4_096, containers: 100 };
/** `_meta` of a result, and what a block of it holds beside what is read, which are shown. */
const MAX_SHOWN = { chars: 65_536, containers: 10_000 };

/** Stands for what is not kept, so that nobody takes it for absent. */
export const TOO_LARGE = '(more than can be shown)';
const NOTHING: Extras = {};

/** The members that an object is known by: `true` for one that is read, or those of the object in it. */
type KnownMembers = ReadonlyMap<string, true | KnownMembers>;

/** What is known of every listed item. */
const COMMON = ['name', 'title', 'description', 'icons', '_meta'] as const;

/** Those of a kind of item, beside what all have. */
export function itemMembers(names: readonly string[], inside: KnownMembers = new Map()): KnownMembers {
  return new Map<string, true | KnownMembers>([
    ...[...COMMON, ...names].map((name) => [name, true] as const),
    ...inside,
  ]);
}

/** What is malformed is left out, and what is beyond the bounds: neither of the two decides whether an item can be used. */
export function readExtras(raw: JsonObject, known: KnownMembers): Extras {
  const icons = readIcons(own(raw, 'icons'));
  const meta = keptText(own(raw, '_meta'));
  const more = keptText(beyond(raw, known));
  if (icons.length === 0 && meta === undefined && more === undefined) return NOTHING;
  return {
    ...(icons.length === 0 ? {} : { icons }),
    ...(meta === undefined ? {} : { meta }),
    ...(more === undefined ? {} : { more }),
  };
}

/** The members that are not known, also those of objects that are; undefined when there are none. Most items have none, and all are asked. */
function beyond(raw: JsonObject, known: KnownMembers): JsonObject | undefined {
  let found: [string, JsonValue | undefined][] | undefined;
  for (const key of Object.keys(raw)) {
    const inside = known.get(key);
    const value = raw[key];
    if (inside === undefined) (found ??= []).push([key, value]);
    else if (inside !== true && isObject(value)) {
      const deeper = beyond(value, inside);
      if (deeper) (found ??= []).push([key, deeper]);
    }
  }
  return found && Object.fromEntries(found);
}

/** `_meta` of a result without what every result carries; undefined when nothing is left. */
export function readResultMeta(raw: JsonObject): JsonValue | undefined {
  const meta = own(raw, '_meta');
  if (!isObject(meta)) return undefined;
  const rest = Object.entries(meta).filter(([key]) => key !== SERVER_INFO);
  if (rest.length === 0) return undefined;
  // Object.fromEntries defines its members, so `__proto__` is one like any other.
  const kept: JsonObject = Object.fromEntries(rest);
  return shown(kept);
}

/** What an object holds beside the members of these names; undefined when there is nothing to be shown of it. */
export function readRest(raw: JsonObject, names: readonly string[]): JsonValue | undefined {
  if (!hasOthers(raw, names)) return undefined;
  const rest = Object.entries(raw).filter(
    ([key, value]) => !names.includes(key) && !(isObject(value) && Object.keys(value).length === 0),
  );
  return rest.length === 0 ? undefined : shown(Object.fromEntries(rest));
}

/** Makes no list of the members: most objects hold nothing else, and every result is asked. */
function hasOthers(raw: JsonObject, names: readonly string[]): boolean {
  for (const key in raw) if (!names.includes(key)) return true;
  return false;
}

function shown(value: JsonObject): JsonValue {
  return jsonChars(value, MAX_SHOWN) === undefined ? TOO_LARGE : value;
}

function keptText(value: JsonValue | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const text = JSON.stringify(jsonChars(value, MAX_META) === undefined ? TOO_LARGE : value);
  return text === '{}' ? undefined : text;
}

function readIcons(raw: JsonValue | undefined): readonly Icon[] {
  if (!Array.isArray(raw)) return [];
  let room = MAX_SRC;
  const icons: Icon[] = [];
  for (const item of (raw as readonly JsonValue[]).slice(0, MAX_ICONS)) {
    const src = isObject(item) ? ownString(item, 'src') : undefined;
    // Only these two may ever be shown (ICON2).
    if (!isObject(item) || src === undefined || src.length > room || !/^(?:https:\/\/|data:)/i.test(src))
      continue;
    room -= src.length;
    icons.push({ src, ...readIconHints(item) });
  }
  return icons;
}

function readIconHints(raw: JsonObject): Omit<Icon, 'src'> {
  const mimeType = ownString(raw, 'mimeType');
  const theme = own(raw, 'theme');
  const given = own(raw, 'sizes');
  // Older drafts had one text instead of a list.
  const sizes =
    typeof given === 'string' ? [given] : Array.isArray(given) ? (given as readonly JsonValue[]) : [];
  const known = sizes
    .slice(0, MAX_SIZES)
    .filter((size): size is string => typeof size === 'string' && /^(?:any|\d{1,5}x\d{1,5})$/.test(size));
  return {
    ...(mimeType === undefined ? {} : { mimeType: cutText(mimeType, 200) }),
    ...(known.length === 0 ? {} : { sizes: known }),
    ...(theme === 'light' || theme === 'dark' ? { theme } : {}),
  };
}
