/**
 * Allows a request for more than this once: a few steps to a rule about those that come after it. The first choice of each step is the
 * narrowest, so that who only presses Enter allows this request and nothing else.
 */

import * as vscode from 'vscode';

import { Views } from '../../contributions/ids';
import type { ConsentEntry, ConsentSubject } from '../../host/consentQueue';
import type { GrantTerms } from '../../host/samplingGrants';
import type { GrantOffer } from '../../policy/samplingGrants';
import { safeText } from '../../policy/safeText';
import type { StepOutcome } from '../calls/steps';
import type { UiContext } from '../uiContext';
import type { Draft } from './allowForDraft';
import { allowForSteps } from './allowForSteps';
import type { Decisions } from './decisions';
import { whenSettled } from './whenSettled';

type Sampling = Extract<ConsentSubject, { kind: 'sampling' }>;

/** Runs the steps. An entry that ends meanwhile closes them, and the person is told. */
export async function allowFor(entry: ConsentEntry, ui: UiContext, decisions: Decisions): Promise<void> {
  const { subject } = entry;
  if (subject.kind !== 'sampling') return;
  const { grant: offer } = subject;
  if (!offer) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No rule can be made of this request.'));
    return;
  }
  const over = new AbortController();
  void whenSettled(ui.host.consent, entry).then(() => over.abort());
  const draft = await askAll(entry, subject, offer, over.signal);
  if (over.signal.aborted) return decisions.tellGone();
  if (!draft?.scope) return;
  if (draft.scope === 'once') {
    decisions.decide(entry.id, { kind: 'allow-once' });
    return;
  }
  await follow(entry, termsOf({ ...draft, scope: draft.scope }), ui, decisions);
}

/** Goes from step to step, and back. @returns undefined when the person leaves */
async function askAll(
  { serverName }: ConsentEntry,
  subject: Sampling,
  offer: GrantOffer,
  until: AbortSignal,
): Promise<Draft | undefined> {
  let draft: Draft = { onlyTool: true, onlyModel: true, covers: [] };
  for (let index = 0; ;) {
    const steps = allowForSteps(draft, subject, offer);
    const step = steps[index];
    if (!step) return draft;
    const outcome: StepOutcome<Draft> = await step(draft, {
      title: vscode.l10n.t('Allow "{0}" For…', safeText(serverName, 64)),
      step: index + 1,
      totalSteps: steps.length,
      canGoBack: index > 0,
      until,
    });
    if (outcome.kind === 'value') draft = outcome.value;
    else if (outcome.kind !== 'back') return undefined;
    index += outcome.kind === 'back' ? -1 : 1;
  }
}

/** What was chosen; the last step of every way there has set the bounds. */
function termsOf(
  draft: Draft & { readonly scope: Exclude<Draft['scope'], 'once' | undefined> },
): GrantTerms | undefined {
  const { scope, onlyTool, onlyModel, bounds, covers, lastsMs } = draft;
  return bounds && bounds !== 'custom'
    ? {
        scope,
        onlyTool,
        onlyModel,
        bounds,
        covers,
        ...(lastsMs === undefined || scope === 'session' ? {} : { lastsMs }),
      }
    : undefined;
}

async function follow(
  { id, serverName }: ConsentEntry,
  terms: GrantTerms | undefined,
  { host }: UiContext,
  decisions: Decisions,
): Promise<void> {
  const { l10n, window } = vscode;
  const outcome = terms ? await host.permissions.allowFor(id, terms) : 'not-grantable';
  switch (outcome) {
    case 'gone':
      return decisions.tellGone();
    case 'not-grantable':
      void window.showInformationMessage(l10n.t('No rule can be made of this request.'));
      return;
    case 'not-stored':
      void window.showWarningMessage(
        l10n.t('The request was allowed once. The rule could not be stored, so you are asked again.'),
      );
      return;
    case 'allowed': {
      const show = l10n.t('Show Permissions');
      const text = l10n.t(
        'Requests of "{0}" that your rule covers are not asked about any more.',
        safeText(serverName, 64),
      );
      void window.showInformationMessage(text, show).then((choice) => {
        if (choice === show) void vscode.commands.executeCommand(`${Views.permissions}.focus`);
      });
    }
  }
}
