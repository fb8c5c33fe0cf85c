/** From what the person picks to the address of a resource: a template is filled in, an address may be typed. */

import * as vscode from 'vscode';

import { safeText, type SafeText } from '../../policy/safeText';
import { findTemplate, type ResourceTarget } from '../items/targets';
import type { UiContext } from '../uiContext';
import { pickResource, type ResourceChoice } from './resourcePicker';
import { askTemplate, askUri } from './templateFlow';

/** What the choice is for, as it stands over the questions. */
type ChoiceTitle = 'open' | 'context';

/** Lets the person pick, and go back to that. @returns undefined when they leave, or nothing is offered, which is told */
export async function chooseResource(ui: UiContext, title: ChoiceTitle): Promise<ResourceTarget | undefined> {
  for (;;) {
    const picked = await pickResource(ui.host, titleOf(title));
    if (!picked)
      void vscode.window.showInformationMessage(vscode.l10n.t('No running server offers resources.'));
    if (picked?.kind !== 'value') return undefined;
    const target = await targetOf(ui, picked.value, title, true);
    if (target !== 'back') return target;
  }
}

/** The resource of a choice, with its template filled in or its address typed. */
export async function targetOf(
  { host }: UiContext,
  choice: ResourceChoice,
  title: ChoiceTitle,
  canGoBack: boolean,
): Promise<ResourceTarget | 'back' | undefined> {
  const { serverId } = choice;
  const server = safeText(host.server(serverId)?.definition.name ?? '', 60);
  switch (choice.kind) {
    case 'resource':
      return choice;
    case 'template': {
      const item = findTemplate(host, choice)?.item;
      const asked = `${safeText(item?.title ?? item?.name ?? '', 60)} (${server})`;
      const { uriTemplate } = choice;
      const answer = await askTemplate(host, { serverId, uriTemplate, title: asked, canGoBack });
      if (answer.kind === 'uri') return { kind: 'resource', serverId, uri: answer.uri };
      return answer.kind === 'back' ? 'back' : undefined;
    }
    case 'any': {
      const uri = (await askUri(titleOf(title, server)))?.trim();
      return uri === undefined || uri === '' ? undefined : { kind: 'resource', serverId, uri };
    }
  }
}

function titleOf(title: ChoiceTitle, server?: SafeText): string {
  const { l10n } = vscode;
  if (title === 'open')
    return server === undefined ? l10n.t('Open Resource') : l10n.t('Open Resource ({0})', server);
  return server === undefined ? l10n.t('Add to Context') : l10n.t('Add to Context ({0})', server);
}
