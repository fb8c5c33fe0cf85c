/** Asks for the variables of a resource template one by one, with completion, and makes the address of them. */

import * as vscode from 'vscode';

import type { Host } from '../../host/host';
import { safeText } from '../../policy/safeText';
import {
  expandUriTemplate,
  parseUriTemplate,
  type TemplateValue,
  type TemplateVariable,
} from '../../presentation/uriTemplate';
import { askValue } from './askValue';

interface TemplateQuestion {
  readonly serverId: string;
  readonly uriTemplate: string;
  /** Safe text. */
  readonly title: string;
  readonly canGoBack: boolean;
}

/** The address, or how the questions ended without one. */
type TemplateAnswer = { readonly kind: 'uri'; readonly uri: string } | { readonly kind: 'back' | 'cancel' };

/** Asks; problems with the template are told here. */
export async function askTemplate(host: Host, question: TemplateQuestion): Promise<TemplateAnswer> {
  const { serverId, uriTemplate, title, canGoBack } = question;
  const template = parseUriTemplate(uriTemplate);
  if (!template.ok) {
    void vscode.window.showErrorMessage(vscode.l10n.t('This template cannot be used. {0}', template.error));
    return { kind: 'cancel' };
  }
  const { variables } = template.value;
  const typed = new Map<string, string>();
  for (let position = 0; position < variables.length;) {
    const variable = variables[position];
    if (!variable) break;
    const resolved = Object.fromEntries(
      [...typed].filter(([name, value]) => name !== variable.name && value !== ''),
    );
    const outcome = await askValue(
      {
        title: `${title}: ${safeText(variable.name, 60)}`,
        step: position + 1,
        totalSteps: variables.length,
        canGoBack: position > 0 || canGoBack,
      },
      {
        placeholder: placeholderOf(variable, uriTemplate),
        value: typed.get(variable.name) ?? '',
        allowEmpty: variable.optional,
        complete: async (value, signal) =>
          await host.complete(
            serverId,
            { ref: { kind: 'resource', uriTemplate }, argument: { name: variable.name, value }, resolved },
            signal,
          ),
      },
    );
    if (outcome.kind === 'value') {
      typed.set(variable.name, outcome.value);
      position += 1;
    } else if (outcome.kind === 'back' && position > 0) position -= 1;
    else return { kind: outcome.kind === 'back' ? 'back' : 'cancel' };
  }
  const uri = expandUriTemplate(template.value, valuesOf(variables, typed));
  if (uri.ok) return { kind: 'uri', uri: uri.value };
  void vscode.window.showErrorMessage(uri.error);
  return { kind: 'cancel' };
}

function valuesOf(
  variables: readonly TemplateVariable[],
  typed: ReadonlyMap<string, string>,
): Map<string, TemplateValue> {
  const values = new Map<string, TemplateValue>();
  for (const { name, explode } of variables) {
    const text = typed.get(name) ?? '';
    if (text === '') continue;
    values.set(name, explode ? text.split(',').map((part) => part.trim()) : text);
  }
  return values;
}

function placeholderOf({ explode, optional }: TemplateVariable, uriTemplate: string): string {
  const template = safeText(uriTemplate, 100);
  if (explode) return vscode.l10n.t('Values for {0}, separated by commas', template);
  return optional
    ? vscode.l10n.t('Value for {0}, may be left empty', template)
    : vscode.l10n.t('Value for {0}', template);
}

/** Asks for a whole address. */
export async function askUri(title: string): Promise<string | undefined> {
  return await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('The address of the resource. It is read from the server, never opened from here.'),
    placeHolder: 'file:///path/name.txt',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || /^[A-Za-z][A-Za-z0-9+.-]*:/.test(value.trim())
        ? undefined
        : vscode.l10n.t('An address begins with a scheme, such as "file:".'),
  });
}
