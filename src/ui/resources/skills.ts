/** *Open Skill…* from the palette or a tree row. */

import * as vscode from 'vscode';

import { isObject, ownString } from '../../base/json';
import type { Offered } from '../../host/host';
import { askPick } from '../calls/steps';
import { listedDetail, listedRow, serverName } from '../items/listedRows';
import { offersOrWhyNot } from '../items/offers';
import type { UiContext } from '../uiContext';
import type { OpenResources } from './openResources';
import { skillFile } from './resourceRef';

type Skill = Offered<'skills'>;

/** Opens the file that a row names, or the SKILL.md of the skill that the person picks. @throws FailureError */
export async function openSkill(ui: UiContext, open: OpenResources, argument: unknown): Promise<void> {
  const named = namedBy(ui, argument);
  const skill = named?.skill ?? (await pickSkill(ui));
  if (skill) await open.open(skillFile(skill, named?.path));
}

function namedBy(
  { host }: UiContext,
  argument: unknown,
): { readonly skill: Skill; readonly path: string | undefined } | undefined {
  if (!isObject(argument)) return undefined;
  const serverId = ownString(argument, 'serverId');
  const uri = ownString(argument, 'uri');
  const path = ownString(argument, 'path');
  const skill = host.offered('skills').find(({ server, item }) => server.id === serverId && item.uri === uri);
  return skill && { skill, path };
}

async function pickSkill({ host }: UiContext): Promise<Skill | undefined> {
  const skills = await offersOrWhyNot(host, {
    kind: 'skills',
    make: () => Promise.resolve(host.offered('skills')),
    none: vscode.l10n.t('No running server offers skills.'),
  });
  if (skills.length === 0) return undefined;
  const outcome = await askPick(
    { title: vscode.l10n.t('Open Skill'), canGoBack: false },
    {
      placeholder: vscode.l10n.t('Search by name, server or description'),
      items: skills.map((skill) => ({
        label: listedRow(skill.server, 'skills', skill.item).label,
        description: serverName(skill),
        detail: listedDetail(skill.item) ?? '',
        iconPath: new vscode.ThemeIcon('book'),
        value: skill,
      })),
      ignoreFocusOut: false,
    },
  );
  return outcome.kind === 'value' ? outcome.value : undefined;
}
