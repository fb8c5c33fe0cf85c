/** The steps that lead to a rule about requests for model answers: what each asks, and what its answers mean. */

import * as vscode from 'vscode';

import type { ConsentSubject } from '../../host/consentQueue';
import type { GrantExtra, GrantOffer } from '../../policy/samplingGrants';
import { safeText } from '../../policy/safeText';
import { askPick, askPickMany, type PickItem, type StepFrame, type StepOutcome } from '../calls/steps';
import { askBounds, numberSteps } from './allowForBounds';
import { DAY_MS, DEFAULT_DAYS, mapped, type Draft, type Step } from './allowForDraft';

type Sampling = Extract<ConsentSubject, { kind: 'sampling' }>;

/** The steps as far as they are known with what was chosen so far. */
export function allowForSteps(draft: Draft, { model }: Sampling, offer: GrantOffer): readonly Step[] {
  const { facts } = offer;
  const scope: Step = async (now, frame) => await askScope(now, frame, offer);
  if (draft.scope === 'once') return [scope];
  const { cause } = facts;
  const modelName = model.kind === 'model' ? safeText(model.name, 64) : '';
  const extras = facts.extras.flatMap((extra) => (extra === 'unknown' ? [] : [extra]));
  return [
    scope,
    ...(cause.kind === 'tool'
      ? [async (now: Draft, frame: StepFrame) => await askTool(now, frame, cause.name)]
      : []),
    async (now, frame) => await askBounds(now, frame, facts.tokens, modelName),
    ...(extras.length > 0
      ? [async (now: Draft, frame: StepFrame) => await askCovers(now, frame, extras)]
      : []),
    ...(draft.bounds === 'custom' || draft.custom
      ? [
          ...numberSteps(facts.tokens),
          async (now: Draft, frame: StepFrame) => await askModel(now, frame, modelName),
          ...(draft.scope === 'session' ? [] : [askEnd]),
        ]
      : []),
  ];
}

async function askScope(
  draft: Draft,
  frame: StepFrame,
  { facts, isOwn }: GrantOffer,
): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const item = (
    value: NonNullable<Draft['scope']>,
    label: string,
    detail: string,
  ): PickItem<NonNullable<Draft['scope']>> => ({ value, label, detail });
  const items = [
    item('once', l10n.t('This Request'), l10n.t('The next one is asked about again')),
    item('session', l10n.t('This Session'), l10n.t('Until this window is closed or reloaded')),
    ...(facts.workspace === ''
      ? []
      : [item('workspace', l10n.t('This Workspace'), l10n.t('Also after a restart of the editor'))]),
    ...(isOwn
      ? [
          item(
            'always',
            l10n.t('Always'),
            l10n.t('In every workspace where it is started in exactly this way'),
          ),
        ]
      : []),
  ];
  const placeholder = l10n.t('How long may this server ask a model without asking you?');
  const outcome = await askPick(frame, {
    placeholder,
    items,
    active: items.find(({ value }) => value === draft.scope),
  });
  return mapped(outcome, (scope) => ({ ...draft, scope }));
}

async function askTool(draft: Draft, frame: StepFrame, tool: string): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const items = [
    {
      value: true,
      label: l10n.t('Only {0}', safeText(tool, 64)),
      detail: l10n.t('Requests that this tool is known to have led to'),
    },
    {
      value: false,
      label: l10n.t('Any Call of Yours'),
      detail: l10n.t('Also requests of which it is not known what led to them'),
    },
  ];
  const placeholder = l10n.t('Which requests?');
  const active = items.find(({ value }) => value === draft.onlyTool);
  const outcome = await askPick(frame, { placeholder, items, active });
  return mapped(outcome, (onlyTool) => ({ ...draft, onlyTool }));
}

async function askModel(draft: Draft, frame: StepFrame, modelName: string): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const items = [
    { value: true, label: l10n.t('Only {0}', modelName) },
    {
      value: false,
      label: l10n.t('Any Model'),
      detail: l10n.t('Whichever is chosen for a request, by its wishes and your settings'),
    },
  ];
  const placeholder = l10n.t('Which models may answer?');
  const active = items.find(({ value }) => value === draft.onlyModel);
  const outcome = await askPick(frame, { placeholder, items, active });
  return mapped(outcome, (onlyModel) => ({ ...draft, onlyModel }));
}

async function askCovers(
  draft: Draft,
  frame: StepFrame,
  extras: readonly GrantExtra[],
): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const labels = {
    media: l10n.t('Requests with images or sounds'),
    context: l10n.t('Requests that ask for context (nothing is added)'),
  };
  const items = extras.map((value) => ({ value, label: labels[value] }));
  const placeholder = l10n.t('This request holds more than text. Check what the rule shall cover, too');
  const selected = items.filter(({ value }) => draft.covers.includes(value));
  const outcome = await askPickMany(frame, { placeholder, items, selected });
  return mapped(outcome, (covers) => ({ ...draft, covers }));
}

async function askEnd(draft: Draft, frame: StepFrame): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const items = [
    { value: DAY_MS, label: l10n.t('In 24 Hours') },
    { value: 7 * DAY_MS, label: l10n.t('In 7 Days') },
    { value: DEFAULT_DAYS * DAY_MS, label: l10n.t('In {0} Days', DEFAULT_DAYS) },
    { value: 0, label: l10n.t('When I Revoke It') },
  ];
  const placeholder = l10n.t('When does the rule end?');
  const active = items.find(({ value }) => value === (draft.lastsMs ?? DEFAULT_DAYS * DAY_MS));
  const outcome = await askPick(frame, { placeholder, items, active });
  return mapped(outcome, (ms) => ({ ...draft, lastsMs: ms === 0 ? undefined : ms }));
}
