/**
 * What a tree row or a picker points at. Commands take these from their callers, who may be anybody: a target is used only
 * while the host really offers it (T016), and only one that our own views made may act without another step.
 */

import { isObject, ownString, type JsonObject } from '../../base/json';
import type { Host, Offered } from '../../host/host';
import type { ListKind } from '../../protocol/model';
import { isOwnObject } from '../ownObjects';
import { findItem } from './listedItems';

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

/** Any of them. */
export type OfferedTarget = ToolTarget | ResourceTarget | TemplateTarget | PromptTarget;

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
  return find(host, 'tools', serverId, name);
}

/** The resource, while its server lists it. */
export function findResource(
  host: Host,
  { serverId, uri }: ResourceTarget,
): Offered<'resources'> | undefined {
  return find(host, 'resources', serverId, uri);
}

/** The template, while its server lists it. */
export function findTemplate(host: Host, target: TemplateTarget): Offered<'resourceTemplates'> | undefined {
  return find(host, 'resourceTemplates', target.serverId, target.uriTemplate);
}

/** The prompt, while its server offers it. */
export function findPrompt(host: Host, { serverId, name }: PromptTarget): Offered<'prompts'> | undefined {
  return find(host, 'prompts', serverId, name);
}

/** What the target names, while the host offers it. */
export function findOffered(
  host: Host,
  target: OfferedTarget,
): Offered<'tools'> | ReturnType<typeof findListed> {
  return target.kind === 'tool' ? findTool(host, target) : findListed(host, target);
}

/** The same of what lists hold whole, which is everything but tools. */
export function findListed(
  host: Host,
  target: Exclude<OfferedTarget, ToolTarget>,
): Offered<'resources' | 'resourceTemplates' | 'prompts'> | undefined {
  switch (target.kind) {
    case 'resource':
      return findResource(host, target);
    case 'template':
      return findTemplate(host, target);
    case 'prompt':
      return findPrompt(host, target);
  }
}

/** Targets of everything that running servers offer. */
export function offeredTargets(host: Host): readonly OfferedTarget[] {
  return [
    ...host
      .offered('tools')
      .map(({ server: { id: serverId }, item: { name } }) => ({ kind: 'tool' as const, serverId, name })),
    ...host
      .offered('resources')
      .map(({ server: { id: serverId }, item: { uri } }) => ({ kind: 'resource' as const, serverId, uri })),
    ...host.offered('resourceTemplates').map(({ server: { id: serverId }, item: { uriTemplate } }) => ({
      kind: 'template' as const,
      serverId,
      uriTemplate,
    })),
    ...host
      .offered('prompts')
      .map(({ server: { id: serverId }, item: { name } }) => ({ kind: 'prompt' as const, serverId, name })),
  ];
}

/** What tells a target from others of its kind and server, exactly as the server wrote it. */
export function identityOf(target: OfferedTarget): string {
  switch (target.kind) {
    case 'tool':
    case 'prompt':
      return target.name;
    case 'resource':
      return target.uri;
    case 'template':
      return target.uriTemplate;
  }
}

function find<K extends ListKind>(
  host: Host,
  kind: K,
  serverId: string,
  key: string,
): Offered<K> | undefined {
  const server = host.server(serverId);
  const item = findItem(server, kind, key);
  return server && item ? { server, item } : undefined;
}
