/**
 * What a tree row or a picker points at. Commands take these from their callers, who may be anybody: a target is used only
 * while the host really offers it (T016), and only one that our own views made may act without another step.
 */

import { isObject, ownString, type JsonObject } from '../../base/json';
import type { Host, Offered } from '../../host/host';
import type { ListKind } from '../../protocol/model';
import { isOwnObject } from '../ownObjects';

/** A tool of a server, by name. */
export interface ToolTarget {
  readonly kind: 'tool';
  readonly serverId: string;
  readonly name: string;
}

/** A resource of a server, by address. */
export interface ResourceTarget {
  readonly kind: 'resource';
  readonly serverId: string;
  readonly uri: string;
}

/** A resource template of a server, as it is written. */
export interface TemplateTarget {
  readonly kind: 'template';
  readonly serverId: string;
  readonly uriTemplate: string;
}

interface PromptTarget {
  readonly kind: 'prompt';
  readonly serverId: string;
  readonly name: string;
}

type OfferedTarget = ToolTarget | ResourceTarget | TemplateTarget | PromptTarget;

/** An argument of a command, read. */
interface ReadTarget {
  readonly target: OfferedTarget;
  /** True when it comes from one of our own views. */
  readonly isOwn: boolean;
}

/** Reads a target, or a row with a `target`, from what a caller passed; undefined when it is neither. */
export function readTarget(argument: unknown): ReadTarget | undefined {
  if (!isObject(argument)) return undefined;
  const inner: unknown = Object.hasOwn(argument, 'target') ? argument['target'] : argument;
  if (!isObject(inner)) return undefined;
  const target = shapeOf(inner);
  return target && { target, isOwn: isOwnObject(inner) };
}

function shapeOf(value: JsonObject): OfferedTarget | undefined {
  const serverId = ownString(value, 'serverId');
  const kind = ownString(value, 'kind');
  const name = ownString(value, 'name');
  const uri = ownString(value, 'uri');
  const uriTemplate = ownString(value, 'uriTemplate');
  if (serverId === undefined) return undefined;
  if ((kind === 'tool' || kind === 'prompt') && name !== undefined) return { kind, serverId, name };
  if (kind === 'resource' && uri !== undefined) return { kind, serverId, uri };
  if (kind === 'template' && uriTemplate !== undefined) return { kind, serverId, uriTemplate };
  return undefined;
}

/** The tool, while its server offers it. */
export function findTool(host: Host, { serverId, name }: ToolTarget): Offered<'tools'> | undefined {
  return find(host, 'tools', serverId, (item) => item.name === name);
}

/** The resource, while its server lists it. */
export function findResource(
  host: Host,
  { serverId, uri }: ResourceTarget,
): Offered<'resources'> | undefined {
  return find(host, 'resources', serverId, (item) => item.uri === uri);
}

/** The template, while its server lists it. */
export function findTemplate(host: Host, target: TemplateTarget): Offered<'resourceTemplates'> | undefined {
  return find(host, 'resourceTemplates', target.serverId, (item) => item.uriTemplate === target.uriTemplate);
}

/** The prompt, while its server offers it. */
export function findPrompt(host: Host, { serverId, name }: PromptTarget): Offered<'prompts'> | undefined {
  return find(host, 'prompts', serverId, (item) => item.name === name);
}

/** True while the host offers what the target names. */
export function isOffered(host: Host, target: OfferedTarget): boolean {
  switch (target.kind) {
    case 'tool':
      return findTool(host, target) !== undefined;
    case 'resource':
      return findResource(host, target) !== undefined;
    case 'template':
      return findTemplate(host, target) !== undefined;
    case 'prompt':
      return findPrompt(host, target) !== undefined;
  }
}

function find<K extends ListKind>(
  host: Host,
  kind: K,
  serverId: string,
  matches: (item: Offered<K>['item']) => boolean,
): Offered<K> | undefined {
  const server = host.server(serverId);
  const item = server?.catalog?.items(kind).find(matches);
  return server && item ? { server, item } : undefined;
}
