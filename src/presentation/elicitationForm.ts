/** A form of a server as the questions that a person is asked. Knows nothing of how questions look. */

import type { ElicitationField, ElicitationForm, ElicitationValue } from '../protocol/elicitation';
import { fieldProblem } from '../protocol/elicitationValues';
import { LABEL_LENGTH, safeText, type SafeText } from '../policy/safeText';
import type { Field } from './argumentPlan';

/** A field's name as a person reads it. */
export function fieldName({ key, title }: Pick<ElicitationField, 'key' | 'title'>): SafeText {
  return safeText(title ?? key, LABEL_LENGTH);
}

/** A field as a question of the argument flow. */
export function questionOf(field: ElicitationField): Field {
  return { ...field, examples: [], nullable: false, pointer: '' };
}

/**
 * The fields that are asked one by one, in the order of the form: what must be answered, and what the server proposes a value for,
 * which is sent only when the person has passed it (T146).
 */
export function askedFields({ fields }: ElicitationForm): readonly ElicitationField[] {
  return fields.filter(({ required, defaultValue }) => required || defaultValue !== undefined);
}

/** What is wrong with an answer, also where the schema would let it pass: nothing at all is no answer to a required question. */
export function answerProblem(
  field: ElicitationField,
  value: ElicitationValue | undefined,
): string | undefined {
  const { input, required } = field;
  if (required && value === '' && input.kind === 'string') return 'Required.';
  return fieldProblem(field, value);
}
