/** Lets the person choose which model answers a server's requests. Each request still waits for their decision. */

import * as vscode from 'vscode';

import { isObject, ownString, type JsonValue } from '../../base/json';
import { SETTINGS_SECTION, Settings } from '../../contributions/ids';
import type { ListedModel } from '../../host/ports';
import { safeText } from '../../policy/safeText';
import { pickServer } from '../servers/pickServer';
import type { UiContext } from '../uiContext';

interface ModelItem extends vscode.QuickPickItem {
  /** Undefined leaves the choice to the host. */
  readonly key?: string;
  /** Only tells something. */
  readonly isNote?: true;
}

/** Runs the picker. @param argument a row of the Servers view, or undefined */
export async function selectSamplingModel(ui: UiContext, argument: unknown): Promise<void> {
  const server = await pickServer(ui, argument, vscode.l10n.t('Select Model for Sampling'), () => true);
  if (!server) return;
  const chosen = readChoices();
  const current = isObject(chosen) ? ownString(chosen, server.id) : undefined;
  const list = ui.models.list().then(({ models, problems }) => items(models, problems, current));
  const picked = await vscode.window.showQuickPick(list, {
    title: vscode.l10n.t('Model That Answers "{0}"', safeText(server.definition.name, 64)),
    placeHolder: vscode.l10n.t('You still decide about every request'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked && picked.isNote !== true) await writeChoice(server.id, picked.key);
}

function items(
  models: readonly ListedModel[],
  problems: readonly string[],
  current: string | undefined,
): ModelItem[] {
  const mark = (key: string | undefined): string => (key === current ? vscode.l10n.t('selected') : '');
  const known = models.map(({ key, name, vendor, family, endpointHost }): ModelItem => ({
    label: safeText(name, 80),
    description: mark(key),
    detail:
      endpointHost === undefined
        ? safeText(`${vendor}, ${family}`, 120)
        : vscode.l10n.t('At your model endpoint, {0}', safeText(endpointHost, 120)),
    iconPath: new vscode.ThemeIcon(endpointHost === undefined ? 'sparkle' : 'server-environment'),
    key,
  }));
  const told = problems.map((problem): ModelItem => ({
    label: vscode.l10n.t('Not all models could be listed'),
    detail: safeText(problem, 300),
    iconPath: new vscode.ThemeIcon('warning'),
    alwaysShow: true,
    isNote: true,
  }));
  const missing = current !== undefined && !known.some(({ key }) => key === current);
  return [
    {
      label: vscode.l10n.t('Automatic'),
      description: mark(undefined),
      detail: vscode.l10n.t('What the server wishes for, as far as there is such a model'),
      iconPath: new vscode.ThemeIcon('wand'),
    },
    ...(known.length === 0
      ? [
          {
            label: vscode.l10n.t('No language model is installed, or you are not signed in to one'),
            kind: vscode.QuickPickItemKind.Separator,
          },
        ]
      : [{ label: vscode.l10n.t('models'), kind: vscode.QuickPickItemKind.Separator }, ...known]),
    ...told,
    ...(missing
      ? [
          {
            label: safeText(current, 80),
            description: mark(current),
            detail: vscode.l10n.t('Not available now'),
            iconPath: new vscode.ThemeIcon('warning'),
            key: current,
          },
        ]
      : []),
  ];
}

function readChoices(): JsonValue | undefined {
  return vscode.workspace.getConfiguration(SETTINGS_SECTION).inspect<JsonValue>(Settings.samplingModels)
    ?.globalValue;
}

async function writeChoice(serverId: string, key: string | undefined): Promise<void> {
  // Read again: the settings may have changed while the person chose.
  const before = readChoices();
  const others = isObject(before) ? Object.entries(before).filter(([id]) => id !== serverId) : [];
  const entries = key === undefined ? others : [...others, [serverId, key] as const];
  await vscode.workspace
    .getConfiguration(SETTINGS_SECTION)
    .update(
      Settings.samplingModels,
      entries.length === 0 ? undefined : Object.fromEntries(entries),
      vscode.ConfigurationTarget.Global,
    );
}
