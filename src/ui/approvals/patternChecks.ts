/**
 * Whether answers have the forms that a server wants. Its expressions may run for ever, so they are tried in a thread that can be ended
 * (T096), one at a time and only with what stands in a field now: what was typed in between is never tried.
 */

import type { ElicitationField } from '../../protocol/elicitation';
import type { PatternCheck } from '../../presentation/inputAnswers';
import type { SchemaValidator } from '../../validation/schemaValidator';

type Outcome = ReturnType<PatternCheck>;

export class PatternChecks {
  /** The text that was tried last in each field, and what came of it. */
  private readonly known = new Map<number, { readonly text: string; readonly outcome: Outcome }>();
  private readonly wanted = new Map<number, string>();
  private isRunning = false;

  /** @param onDone something is known that was not. */
  constructor(
    private readonly fields: readonly ElicitationField[],
    private readonly validator: Pick<SchemaValidator, 'validate'>,
    private readonly onDone: () => void,
  ) {}

  /** What is known of a text; if nothing is, that is found out. */
  readonly check: PatternCheck = (field, text) => {
    const found = this.known.get(field);
    if (found?.text === text) return found.outcome;
    this.wanted.set(field, text);
    void this.run();
    return { kind: 'checking' };
  };

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    for (;;) {
      const [next] = this.wanted;
      if (!next) break;
      const [field, text] = next;
      this.wanted.delete(field);
      this.known.set(field, { text, outcome: await this.outcomeOf(field, text) });
      this.onDone();
    }
    this.isRunning = false;
  }

  /** An expression that cannot be used decides nothing. */
  private async outcomeOf(field: number, text: string): Promise<Outcome> {
    const input = this.fields[field]?.input;
    const pattern = input?.kind === 'string' ? input.pattern : undefined;
    if (pattern === undefined) return { kind: 'fits' };
    const checked = await this.validator.validate({ type: 'string', pattern }, text);
    return checked.kind === 'invalid'
      ? { kind: 'misfit', message: `Must have the form ${pattern}` }
      : { kind: 'fits' };
  }
}
