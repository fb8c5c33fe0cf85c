/** *Open Resource…* and *Open Skill…*, from the palette, a tree row or a link of a result. */

import type * as vscode from 'vscode';

import type { Disposable } from '../../base/disposable';
import { findResource, findTemplate, readTarget } from '../items/targets';
import type { VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';
import { chooseResource, targetOf } from './chooseResource';
import { OpenResources } from './openResources';
import { resourceOf, type ResourceRef } from './resourceRef';
import { openSkill } from './skills';

/** Owns what is open. */
export class ResourceFlow implements Disposable {
  private readonly shown: OpenResources;

  constructor(
    private readonly ui: UiContext,
    files: VirtualFiles,
  ) {
    this.shown = new OpenResources(ui, files);
  }

  /** Opens what a target names, or what the person picks. @throws FailureError */
  async openResource(argument: unknown): Promise<void> {
    await openResource(this.ui, this.shown, argument);
  }

  /** Opens what a row names, or the skill that the person picks. @throws FailureError */
  async openSkill(argument: unknown): Promise<void> {
    await openSkill(this.ui, this.shown, argument);
  }

  /** Shows what came with the content of a document. */
  async showMetadata(argument: unknown): Promise<void> {
    await this.shown.metadata.show(argument);
  }

  /** Reads a resource again into a document whose address is known. @throws FailureError */
  async restore(ref: ResourceRef, document: vscode.Uri): Promise<void> {
    await this.shown.restore(ref, document);
  }

  dispose(): void {
    this.shown.dispose();
  }
}

async function openResource(ui: UiContext, open: OpenResources, argument: unknown): Promise<void> {
  const read = readTarget(argument);
  const target = read?.target;
  // Results may link to resources that no list has, so a link of ours is enough; from anybody else only what is offered.
  if (target?.kind === 'resource' && (read?.isOwn === true || findResource(ui.host, target))) {
    await open.open(resourceOf(ui, target.serverId, target.uri));
    return;
  }
  const isTemplate = target?.kind === 'template' && findTemplate(ui.host, target) !== undefined;
  const chosen = isTemplate ? await targetOf(ui, target, 'open', false) : await chooseResource(ui, 'open');
  if (chosen !== undefined && chosen !== 'back') await open.open(resourceOf(ui, chosen.serverId, chosen.uri));
}
