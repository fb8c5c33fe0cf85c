/** What a person has entered into one form so far, in memory only (T143), and what may be sent of it. */

import type { ElicitationContent, ElicitationForm } from '../../protocol/elicitation';
import { formAnswers, type FormAnswers } from '../../presentation/inputAnswers';
import type { ControlShape, Entered, FormState, InputPage } from '../../presentation/inputMessages';
import { formState, mayBeSent, pageInputs, secretsIn } from '../../presentation/inputPage';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { PatternChecks } from './patternChecks';

export class FormDraft {
  /** The person was asked whether to send what looks like a secret, and has not said so yet. */
  isConfirming = false;
  readonly controls: readonly ControlShape[];
  /** Of the fields that the person has touched. */
  private readonly entered = new Map<number, Entered>();
  /** Fields that were in view: what is proposed is sent only when it was (T146). */
  private readonly seen = new Set<number>();
  private revision = 0;
  private readonly patterns: PatternChecks;

  /** @param onChecked more is known of the answers than the last state said. */
  constructor(
    private readonly form: ElicitationForm,
    validator: Pick<SchemaValidator, 'validate'>,
    onChecked: () => void,
  ) {
    this.controls = pageInputs(form, this.entered).map(({ control }) => control);
    this.patterns = new PatternChecks(form.fields, validator, onChecked);
  }

  /** What a page that opens now shows. */
  content(): InputPage['content'] {
    this.isConfirming = false;
    return { kind: 'form', inputs: pageInputs(this.form, this.entered), state: this.state() };
  }

  state(): FormState {
    const { revision, seen, isConfirming } = this;
    return formState(this.form, this.answers(), { revision, seen, isConfirming });
  }

  edit(revision: number, field: number, entered: Entered): void {
    this.revision = revision;
    this.entered.set(field, entered);
    // What was asked about is not what stands there now.
    this.isConfirming = false;
  }

  see(fields: readonly number[]): void {
    for (const field of fields) this.seen.add(field);
  }

  /**
   * The answers, when they may be sent.
   * @param revision of what the person sees: of anything else nothing is sent.
   * @param anyway they were asked about what looks like a secret, and want it sent.
   */
  submit(revision: number, anyway: boolean): ElicitationContent | undefined {
    const all = this.answers();
    const isSeen = this.form.fields.every((_, index) => this.seen.has(index));
    if (revision !== this.revision || !isSeen || !mayBeSent(all)) return undefined;
    if (secretsIn(this.form, all).length > 0 && !(anyway && this.isConfirming)) {
      this.isConfirming = true;
      return undefined;
    }
    return all.content;
  }

  private answers(): FormAnswers {
    return formAnswers(this.form, this.entered, this.patterns.check);
  }
}
