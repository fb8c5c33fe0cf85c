/** Lets the person choose which model answers a server's requests. Each request still waits for their decision. */

import * as vscode from 'vscode';

import { isObject, ownString, type JsonValue } from '../../base/json';
import { SETTINGS_SECTION, Settings } from '../../contributions/ids';
import type { ConsentSubject } from '../../host/consentQueue';
import type { ChosenModel, ListedModel } from '../../host/ports';
import { safe, safeText } from '../../policy/safeText';
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

/**
 * Lets the person choose a model for one request that waits, among those that can be asked it. What is chosen for its server stays as it is.
 * @returns undefined when they choose none
 */
export async function pickModelFor(
  { models }: Pick<UiContext, 'models'>,
  { request, model }: Extract<ConsentSubject, { readonly kind: 'sampling' }>,
  chosen: ChosenModel | undefined,
): Promise<ChosenModel | undefined> {
  const current = chosen?.id ?? (model.kind === 'model' ? model.id : undefined);
  let listed: readonly ListedModel[] = [];
  const nothing: ModelItem = { label: vscode.l10n.t('No language model can be asked this'), isNote: true };
  const list = models.list(request).then((found): readonly ModelItem[] => {
    listed = found.models;
    return [
      ...modelItems(found.models, current),
      ...(found.models.length === 0 && found.problems.length === 0 ? [nothing] : []),
      ...problemItems(found.problems),
    ];
  });
  const picked = await vscode.window.showQuickPick(list, {
    title: vscode.l10n.t('Model for This Request'),
    placeHolder: vscode.l10n.t('Nothing is sent before you say so'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  const one = listed.find(({ key }) => key === picked?.key);
  if (!one) return undefined;
  const { key: id, name, vendor, allowedByEditor, endpointHost } = one;
  const why =
    endpointHost === undefined
      ? safe`You chose it for this request.`
      : safe`You chose it for this request. It is at ${safeText(endpointHost, 200)}, the model endpoint of your settings.`;
  const more = endpointHost === undefined ? {} : { systemRole: true as const };
  return { kind: 'model', id, name, vendor, why, allowedByEditor, ...more };
}

function modelItems(models: readonly ListedModel[], current: string | undefined): ModelItem[] {
  return models.map(({ key, name, vendor, family, endpointHost }) => ({
    label: safeText(name, 80),
    description: key === current ? vscode.l10n.t('selected') : '',
    detail:
      endpointHost === undefined
        ? safeText(`${vendor}, ${family}`, 120)
        : vscode.l10n.t('At your model endpoint, {0}', safeText(endpointHost, 120)),
    iconPath: new vscode.ThemeIcon(endpointHost === undefined ? 'sparkle' : 'server-environment'),
    key,
  }));
}

function problemItems(problems: readonly string[]): ModelItem[] {
  return problems.map((problem) => ({
    label: vscode.l10n.t('Not all models could be listed'),
    detail: safeText(problem, 300),
    iconPath: new vscode.ThemeIcon('warning'),
    alwaysShow: true,
    isNote: true,
  }));
}

function items(
  models: readonly ListedModel[],
  problems: readonly string[],
  current: string | undefined,
): ModelItem[] {
  const mark = (key: string | undefined): string => (key === current ? vscode.l10n.t('selected') : '');
  const known = modelItems(models, current);
  const told = problemItems(problems);
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
