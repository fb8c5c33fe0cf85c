/** A text that can be changed where it stands. What was not touched is never sent anew. */

import type { PagePart } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { button, Field, textBox, type Desk } from './samplingParts';

type TextPart = Extract<PagePart, { kind: 'text' }>;

/** A text that can be changed. */
export class EditableText {
  readonly box = element('div', { class: 'editable' });
  private readonly area: HTMLTextAreaElement;
  private readonly field: Field<HTMLTextAreaElement>;
  private readonly edit: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly initial: string;

  constructor(
    private readonly desk: Desk,
    private readonly shown: TextPart['shown'],
    { place, raw }: NonNullable<TextPart['edit']>,
    label: string,
    private readonly empty: string = desk.words.none,
  ) {
    this.area = element('textarea', { id: `text-${place}`, spellcheck: 'false' });
    this.area.value = raw;
    // The browser gives all lines the same end.
    this.initial = this.area.value;
    this.field = new Field(label, this.area);
    this.area.addEventListener('input', () => {
      this.box.classList.toggle('changed', this.isChanged);
      desk.remember();
    });
    this.edit = button(desk, desk.words.edit, () => this.open(), { kind: 'small', decides: false });
    this.edit.setAttribute('aria-label', `${desk.words.edit}: ${label}`);
    this.undo = button(desk, desk.words.undo, () => this.close(), { kind: 'small', decides: false });
    this.undo.setAttribute('aria-label', `${desk.words.undo}: ${label}`);
    this.draw(false);
  }

  /** What the person made of it; undefined when that is nothing else. */
  get changed(): string | undefined {
    return this.isOpen && this.isChanged ? this.area.value : undefined;
  }

  /** What stands there, and goes to the server where it is an answer. */
  get isOpen(): boolean {
    return this.area.isConnected;
  }

  /** Adds a paragraph to what stands there. */
  append(text: string): void {
    const before = this.isOpen ? this.area.value : this.initial;
    this.open(before === '' ? text : `${before}\n\n${text}`);
    this.area.scrollTop = this.area.scrollHeight;
  }

  open(text = this.initial): void {
    this.area.value = text;
    this.draw(true);
    this.area.focus();
  }

  restore(text: string): void {
    this.area.value = text;
    this.draw(true);
  }

  close(): void {
    this.draw(false);
    this.edit.focus();
    this.desk.remember();
  }

  point(message: string): void {
    if (!this.isOpen) this.draw(true);
    this.field.point(message);
  }

  /** Without buttons of its own, for who brings others. */
  hideButtons(): void {
    this.edit.hidden = true;
    this.undo.hidden = true;
    this.draw(this.isOpen);
  }

  private get isChanged(): boolean {
    return this.area.value !== this.initial;
  }

  private draw(open: boolean): void {
    const tool = open ? this.undo : this.edit;
    this.box.classList.toggle('open', open);
    this.box.classList.toggle('changed', open && this.isChanged);
    this.box.replaceChildren(
      open ? this.field.box : textBox(this.shown, this.empty),
      ...(tool.hidden ? [] : [element('div', { class: 'tools' }, tool)]),
    );
  }
}
