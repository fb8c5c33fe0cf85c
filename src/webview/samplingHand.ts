/** The part of the page in which a person answers in the model's place. */

import type { AskedStage, PageAnswer, PageField } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { Field, section, type Desk } from './samplingParts';

/** What is typed, as it is kept while the page is hidden. */
export interface HandDraft {
  readonly text: string;
  readonly reason: string;
  readonly tool: string;
  readonly input: string;
}

export class HandAnswer {
  readonly box: HTMLElement;
  private readonly text: Field<HTMLTextAreaElement>;
  private readonly reason: Field<HTMLSelectElement>;
  private readonly tool: Field<HTMLSelectElement>;
  private readonly input: Field<HTMLTextAreaElement>;

  constructor(desk: Desk, { reasons, tools }: AskedStage) {
    const { words } = desk;
    this.text = new Field(
      words.text,
      element('textarea', { id: 'answer', rows: '4', placeholder: words.answerPlaceholder }),
    );
    this.reason = new Field(
      words.stopReason,
      selectOf(
        'reason',
        // Without a tool whose name can be shown, none can be used.
        reasons.filter(({ value }) => value !== 'toolUse' || tools.length > 0),
      ),
    );
    this.tool = new Field(
      words.tool,
      selectOf(
        'tool',
        tools.map((name) => ({ value: name, label: name })),
      ),
    );
    this.input = new Field(
      words.toolInput,
      element('textarea', { id: 'toolInput', rows: '3', spellcheck: 'false' }),
    );
    this.box = section(
      words.yourAnswer,
      ...[this.text, this.reason, this.tool, this.input].map(({ box }) => box),
    );
    this.box.classList.add('hand');
    this.box.hidden = true;
    for (const { input } of [this.text, this.reason, this.tool, this.input])
      input.addEventListener('input', () => {
        this.draw();
        desk.remember();
      });
    this.draw();
  }

  get isOpen(): boolean {
    return !this.box.hidden;
  }

  open(): void {
    this.box.hidden = false;
    this.box.scrollIntoView({ block: 'nearest' });
    this.text.input.focus();
  }

  close(): void {
    this.box.hidden = true;
  }

  get draft(): HandDraft {
    return {
      text: this.text.input.value,
      reason: this.reason.input.value,
      tool: this.tool.input.value,
      input: this.input.input.value,
    };
  }

  restore({ text, reason, tool, input }: HandDraft): void {
    this.box.hidden = false;
    this.text.input.value = text;
    this.reason.input.value = reason;
    this.tool.input.value = tool;
    this.input.input.value = input;
    this.draw();
  }

  /** What goes to the server. */
  read(): PageAnswer {
    const { text, reason, tool, input } = this.draft;
    const stopReason = REASONS.find((known) => known === reason) ?? 'endTurn';
    return { text, stopReason, ...(stopReason === 'toolUse' ? { tool: { name: tool, input } } : {}) };
  }

  /** @returns whether there is such a field */
  point(field: PageField, message: string): boolean {
    const one = field === 'answer' ? this.text : field === 'toolInput' ? this.input : undefined;
    one?.point(message);
    return one !== undefined;
  }

  private draw(): void {
    const usesTool = this.reason.input.value === 'toolUse';
    this.tool.box.hidden = !usesTool;
    this.input.box.hidden = !usesTool;
  }
}

const REASONS = ['endTurn', 'maxTokens', 'stopSequence', 'toolUse'] as const;

function selectOf(
  id: string,
  options: readonly { readonly value: string; readonly label: string }[],
): HTMLSelectElement {
  return element('select', { id }, ...options.map(({ value, label }) => element('option', { value }, label)));
}
