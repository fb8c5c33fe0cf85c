/** The nodes of the Servers tree. Each names what it stands for, so that commands can check it against the host. */

import type { ListKind } from '../../protocol/model';
import { isOwnObject, ownObject } from '../ownObjects';

/** A server, what lies under one, or a problem of the settings. */
export type ServerTreeNode =
  | { readonly kind: 'server'; readonly serverId: string }
  | { readonly kind: 'list'; readonly serverId: string; readonly list: ListKind }
  | { readonly kind: 'tool'; readonly serverId: string; readonly name: string }
  | { readonly kind: 'resource'; readonly serverId: string; readonly uri: string }
  | { readonly kind: 'template'; readonly serverId: string; readonly uriTemplate: string }
  | { readonly kind: 'prompt'; readonly serverId: string; readonly name: string }
  /** `uri` is that of its SKILL.md. */
  | { readonly kind: 'skill'; readonly serverId: string; readonly uri: string }
  | { readonly kind: 'skill-file'; readonly serverId: string; readonly uri: string; readonly path: string }
  /** The tasks of a server. */
  | { readonly kind: 'tasks'; readonly serverId: string }
  | { readonly kind: 'task'; readonly serverId: string; readonly key: number }
  /** What its sampling costs. */
  | { readonly kind: 'usage'; readonly serverId: string }
  /** Says something; `row` is its id. */
  | { readonly kind: 'note'; readonly serverId: string; readonly list?: ListKind; readonly row: string }
  /** A scope of the settings that cannot be read. */
  | { readonly kind: 'problem'; readonly index: number };

/** The node of a server, for a command that the person runs from elsewhere than its row. */
export function serverNode(serverId: string): ServerTreeNode {
  return ownObject({ kind: 'server', serverId });
}

/** The server a command argument names. Only a row of ours stands for a person's choice; anything else names none (T016). */
export function serverIdOf(argument: unknown): string | undefined {
  if (!isOwnObject(argument) || !('serverId' in argument)) return undefined;
  const { serverId } = argument;
  return typeof serverId === 'string' ? serverId : undefined;
}

/** The list a command argument names, if any. */
export function listOf(argument: unknown): ListKind | undefined {
  if (!isOwnObject(argument) || !('list' in argument)) return undefined;
  const { list } = argument;
  switch (list) {
    case 'tools':
    case 'resources':
    case 'resourceTemplates':
    case 'prompts':
    case 'skills':
      return list;
    default:
      return undefined;
  }
}
