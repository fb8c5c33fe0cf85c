/** Commands by which a person decides what becomes of a model's answer. */

import * as vscode from 'vscode';

import { Commands } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';

const isAnswer = ({ subject }: ConsentEntry): boolean => subject.kind === 'sampling-answer';

/** Registers them. */
export function answerCommands(ui: UiContext, decisions: Decisions): vscode.Disposable[] {
  const { l10n } = vscode;
  const answerOf = async (
    argument: unknown,
    title: string,
    to: 'decide' | 'release' = 'decide',
  ): Promise<ConsentEntry | undefined> => await decisions.resolve(argument, { title, fits: isAnswer, to });
  return [
    registerCommand(ui, Commands.returnAnswer, async (argument) => {
      const entry = await answerOf(argument, l10n.t('Return It'), 'release');
      if (entry) decisions.decide(entry.id, { kind: 'allow-once' });
    }),
    registerCommand(ui, Commands.refuseAnswer, async (argument) => {
      const entry = await answerOf(argument, l10n.t('Refuse'));
      if (entry) decisions.decide(entry.id, { kind: 'deny' });
    }),
  ];
}
