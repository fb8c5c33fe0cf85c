/** Says in the header of a result what came of holding it against what its tool promises. */

import * as vscode from 'vscode';

import { safeText } from '../../policy/safeText';
import type { ToolCallResult } from '../../protocol/content';
import type { ToolDefinition } from '../../protocol/model';
import { checkOutput } from './outputCheck';

/** Sentences that are safe to show; none when there is nothing to say. */
export async function outputNotes(
  definition: ToolDefinition,
  result: ToolCallResult,
  validator: Parameters<typeof checkOutput>[2],
): Promise<string[]> {
  const found = await checkOutput(definition, result, validator);
  switch (found.kind) {
    case 'fine':
      return [];
    case 'absent':
      return [vscode.l10n.t('The tool declares structured output, but returned none.')];
    case 'mismatch':
      return [
        vscode.l10n.t('The output does not match what the tool declares: {0}.', safeText(found.text, 200)),
      ];
    case 'unchecked':
      if (found.reason === 'large-schema')
        return [vscode.l10n.t('The output was not checked: the output schema is too large.')];
      if (found.reason === 'large-output')
        return [vscode.l10n.t('The output was not checked: it is too large.')];
      return [vscode.l10n.t('The output was not checked: {0}.', safeText(found.reason.text, 200))];
  }
}
