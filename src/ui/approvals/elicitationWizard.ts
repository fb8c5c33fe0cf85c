/**
 * Fills in a form of a server: a page where everything is seen before it is sent, and one question after the other from there. A
 * value that the server proposes is sent only when the person has passed it (T146).
 */

import * as vscode from 'vscode';

import type { JsonValue } from '../../base/json';
import type {
  ElicitationContent,
  ElicitationField,
  ElicitationForm,
  ElicitationValue,
} from '../../protocol/elicitation';
import { contentProblems } from '../../protocol/elicitationValues';
import { fieldsLikeSecrets, secretInAnswer } from '../../policy/secretQuestion';
import { safeProse, safeText } from '../../policy/safeText';
import { answerProblem, askedFields, fieldName, questionOf } from '../../presentation/elicitationForm';
import { visibleJsonLine } from '../../presentation/visibleJson';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { askField } from '../calls/fieldStep';
import { askPick, type PickItem, type StepOutcome } from '../calls/steps';
import { messageItems, refusals } from './elicitationUrl';
import { separator, still, type QuestionFrame } from './questionRows';

type WizardEnd =
  | { readonly kind: 'send'; readonly content: ElicitationContent }
  /** `read` shows the request as a document; `left` decides nothing. */
  | { readonly kind: 'decline' | 'cancel' | 'read' | 'left' };

type PageChoice =
  | { readonly kind: 'fill' | 'send' | 'decline' | 'cancel' | 'read' }
  | { readonly kind: 'field' | 'drop'; readonly field: ElicitationField };

const TO_REVIEW = 'review';

export class ElicitationWizard {
  private readonly asked: readonly ElicitationField[];
  /** Fields the person has passed, answered or left out. */
  private readonly passed = new Set<string>();

  /**
   * @param frame of all its steps.
   * @param values answers so far; what is answered is added.
   */
  constructor(
    private readonly frame: QuestionFrame,
    private readonly form: ElicitationForm,
    private readonly values: Map<string, ElicitationValue>,
    private readonly validator: SchemaValidator,
  ) {
    this.asked = askedFields(form);
    for (const key of values.keys()) this.passed.add(key);
  }

  async run(): Promise<WizardEnd> {
    for (;;) {
      const outcome = await askPick<PageChoice>(
        { ...this.frame, canGoBack: false },
        {
          placeholder: this.placeholder(),
          items: this.page(),
          onItemButton: ({ value }) =>
            value?.kind === 'field' ? { kind: 'drop', field: value.field } : undefined,
        },
      );
      if (outcome.kind !== 'value') return { kind: 'left' };
      const { value } = outcome;
      switch (value.kind) {
        case 'fill':
          if ((await this.fill()) === 'left') return { kind: 'left' };
          break;
        case 'field':
          if ((await this.ask(value.field, {})).kind === 'cancel') return { kind: 'left' };
          break;
        case 'drop':
          this.values.delete(value.field.key);
          break;
        case 'send':
          if (await this.confirmSecrets()) return { kind: 'send', content: this.content() };
          break;
        case 'decline':
        case 'cancel':
        case 'read':
          return { kind: value.kind };
      }
    }
  }

  /** Asks what is still open, in order; Back on the first one leads to the page again. */
  private async fill(): Promise<'page' | 'left'> {
    const open = this.asked.filter(({ key }) => !this.passed.has(key));
    for (let index = 0; index < open.length;) {
      const field = open[index];
      if (!field) break;
      const outcome = await this.ask(field, { step: index + 1, totalSteps: open.length });
      if (outcome.kind === 'cancel') return 'left';
      if (outcome.kind === 'button') return 'page';
      if (outcome.kind === 'back' && index === 0) return 'page';
      index += outcome.kind === 'back' ? -1 : 1;
    }
    return 'page';
  }

  private async ask(
    field: ElicitationField,
    steps: { readonly step?: number; readonly totalSteps?: number },
  ): Promise<StepOutcome<true>> {
    const looksSecret = fieldsLikeSecrets([field]).length > 0;
    const outcome = await askField({
      field: looksSecret ? withWarning(field) : questionOf(field),
      frame: {
        ...this.frame,
        title: `${this.frame.title}: ${fieldName(field)}`,
        ...steps,
        canGoBack: true,
        buttons: [{ id: TO_REVIEW, icon: 'checklist', tooltip: vscode.l10n.t('Review What Was Entered') }],
      },
      current: this.values.get(field.key),
      check: { kind: 'strict', problemOf: (value) => this.problemOf(field, value) },
    });
    if (outcome.kind !== 'value') return outcome;
    this.passed.add(field.key);
    if ('leftOut' in outcome.value) this.values.delete(field.key);
    else this.values.set(field.key, outcome.value.value as ElicitationValue);
    return { kind: 'value', value: true };
  }

  private async problemOf(field: ElicitationField, value: JsonValue): Promise<string | undefined> {
    const problem = answerProblem(field, value as ElicitationValue);
    const pattern = field.input.kind === 'string' ? field.input.pattern : undefined;
    if (problem !== undefined || pattern === undefined) return problem;
    // In a thread that can be ended: the expression is the server's (T096). One that cannot be used decides nothing.
    const checked = await this.validator.validate({ type: 'string', pattern }, value);
    return checked.kind === 'invalid' ? vscode.l10n.t('Must have the form {0}', pattern) : undefined;
  }

  private content(): ElicitationContent {
    return Object.fromEntries(this.values);
  }

  /** The first field that keeps the form from being sent, and why. */
  private problem(): { readonly field: ElicitationField; readonly message: string } | undefined {
    const [first] = contentProblems(this.form, this.content());
    const field = first && this.form.fields.find(({ key }) => key === first.key);
    return field && { field, message: first.message };
  }

  private isFilled(): boolean {
    return this.asked.every(({ key }) => this.passed.has(key));
  }

  private placeholder(): string {
    return this.isFilled()
      ? vscode.l10n.t('Nothing is sent before you select Send')
      : vscode.l10n.t('Read what is asked, then fill it in');
  }

  private page(): PickItem<PageChoice>[] {
    const { l10n } = vscode;
    const { fields, message } = this.form;
    const set = fields.filter(({ key }) => this.values.has(key));
    const unset = fields.filter(({ key }) => !this.values.has(key));
    const secrets = fieldsLikeSecrets(fields);
    return [
      ...this.firstItems(),
      ...messageItems(message),
      ...(secrets.length === 0
        ? []
        : [
            still(
              l10n.t(
                'It seems to ask for a secret: {0}',
                secrets.map((field) => fieldName(field)).join(', '),
              ),
              'warning',
              l10n.t('never give passwords, keys or codes here'),
            ),
          ]),
      ...(set.length === 0 ? [] : [separator(l10n.t('to be sent'))]),
      ...set.map((field) => this.fieldItem(field)),
      ...(unset.length === 0 ? [] : [separator(l10n.t('not sent'))]),
      ...unset.map((field) => this.fieldItem(field)),
      separator(l10n.t('or')),
      ...refusals().map(({ value, ...item }): PickItem<PageChoice> => ({
        ...item,
        ...(value === undefined ? {} : { value: { kind: value } }),
      })),
    ];
  }

  private firstItems(): PickItem<PageChoice>[] {
    const { l10n } = vscode;
    const problem = this.problem();
    const fill: PickItem<PageChoice> = {
      ...still(l10n.t('Fill In…'), 'edit'),
      value: { kind: 'fill' },
    };
    if (!this.isFilled()) return [fill];
    if (problem) {
      const { field, message } = problem;
      const label = l10n.t('Edit {0}', fieldName(field));
      return [{ ...still(label, 'edit', message), value: { kind: 'field', field } }];
    }
    const json = visibleJsonLine({ ...this.content() });
    const detail =
      this.values.size === 0 ? l10n.t('nothing but your consent') : safeText(l10n.t('with {0}', json), 160);
    return [{ ...still(l10n.t('Send'), 'send'), detail, value: { kind: 'send' } }];
  }

  private fieldItem(field: ElicitationField): PickItem<PageChoice> {
    const { key, required, description, defaultValue } = field;
    const value = this.values.get(key);
    const unset = [
      ...(required ? [vscode.l10n.t('required')] : []),
      ...(defaultValue === undefined ? [] : [vscode.l10n.t('proposed: {0}', visibleJsonLine(defaultValue))]),
    ];
    return {
      label: fieldName(field),
      iconPath: new vscode.ThemeIcon(value === undefined ? 'circle-large-outline' : 'pass'),
      description: safeText(value === undefined ? unset.join(' · ') : visibleJsonLine(value), 160),
      ...(description === undefined ? {} : { detail: safeProse(description, 160) }),
      ...(value === undefined || required
        ? {}
        : { buttons: [{ iconPath: new vscode.ThemeIcon('discard'), tooltip: vscode.l10n.t('Leave Out') }] }),
      value: { kind: 'field', field },
    };
  }

  /** Asks once more before anything leaves that looks like a secret, by its question or by itself (ELIC9). */
  private async confirmSecrets(): Promise<boolean> {
    const answered = this.form.fields.filter(({ key }) => this.values.has(key));
    const asking = new Set(fieldsLikeSecrets(answered));
    const found = answered.filter((field) => asking.has(field) || secretInAnswer(this.values.get(field.key)));
    if (found.length === 0) return true;
    const { l10n } = vscode;
    const items: PickItem<boolean>[] = [
      { ...still(l10n.t('Go Back'), 'arrow-left'), value: false },
      { ...still(l10n.t('Send Anyway'), 'warning'), value: true },
      separator(l10n.t('what looks like a secret')),
      ...found.map((field) => still(fieldName(field), 'key')),
    ];
    const placeholder = l10n.t('A server must not ask for passwords, keys or codes in this way');
    const outcome = await askPick({ ...this.frame, canGoBack: true }, { placeholder, items });
    return outcome.kind === 'value' && outcome.value;
  }
}

/** The question with our warning before the server's words. */
function withWarning(field: ElicitationField): ReturnType<typeof questionOf> {
  const question = questionOf(field);
  const warning = vscode.l10n.t('This looks like a secret; never give passwords, keys or codes here');
  return {
    ...question,
    description: question.description === undefined ? warning : `${warning}. ${question.description}`,
  };
}
