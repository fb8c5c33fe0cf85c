/** Finds what a server lists by what the server knows it by. A list is looked through once, however many of its items are wanted. */

import type { Server } from '../../host/server';
import type { ListItems, ListKind, SkillSummary } from '../../protocol/model';
import { otherFiles } from '../../presentation/skillRows';

/** Items of lists by their keys; an index lives as long as its list. */
class KeyIndex<T> {
  private readonly indexes = new WeakMap<readonly T[], ReadonlyMap<string, T>>();

  constructor(private readonly keyOf: (item: T) => string) {}

  find(items: readonly T[], key: string): T | undefined {
    let index = this.indexes.get(items);
    if (!index) {
      index = new Map(items.map((item) => [this.keyOf(item), item]));
      this.indexes.set(items, index);
    }
    return index.get(key);
  }
}

const INDEXES: { readonly [K in ListKind]: KeyIndex<ListItems[K]> } = {
  tools: new KeyIndex(({ name }) => name),
  resources: new KeyIndex(({ uri }) => uri),
  resourceTemplates: new KeyIndex(({ uriTemplate }) => uriTemplate),
  prompts: new KeyIndex(({ name }) => name),
  skills: new KeyIndex(({ uri }) => uri),
};

type SkillFile = ReturnType<typeof otherFiles>[number];

const FILES = new KeyIndex<SkillFile>(({ path }) => path);
const filesOf = new WeakMap<SkillSummary, readonly SkillFile[]>();

/** An item that a running server lists. @param key its name or address, exactly as the server wrote it */
export function findItem<K extends ListKind>(
  server: Server | undefined,
  kind: K,
  key: string,
): ListItems[K] | undefined {
  const items = server?.catalog?.items(kind);
  return items && findIn(kind, items, key);
}

/** The same among items that are not, or no longer, those that it lists. */
export function findIn<K extends ListKind>(
  kind: K,
  items: readonly ListItems[K][],
  key: string,
): ListItems[K] | undefined {
  return INDEXES[kind].find(items, key);
}

/** A file of a skill, but for its SKILL.md. */
export function findSkillFile(skill: SkillSummary, path: string): SkillFile | undefined {
  let files = filesOf.get(skill);
  if (!files) filesOf.set(skill, (files = otherFiles(skill)));
  return FILES.find(files, path);
}
