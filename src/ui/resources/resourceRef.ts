/** Names a resource, or a file of a skill, and finds again what a document's address stands for. */

import type { Offered } from '../../host/host';
import { skillUriOf } from '../../presentation/skillRows';
import { findResource } from '../items/targets';
import { hashOfParts } from '../documents/hash';
import type { UiContext } from '../uiContext';

type Skill = Offered<'skills'>;

/** A resource of a server. */
export interface ResourceRef {
  readonly serverId: string;
  readonly uri: string;
  /** The type that the list gave. */
  readonly mimeType?: string;
  /** Present for a file of a skill, which is only read verified: the skill's address, and the file's path within it. */
  readonly skill?: { readonly uri: string; readonly path?: string };
}

/** The group of a resource's documents: what is asked for decides, so that a tab can be restored from the list. */
export function hashOfResource({ serverId, uri, skill }: ResourceRef): string {
  return skill ? hashOfParts(serverId, uri, 'skill') : hashOfParts(serverId, uri);
}

/** A resource, with the type that a list gives it. */
export function resourceOf({ host }: UiContext, serverId: string, uri: string): ResourceRef {
  const mimeType = findResource(host, { kind: 'resource', serverId, uri })?.item.mimeType;
  return { serverId, uri, ...(mimeType === undefined ? {} : { mimeType }) };
}

/** The file of a skill; its SKILL.md without a path. */
export function skillFile({ server, item }: Skill, path: string | undefined): ResourceRef {
  const skill = { uri: item.uri, ...(path === undefined ? {} : { path }) };
  return { serverId: server.id, uri: skillUriOf(item.uri, path), skill };
}

/** What is listed under the hash of a document's address. */
export function findByHash(ui: UiContext, hash: string): ResourceRef | undefined {
  const found = ui.host
    .offered('resources')
    .find(({ server, item }) => hashOfResource({ serverId: server.id, uri: item.uri }) === hash);
  return found ? resourceOf(ui, found.server.id, found.item.uri) : findSkillFile(ui, hash);
}

function findSkillFile({ host }: UiContext, hash: string): ResourceRef | undefined {
  for (const skill of host.offered('skills')) {
    const { files } = skill.item;
    const paths = files === 'dynamic' ? [undefined] : files.map(({ path }) => path);
    for (const path of paths) {
      const ref = skillFile(skill, path);
      if (hashOfResource(ref) === hash) return ref;
    }
  }
  return undefined;
}
