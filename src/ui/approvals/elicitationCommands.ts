/** The commands that decide about requests for the person's input. */

import * as vscode from 'vscode';

import { Commands, type CommandId } from '../../contributions/ids';
import type { ConsentEntry, PersonDecision } from '../../host/consentQueue';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { ApprovalTarget, type Decisions } from './decisions';
import type { ApprovalParts } from './parts';

const isInput = ({ subject }: ConsentEntry): boolean => subject.kind === 'elicitation';
const isInputOrWait = (entry: ConsentEntry): boolean =>
  isInput(entry) || entry.subject.kind === 'elicitation-wait';

/** Registers them. */
export function elicitationCommands(
  ui: UiContext,
  decisions: Decisions,
  parts: ApprovalParts,
): vscode.Disposable[] {
  const { l10n } = vscode;
  const deciding = (id: CommandId, title: string, decision: PersonDecision): vscode.Disposable =>
    registerCommand(ui, id, async (argument) => {
      const looked = parts.lookedAtInput();
      const meant = argument === undefined && looked !== undefined ? new ApprovalTarget(looked) : argument;
      const entry = await decisions.resolve(meant, { title, fits: isInput, to: 'decide' });
      if (entry) decisions.decide(entry.id, decision);
    });
  return [
    registerCommand(ui, Commands.answerElicitation, async (argument) => {
      // It decides nothing yet, so the only one there is needs no choice.
      const wanted = { title: l10n.t('Answer Request for Input'), fits: isInputOrWait, to: 'look' } as const;
      const entry = await decisions.resolve(argument, wanted);
      if (entry) await parts.askForInput(entry);
    }),
    deciding(Commands.declineElicitation, l10n.t('Decline Request for Input'), { kind: 'deny' }),
    deciding(Commands.dismissElicitation, l10n.t('Cancel Request for Input'), { kind: 'dismiss' }),
  ];
}
