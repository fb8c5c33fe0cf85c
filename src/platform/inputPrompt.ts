/** Asks the person for the values of input variables. What is asked is named as coming from the settings entry. */

import * as vscode from 'vscode';

import type { InputDefinition, InputPromptPort } from '../host/ports';
import { safeText } from '../policy/safeText';

/** Asks for the value of an input variable: a list, or a field, in which a password is not shown. */
export const inputPrompt: InputPromptPort = {
  ask: async (input: InputDefinition, serverName: string) => {
    const title = vscode.l10n.t(
      'Server "{0}" needs a value for "{1}"',
      safeText(serverName, 80),
      safeText(input.id, 80),
    );
    const description = safeText(input.description, 300);
    if (input.options) {
      const picked = await vscode.window.showQuickPick(
        input.options.map((option) => ({ label: safeText(option, 200), option })),
        { title, placeHolder: description, ignoreFocusOut: true },
      );
      return picked?.option;
    }
    return await vscode.window.showInputBox({
      title,
      prompt: description,
      password: input.password,
      ignoreFocusOut: true,
      ...(input.default === undefined || input.password ? {} : { value: input.default }),
    });
  },
};
