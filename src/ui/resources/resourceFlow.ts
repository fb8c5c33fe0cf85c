/** *Open Resource…* and *Open Skill…*, from the palette, a tree row or a link of a result. */

import * as vscode from 'vscode';

import type { Disposable } from '../../base/disposable';
import { safeText } from '../../policy/safeText';
import { findResource, findTemplate, readTarget } from '../items/targets';
import type { VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';
import { OpenResources } from './openResources';
import { pickResource, type ResourceChoice } from './resourcePicker';
import { resourceOf, type ResourceRef } from './resourceRef';
import { openSkill } from './skills';
import { askTemplate, askUri } from './templateFlow';

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
  if (target?.kind === 'template' && findTemplate(ui.host, target)) {
    await openChoice(ui, open, target, false);
    return;
  }
  for (;;) {
    const picked = await pickResource(ui.host);
    if (!picked)
      void vscode.window.showInformationMessage(vscode.l10n.t('No running server offers resources.'));
    if (picked?.kind !== 'value') return;
    if ((await openChoice(ui, open, picked.value, true)) === 'done') return;
  }
}

async function openChoice(
  ui: UiContext,
  open: OpenResources,
  choice: ResourceChoice,
  canGoBack: boolean,
): Promise<'back' | 'done'> {
  const { serverId } = choice;
  const uri = await addressOf(ui, choice, canGoBack);
  if (uri === 'back') return 'back';
  if (uri !== undefined) await open.open(resourceOf(ui, serverId, uri.address));
  return 'done';
}

async function addressOf(
  { host }: UiContext,
  choice: ResourceChoice,
  canGoBack: boolean,
): Promise<{ readonly address: string } | 'back' | undefined> {
  const { serverId } = choice;
  const server = safeText(host.server(serverId)?.definition.name ?? '', 60);
  switch (choice.kind) {
    case 'resource':
      return { address: choice.uri };
    case 'template': {
      const item = findTemplate(host, choice)?.item;
      const title = `${safeText(item?.title ?? item?.name ?? '', 60)} (${server})`;
      const answer = await askTemplate(host, { serverId, uriTemplate: choice.uriTemplate, title, canGoBack });
      return answer.kind === 'uri' ? { address: answer.uri } : answer.kind === 'back' ? 'back' : undefined;
    }
    case 'any': {
      const address = (await askUri(vscode.l10n.t('Open Resource ({0})', server)))?.trim();
      return address === undefined || address === '' ? undefined : { address };
    }
  }
}
