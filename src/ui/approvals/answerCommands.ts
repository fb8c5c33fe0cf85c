/** Commands by which a person edits a request for a model answer, and decides what becomes of a model's answer. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';
import type { ApprovalParts } from './parts';

const isSampling = ({ subject }: ConsentEntry): boolean => subject.kind === 'sampling';
const isAnswer = ({ subject }: ConsentEntry): boolean => subject.kind === 'sampling-answer';

/** Registers them. */
export function answerCommands(
  ui: UiContext,
  decisions: Decisions,
  parts: ApprovalParts,
): vscode.Disposable[] {
  const { l10n } = vscode;
  const answerOf = async (
    argument: unknown,
    title: string,
    to: 'decide' | 'release' = 'decide',
  ): Promise<ConsentEntry | undefined> => await decisions.resolve(argument, { title, fits: isAnswer, to });
  return [
    registerCommand(ui, Commands.editRequest, async (argument) => {
      if (argument === undefined && (await parts.offerSend())) return;
      const wanted = { title: l10n.t('Edit Request'), fits: isSampling, to: 'decide' } as const;
      const entry = await decisions.resolve(argument, wanted);
      if (entry?.subject.kind !== 'sampling') return;
      if (entry.subject.model.kind === 'model') return await parts.openDraft(entry, 'edit-request');
      // Editing means that a model answers.
      void vscode.window.showInformationMessage(
        l10n.t('No language model can answer this request, so there is no use in editing it.'),
      );
    }),
    registerCommand(ui, Commands.returnAnswer, async (argument) => {
      const entry = await answerOf(argument, l10n.t('Return It'), 'release');
      if (entry) decisions.decide(entry.id, { kind: 'allow-once' });
    }),
    registerCommand(ui, Commands.editAnswer, async (argument) => {
      if (argument === undefined && (await parts.offerSend())) return;
      const entry = await answerOf(argument, l10n.t('Edit and Return'));
      if (entry) await parts.openDraft(entry, 'edit-answer');
    }),
    registerCommand(ui, Commands.refuseAnswer, async (argument) => {
      const entry = await answerOf(argument, l10n.t('Refuse'));
      if (entry) decisions.decide(entry.id, { kind: 'deny' });
    }),
  ];
}
