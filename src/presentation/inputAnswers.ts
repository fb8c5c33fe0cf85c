/** From what a person enters into a server's form to the answers that leave: what they are, and what is wrong with them. */

import { assertNever } from '../base/assertNever';
import { err, ok, type Result } from '../base/result';
import type {
  ElicitationContent,
  ElicitationField,
  ElicitationForm,
  ElicitationValue,
} from '../protocol/elicitation';
import { fieldProblem } from '../protocol/elicitationValues';
import { readTyped } from './argumentValue';
import type { Entered } from './inputMessages';

/** Whether a text has the form that a field wants: only a thread that can be ended knows (T096). */
export type PatternCheck = (
  field: number,
  text: string,
) => { readonly kind: 'fits' | 'checking' } | { readonly kind: 'misfit'; readonly message: string };

/** One field's answer. */
export interface FieldAnswer {
  /** Absent when it is left out, or cannot be sent. */
  readonly value?: ElicitationValue;
  readonly problem?: string;
  /** It is what the server proposed, untouched. */
  readonly isProposed: boolean;
}

/** All answers of a form. */
export interface FormAnswers {
  readonly answers: readonly FieldAnswer[];
  /** What would be sent: answers without a problem. */
  readonly content: ElicitationContent;
  readonly problems: number;
  /** A pattern is still being tried. */
  readonly isChecking: boolean;
}

const YES = 0;
const NO = 1;

/** What stands in a field before the person touches it: what the server proposes, or nothing at all. */
export function proposedEntry({ input, defaultValue }: ElicitationField): Entered {
  switch (input.kind) {
    case 'boolean':
      return one(defaultValue === undefined ? undefined : defaultValue === true ? YES : NO);
    case 'choice': {
      const index = input.choices.findIndex(({ value }) => value === defaultValue);
      return one(index === -1 ? undefined : index);
    }
    case 'choices': {
      const picked = new Set<unknown>(
        Array.isArray(defaultValue) ? (defaultValue as readonly unknown[]) : [],
      );
      return {
        kind: 'several',
        indexes: input.choices.flatMap(({ value }, index) => (picked.has(value) ? [index] : [])),
      };
    }
    case 'number':
    case 'string':
      return { kind: 'text', text: defaultValue === undefined ? '' : String(defaultValue) };
    default:
      return assertNever(input);
  }
}

/**
 * The answers of a form.
 * @param entered what the person has entered, by the index of its field; any other field holds what the server proposed.
 */
export function formAnswers(
  { fields }: ElicitationForm,
  entered: ReadonlyMap<number, Entered>,
  checkPattern: PatternCheck,
): FormAnswers {
  let problems = 0;
  let isChecking = false;
  const content: [string, ElicitationValue][] = [];
  const answers = fields.map((field, index): FieldAnswer => {
    const touched = entered.get(index);
    const isProposed = touched === undefined && field.defaultValue !== undefined;
    // Untouched, it is sent exactly as it came: a control may show it a little differently.
    const read = touched ? readAnswer(field, touched) : withoutAnswer(field);
    const pattern = read.ok ? patternOf(field, index, read.value, checkPattern) : undefined;
    if (pattern?.kind === 'checking') isChecking = true;
    const problem = read.ok ? (pattern?.kind === 'misfit' ? pattern.message : undefined) : read.error;
    if (problem !== undefined || !read.ok) {
      problems += 1;
      return { isProposed, ...(problem === undefined ? {} : { problem }) };
    }
    if (read.value === undefined) return { isProposed };
    content.push([field.key, read.value]);
    return { value: read.value, isProposed };
  });
  return { answers, content: Object.fromEntries(content), problems, isChecking };
}

type Read = Result<ElicitationValue | undefined, string>;

function withoutAnswer(field: ElicitationField): Read {
  return checked(field, field.defaultValue);
}

/** Nothing at all is no answer to a required question, and leaves any other one out. */
function readAnswer(field: ElicitationField, entered: Entered): Read {
  const { input, required } = field;
  switch (entered.kind) {
    case 'text': {
      const isEmpty = (input.kind === 'string' ? entered.text : entered.text.trim()) === '';
      if (isEmpty) return required ? err('Required.') : ok(undefined);
      if (input.kind === 'string') return checked(field, entered.text);
      if (input.kind !== 'number') return err('Must be one of the choices.');
      const read = readTyped(input, entered.text);
      return read.ok ? checked(field, Number(read.value)) : read;
    }
    case 'one': {
      if (entered.index === undefined) return checked(field, undefined);
      if (input.kind === 'boolean') return checked(field, entered.index === YES);
      return checked(field, choicesOf(field)[entered.index]);
    }
    case 'several': {
      if (entered.indexes.length === 0 && !required) return ok(undefined);
      const choices = choicesOf(field);
      return checked(
        field,
        entered.indexes.flatMap((index) => choices[index] ?? []),
      );
    }
    default:
      return assertNever(entered);
  }
}

function checked(field: ElicitationField, value: ElicitationValue | undefined): Read {
  const problem = fieldProblem(field, value);
  return problem === undefined ? ok(value) : err(problem);
}

function patternOf(
  { input }: ElicitationField,
  index: number,
  value: ElicitationValue | undefined,
  checkPattern: PatternCheck,
): ReturnType<PatternCheck> | undefined {
  return input.kind === 'string' && input.pattern !== undefined && typeof value === 'string'
    ? checkPattern(index, value)
    : undefined;
}

function choicesOf({ input }: ElicitationField): readonly string[] {
  return 'choices' in input ? input.choices.map(({ value }) => value) : [];
}

function one(index: number | undefined): Entered {
  return index === undefined ? { kind: 'one' } : { kind: 'one', index };
}
