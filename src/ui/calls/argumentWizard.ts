/** Asks for the arguments of one tool: what is required one by one, then an overview where everything can be changed, then runs. */

import * as vscode from 'vscode';

import { own, type JsonObject, type JsonValue } from '../../base/json';
import type { Field } from '../../presentation/argumentPlan';
import { readTyped } from '../../presentation/argumentValue';
import { visibleJsonLine } from '../../presentation/visibleJson';
import { safeProse, safeText } from '../../policy/safeText';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { askField, fieldLabel } from './fieldStep';
import { askPick, type PickItem, type StepButton, type StepFrame, type StepOutcome } from './steps';

/** How the questions ended. `given` is what was answered so far. */
type WizardOutcome = { readonly kind: 'run' | 'json' | 'back' | 'cancel'; readonly given: JsonObject };

interface WizardSubject {
  /** Safe text: which tool of which server. */
  readonly title: string;
  readonly schema: JsonObject;
  readonly fields: readonly Field[];
  /** True when there is something to go back to before the first question. */
  readonly canGoBack: boolean;
}

/** Leaves the questions for one JSON text. */
function editAsJson(): StepButton {
  return { id: 'json', icon: 'json', tooltip: vscode.l10n.t('Edit as JSON') };
}

type OverviewChoice =
  | { readonly kind: 'run' }
  | { readonly kind: 'field'; readonly field: Field }
  | { readonly kind: 'drop'; readonly field: Field };

export class ArgumentWizard {
  private readonly required: readonly Field[];
  private readonly hasOptional: boolean;
  private readonly values: Map<string, JsonValue>;

  /** @param given values to begin with, including those that no field asks for. */
  constructor(
    private readonly subject: WizardSubject,
    private readonly validator: SchemaValidator,
    given: JsonObject,
  ) {
    this.required = subject.fields.filter(({ required }) => required);
    this.hasOptional = subject.fields.some(({ required }) => !required);
    this.values = new Map(
      Object.keys(given).flatMap((key) => {
        const value = own(given, key);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  }

  /** @param start `overview` goes straight to where everything can be changed. */
  async run(start: 'first' | 'overview'): Promise<WizardOutcome> {
    const last = this.required.length;
    let position = start === 'overview' ? last : 0;
    for (;;) {
      const field = this.required[position];
      // Without anything optional the last answer runs the tool, unless the person came to look.
      if (!field && !this.hasOptional && start === 'first' && last > 0) return this.outcome('run');
      const outcome = field ? await this.askRequired(field, position) : await this.overview();
      if (outcome.kind === 'value') {
        position = field ? position + 1 : position;
        if (!field) return this.outcome('run');
      } else if (outcome.kind === 'back') {
        if (position === 0 || (start === 'overview' && !field)) return this.outcome('back');
        position -= 1;
      } else return this.outcome(outcome.kind === 'cancel' ? 'cancel' : 'json');
    }
  }

  private outcome(kind: WizardOutcome['kind']): WizardOutcome {
    return { kind, given: Object.fromEntries(this.values) };
  }

  private async askRequired(field: Field, position: number): Promise<StepOutcome<true>> {
    return await this.ask(field, {
      step: position + 1,
      totalSteps: this.required.length + (this.hasOptional ? 1 : 0),
      canGoBack: position > 0 || this.subject.canGoBack,
    });
  }

  /** Asks for one field and keeps the answer; what was typed is kept in any case, if it can be read. */
  private async ask(field: Field, frame: Omit<StepFrame, 'title' | 'buttons'>): Promise<StepOutcome<true>> {
    const outcome = await askField({
      field,
      frame: { ...frame, title: `${this.subject.title}: ${fieldLabel(field)}`, buttons: [editAsJson()] },
      current: this.values.get(field.key),
      check: { schema: this.subject.schema, validator: this.validator },
    });
    if (outcome.kind === 'value') {
      if ('leftOut' in outcome.value) this.values.delete(field.key);
      else this.values.set(field.key, outcome.value.value);
      return { kind: 'value', value: true };
    }
    this.keepTyped(field, outcome.typed);
    return outcome;
  }

  private keepTyped({ key, input }: Field, typed: string | undefined): void {
    if (typed === undefined || typed === '' || !['string', 'number', 'json'].includes(input.kind)) return;
    const read = readTyped(input, typed);
    if (read.ok) this.values.set(key, read.value);
  }

  /** Shows everything that would be sent and everything that could be. Ends with `value` when the tool is to run. */
  private async overview(): Promise<StepOutcome<true>> {
    for (let last: Field | undefined; ;) {
      const items = this.overviewItems();
      const outcome = await askPick<OverviewChoice>(
        {
          title: this.subject.title,
          step: this.required.length + 1,
          totalSteps: this.required.length + 1,
          canGoBack: this.required.length > 0 || this.subject.canGoBack,
          buttons: [editAsJson()],
        },
        {
          placeholder: vscode.l10n.t('Run the tool, or select an argument to set'),
          items,
          active: last && items[0],
          onItemButton: ({ value }) =>
            value?.kind === 'field' ? { kind: 'drop', field: value.field } : undefined,
        },
      );
      if (outcome.kind !== 'value') return outcome;
      const { value } = outcome;
      if (value.kind === 'run') return { kind: 'value', value: true };
      last = value.field;
      if (value.kind === 'drop') {
        this.values.delete(value.field.key);
        continue;
      }
      const answer = await this.ask(value.field, { canGoBack: true });
      if (answer.kind === 'cancel' || answer.kind === 'button') return answer;
    }
  }

  private overviewItems(): PickItem<OverviewChoice>[] {
    const { fields } = this.subject;
    const set = fields.filter(({ key }) => this.values.has(key));
    const unset = fields.filter(({ key }) => !this.values.has(key));
    const json = visibleJsonLine(Object.fromEntries(this.values));
    return [
      {
        label: vscode.l10n.t('Run Tool'),
        iconPath: new vscode.ThemeIcon('play'),
        detail: safeText(vscode.l10n.t('with {0}', json), 160),
        alwaysShow: true,
        value: { kind: 'run' },
      },
      ...section(vscode.l10n.t('set'), set, (field) => this.overviewItem(field)),
      ...section(vscode.l10n.t('not set'), unset, (field) => this.overviewItem(field)),
    ];
  }

  private overviewItem(field: Field): PickItem<OverviewChoice> {
    const value = this.values.get(field.key);
    const unset = [
      ...(field.required ? [vscode.l10n.t('required')] : []),
      ...(field.defaultValue === undefined
        ? []
        : [vscode.l10n.t('default {0}', visibleJsonLine(field.defaultValue))]),
    ];
    return {
      label: fieldLabel(field),
      iconPath: new vscode.ThemeIcon(value === undefined ? 'circle-large-outline' : 'pass'),
      description: safeText(value === undefined ? unset.join(' · ') : visibleJsonLine(value), 100),
      ...(field.description === undefined ? {} : { detail: safeProse(field.description, 160) }),
      ...(value === undefined || field.required
        ? {}
        : { buttons: [{ iconPath: new vscode.ThemeIcon('discard'), tooltip: vscode.l10n.t('Leave Out') }] }),
      value: { kind: 'field', field },
    };
  }
}

function section<T>(
  label: string,
  fields: readonly Field[],
  make: (field: Field) => PickItem<T>,
): PickItem<T>[] {
  return fields.length === 0
    ? []
    : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...fields.map(make)];
}
