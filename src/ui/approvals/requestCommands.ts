/** The commands that show what waits, and decide about requests for model answers. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import type { ApprovalParts } from './parts';

const isRequest = ({ subject }: ConsentEntry): boolean => subject.kind !== 'launch';
const isSampling = ({ subject }: ConsentEntry): boolean => subject.kind === 'sampling';
const isInput = ({ subject }: ConsentEntry): boolean =>
  subject.kind === 'elicitation' || subject.kind === 'elicitation-wait';
const isAboutSampling = (entry: ConsentEntry): boolean =>
  isSampling(entry) || entry.subject.kind === 'sampling-answer';
const any = (): boolean => true;

/** Registers them. */
export function requestCommands(
  ui: UiContext,
  decisions: Decisions,
  parts: ApprovalParts,
): vscode.Disposable[] {
  const { l10n } = vscode;
  return [
    ...lookCommands(ui, decisions, parts),
    registerCommand(ui, Commands.allowRequest, async (argument) => {
      // A server is never approved without its review.
      const wanted = { title: l10n.t('Allow Once'), fits: isSampling, to: 'release' } as const;
      const entry = await decisions.resolve(argument, wanted);
      if (entry?.subject.kind !== 'sampling') return;
      if (entry.subject.model.kind === 'model') decisions.decide(entry.id, { kind: 'allow-once' });
      else await offerWithoutModel(entry, decisions, parts);
    }),
    registerCommand(ui, Commands.allowFor, async (argument) => {
      const wanted = { title: l10n.t('Allow For'), fits: isSampling, to: 'release' } as const;
      const entry = await decisions.resolve(argument, wanted);
      if (entry?.subject.kind !== 'sampling') return;
      if (entry.subject.model.kind === 'model') await parts.allowFor(entry);
      else await offerWithoutModel(entry, decisions, parts);
    }),
    ...denyCommands(ui, decisions),
    registerCommand(ui, Commands.selectSamplingModel, async (argument) => await parts.selectModel(argument)),
  ];
}

/** Those that show what waits. */
function lookCommands(ui: UiContext, decisions: Decisions, parts: ApprovalParts): vscode.Disposable[] {
  const { l10n } = vscode;
  return [
    registerCommand(ui, Commands.reviewServers, async () => {
      await ui.host.reviewChanges();
      if (await parts.reviewLaunches(false)) return;
      void vscode.window.showInformationMessage(l10n.t('No server is waiting to start.'));
    }),
    registerCommand(ui, Commands.reviewRequest, async (argument) => {
      // All launches are reviewed in one place, so they need no choice among them.
      if (argument === undefined && !ui.host.consent.entries().some(isRequest)) {
        await parts.reviewLaunches(false);
        return;
      }
      const entry = await decisions.resolve(argument, {
        title: l10n.t('Review Request'),
        fits: any,
        to: 'look',
      });
      if (!entry) return;
      if (entry.subject.kind === 'sign-in') await parts.askToSignIn(entry);
      else if (entry.subject.kind === 'roots') await parts.askForFolders(entry);
      else if (entry.subject.kind === 'tool') await parts.askToRun(entry);
      else if (isInput(entry)) await parts.askForInput(entry);
      else if (isAboutSampling(entry)) await parts.reviewSampling(entry);
      else await parts.reviewLaunches(false);
    }),
    registerCommand(ui, Commands.openRequestDocument, async (argument) => {
      const wanted = {
        title: l10n.t('Open Model Request as Document'),
        fits: isAboutSampling,
        to: 'look',
      } as const;
      const entry = await decisions.resolve(argument, wanted);
      if (entry) await parts.review(entry);
    }),
  ];
}

function denyCommands(ui: UiContext, decisions: Decisions): vscode.Disposable[] {
  const { l10n } = vscode;
  return [
    registerCommand(ui, Commands.denyRequest, async (argument) => {
      const entry = await decisions.resolve(argument, { title: l10n.t('Deny'), fits: any, to: 'decide' });
      if (entry) decisions.decide(entry.id, { kind: 'deny' });
    }),
    registerCommand(ui, Commands.denySeveral, async () => {
      // Only no may be said to different requests at once; what ends meanwhile needs no answer.
      const asked = [
        l10n.t('Deny Several Requests'),
        l10n.t('Each request that is checked is denied'),
      ] as const;
      for (const { id } of await decisions.resolveSeveral(...asked))
        ui.host.consent.decide(id, { kind: 'deny' });
    }),
  ];
}

/** Allowing means that a model answers; when none can, the person is told what else there is. */
async function offerWithoutModel(
  entry: ConsentEntry,
  decisions: Decisions,
  parts: ApprovalParts,
): Promise<void> {
  const review = vscode.l10n.t('Review…');
  const deny = vscode.l10n.t('Deny');
  const message = vscode.l10n.t('No language model can answer this request.');
  const choice = await vscode.window.showWarningMessage(message, review, deny);
  if (choice === review) await parts.reviewSampling(entry);
  else if (choice === deny) decisions.decide(entry.id, { kind: 'deny' });
}
