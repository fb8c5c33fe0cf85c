/** Asks for one argument in the way its kind calls for. */

import * as vscode from 'vscode';

import type { JsonObject, JsonValue } from '../../base/json';
import { ok, type Result } from '../../base/result';
import type { Field } from '../../presentation/argumentPlan';
import {
  errorSentence,
  localProblem,
  readTyped,
  typedInputOf,
  typedText,
} from '../../presentation/argumentValue';
import { describeInput, type Choice } from '../../presentation/fieldInput';
import { visibleJsonLine } from '../../presentation/visibleJson';
import { safeProse, safeText } from '../../policy/safeText';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { askInput, askPick, askPickMany, type PickItem, type StepFrame, type StepOutcome } from './steps';

/** The answer: a value, or that the argument is left out. */
type FieldAnswer = { readonly value: JsonValue } | { readonly leftOut: true };

/** What a step needs to know beside the field. */
interface FieldStep {
  readonly frame: StepFrame;
  readonly field: Field;
  /** The value given before. */
  readonly current: JsonValue | undefined;
  /** Decides whether a value will do: what it says is a doubt that the person may overrule. */
  readonly check: { readonly schema: JsonObject; readonly validator: SchemaValidator };
}

/** Asks for a field. */
export async function askField(step: FieldStep): Promise<StepOutcome<FieldAnswer>> {
  switch (step.field.input.kind) {
    case 'boolean':
      return await askChoice(step, [{ value: true }, { value: false }]);
    case 'choice':
      return await askChoice(step, step.field.input.choices);
    case 'choices':
      return await askChoices(step, step.field.input.choices);
    case 'number':
    case 'string':
    case 'json':
      return await askTyped(step);
  }
}

/** The name of a field as a person reads it. */
export function fieldLabel({ key, title }: Field): string {
  return safeText(title ?? key, 80);
}

async function askChoice(step: FieldStep, given: readonly Choice[]): Promise<StepOutcome<FieldAnswer>> {
  const { field, current, frame } = step;
  const choices =
    field.nullable && !given.some(({ value }) => value === null) ? [...given, { value: null }] : given;
  const items: PickItem<FieldAnswer>[] = choices.map((choice) => choiceItem(field, choice));
  if (!field.required) {
    items.push({ label: '', kind: vscode.QuickPickItemKind.Separator });
    items.push({
      label: vscode.l10n.t('Leave out'),
      description: vscode.l10n.t('it is not sent'),
      value: { leftOut: true },
    });
  }
  const wanted = current ?? field.defaultValue;
  const active = items.find(({ value }) => value && 'value' in value && isSame(value.value, wanted));
  return await askPick(frame, { placeholder: promptOf(field), items, active });
}

async function askChoices(step: FieldStep, choices: readonly Choice[]): Promise<StepOutcome<FieldAnswer>> {
  const { field, current, frame } = step;
  const items = choices.map((choice) => choiceItem(field, choice));
  const wanted = current ?? field.defaultValue;
  const values: readonly JsonValue[] = Array.isArray(wanted) ? wanted : [];
  const selected = items.filter(
    ({ value }) => value && 'value' in value && values.some((each) => isSame(each, value.value)),
  );
  const outcome = await askPickMany(frame, { placeholder: promptOf(field), items, selected });
  if (outcome.kind !== 'value') return outcome;
  const picked = outcome.value.flatMap((answer) => ('value' in answer ? [answer.value] : []));
  const leftOut = picked.length === 0 && !field.required;
  return { kind: 'value', value: leftOut ? { leftOut: true } : { value: picked } };
}

async function askTyped(step: FieldStep): Promise<StepOutcome<FieldAnswer>> {
  const { current, frame, check } = step;
  const { input: asked } = step.field;
  const given = current ?? step.field.defaultValue;
  const input = typedInputOf(asked, given);
  const field = { ...step.field, input };
  const severalLines = vscode.l10n.t('The text has several lines, so it is edited as JSON.');
  return await askInput<FieldAnswer>(frame, {
    prompt: input === asked ? promptOf(field) : `${severalLines} ${promptOf(field)}`,
    placeholder: placeholderOf(field),
    value: given === undefined ? '' : typedText(input, given),
    read: (text) => readAnswer(field, text),
    check: async (answer) => {
      if ('leftOut' in answer || answer.value === null) return undefined;
      const problem = localProblem(asked, answer.value);
      if (problem !== undefined) return problem;
      const checked = await check.validator.validate(check.schema, answer.value, field.pointer);
      const [first] = checked.kind === 'invalid' ? checked.errors : [];
      return first && errorSentence(first);
    },
  });
}

function readAnswer(field: Field, text: string): Result<FieldAnswer, string> {
  const { input } = field;
  const isEmpty = input.kind === 'string' ? text === '' : text.trim() === '';
  if (isEmpty && !field.required) return ok({ leftOut: true });
  if (field.nullable && input.kind !== 'string' && text.trim() === 'null') return ok({ value: null });
  const read = readTyped(input, text);
  return read.ok ? ok({ value: read.value }) : read;
}

/** What it is about, what is accepted, and what happens without it. */
function promptOf(field: Field): string {
  const { description, input, defaultValue, required } = field;
  const accepted = safeText(describeInput(input), 120);
  const about = description === undefined ? '' : safeProse(description, 200).replace(/[.\s]+$/, '');
  const isTyped = input.kind === 'number' || input.kind === 'string' || input.kind === 'json';
  const sentences = [
    [about, accepted].filter((part) => part !== '').join(': '),
    ...(defaultValue === undefined
      ? []
      : [vscode.l10n.t('Default: {0}', safeText(visibleJsonLine(defaultValue), 80))]),
    ...(required || !isTyped ? [] : [vscode.l10n.t('Leave empty to leave it out')]),
  ].filter((part) => part !== '');
  return sentences.map((sentence) => `${sentence}.`).join(' ');
}

function placeholderOf({ examples, input }: Field): string {
  const [example] = examples;
  if (example !== undefined) return vscode.l10n.t('For example {0}', safeText(typedText(input, example), 80));
  if (input.kind === 'json')
    return input.type === 'array' ? '[1, 2]' : input.type === 'object' ? '{"name": "value"}' : 'JSON';
  const format = input.kind === 'string' ? input.format : undefined;
  return (format === undefined ? undefined : FORMAT_EXAMPLES.get(format)) ?? '';
}

const FORMAT_EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['date', '2026-12-31'],
  ['date-time', '2026-12-31T12:00:00Z'],
  ['time', '12:00:00Z'],
  ['email', 'name@example.com'],
  ['uri', 'https://example.com'],
  ['url', 'https://example.com'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000'],
]);

function choiceItem(field: Field, { value, title, description }: Choice): PickItem<FieldAnswer> {
  const plain = typeof value === 'string' && value !== '' ? value : visibleJsonLine(value);
  const marks = [
    ...(title === undefined ? [] : [safeText(plain, 80)]),
    ...(isSame(value, field.defaultValue) ? [vscode.l10n.t('default')] : []),
  ];
  return {
    label: safeText(title ?? plain, 80),
    description: marks.join(' · '),
    ...(description === undefined ? {} : { detail: safeProse(description, 200) }),
    value: { value },
  };
}

function isSame(a: JsonValue, b: JsonValue | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
