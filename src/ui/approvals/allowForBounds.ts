/** The steps that ask how much a rule allows: what many will take, or each number by itself. */

import * as vscode from 'vscode';

import { err, ok, type Result } from '../../base/result';
import { GRANT_LIMITS, isBound, type GrantBounds } from '../../policy/samplingGrants';
import { dayText, hourText } from '../../presentation/grantTexts';
import { askInput, askPick, type PickItem, type StepFrame, type StepOutcome } from '../calls/steps';
import { DAY_MS, DEFAULT_DAYS, mapped, type Draft, type Step } from './allowForDraft';

const PRESETS: readonly GrantBounds[] = [
  { tokensPerRequest: 5_000, hour: { requests: 5, tokens: 10_000 }, day: { requests: 20, tokens: 40_000 } },
  {
    tokensPerRequest: 10_000,
    hour: { requests: 10, tokens: 20_000 },
    day: { requests: 50, tokens: 100_000 },
  },
  {
    tokensPerRequest: 50_000,
    hour: { requests: 30, tokens: 200_000 },
    day: { requests: 150, tokens: 1_000_000 },
  },
];

/** Asks for one of several sets of bounds. @param tokens what the request may take @param modelName safe to show */
export async function askBounds(
  draft: Draft,
  frame: StepFrame,
  tokens: number,
  modelName: string,
): Promise<StepOutcome<Draft>> {
  const { l10n } = vscode;
  const presets = PRESETS.filter(({ tokensPerRequest }) => tokensPerRequest >= tokens);
  const about =
    draft.scope === 'session'
      ? l10n.t('only {0}', modelName)
      : l10n.t('only {0}, for {1} days', modelName, DEFAULT_DAYS);
  const items: readonly PickItem<GrantBounds | 'custom'>[] = [
    ...(presets.length === 0 ? [] : [{ label: about, kind: vscode.QuickPickItemKind.Separator }]),
    ...presets.map((bounds) => ({ value: bounds, label: hourText(bounds), detail: dayText(bounds) })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    {
      value: 'custom' as const,
      label: l10n.t('Other Bounds…'),
      detail: l10n.t('Tokens, requests, models and an end of your own'),
    },
  ];
  const placeholder = l10n.t(
    'How much? A request like this one takes about {0} tokens at most',
    tokens.toLocaleString('en'),
  );
  const active = draft.bounds && items.find(({ value }) => value === draft.bounds);
  const outcome = await askPick(frame, { placeholder, items, active });
  return mapped(outcome, (bounds) => {
    const { custom: _, ...others } = draft;
    return bounds === 'custom'
      ? { ...others, bounds, custom: draft.custom ?? customFor(tokens) }
      : { ...others, bounds, onlyModel: true, lastsMs: DEFAULT_DAYS * DAY_MS };
  });
}

/** What the steps for bounds of one's own begin with: room for ten requests like this one. */
function customFor(tokens: number): GrantBounds {
  const { hour, day, tokensPerRequest } = GRANT_LIMITS;
  return {
    tokensPerRequest: Math.min(tokensPerRequest, Math.max(5_000, tokens)),
    hour: { requests: 10, tokens: Math.min(hour.tokens, Math.max(20_000, tokens * 10)) },
    day: { requests: 50, tokens: Math.min(day.tokens, Math.max(100_000, tokens * 50)) },
  };
}

/** Asks for each number. @param tokens what the request may take */
export function numberSteps(tokens: number): readonly Step[] {
  const { l10n } = vscode;
  const { tokensPerRequest, hour, day } = GRANT_LIMITS;
  const step =
    (
      prompt: string,
      most: number,
      get: (bounds: GrantBounds) => number,
      set: (bounds: GrantBounds, value: number) => GrantBounds,
    ): Step =>
    async (draft, frame) => {
      const custom = draft.custom ?? customFor(tokens);
      const value = String(get(custom));
      const outcome = await askInput(frame, { prompt, value, read: (text) => readBound(text, most) });
      return mapped(outcome, (given) => {
        const bounds = set(custom, given);
        return { ...draft, custom: bounds, bounds };
      });
    };
  return [
    step(
      l10n.t('Tokens in one request, with the answer; this one takes about {0}', tokens.toLocaleString('en')),
      tokensPerRequest,
      (bounds) => bounds.tokensPerRequest,
      (bounds, value) => ({ ...bounds, tokensPerRequest: value }),
    ),
    step(
      l10n.t('Requests an hour'),
      hour.requests,
      (bounds) => bounds.hour.requests,
      (bounds, value) => ({ ...bounds, hour: { ...bounds.hour, requests: value } }),
    ),
    step(
      l10n.t('Tokens an hour'),
      hour.tokens,
      (bounds) => bounds.hour.tokens,
      (bounds, value) => ({ ...bounds, hour: { ...bounds.hour, tokens: value } }),
    ),
    step(
      l10n.t('Requests a day'),
      day.requests,
      (bounds) => bounds.day.requests,
      (bounds, value) => ({ ...bounds, day: { ...bounds.day, requests: value } }),
    ),
    step(
      l10n.t('Tokens a day'),
      day.tokens,
      (bounds) => bounds.day.tokens,
      (bounds, value) => ({ ...bounds, day: { ...bounds.day, tokens: value } }),
    ),
  ];
}

/** Digits, and separators of thousands where somebody writes them. */
function readBound(text: string, most: number): Result<number, string> {
  const digits = text.trim().replaceAll(/(?<=\d)[ ,.'\u00a0](?=\d{3}\b)/g, '');
  const value = /^\d{1,12}$/.test(digits) ? Number(digits) : NaN;
  return isBound(value, most)
    ? ok(value)
    : err(vscode.l10n.t('Enter a whole number from 1 to {0}.', most.toLocaleString('en')));
}
