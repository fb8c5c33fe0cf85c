/** The texts of a request, of which each can be changed where it stands. What was not touched is never sent anew. */

import type { PageBlock, PagePart } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { button, Field, readPart, textBox, type Desk } from './samplingParts';

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

/** All blocks of a request. */
export class RequestTexts {
  readonly boxes: readonly HTMLElement[];
  private readonly texts = new Map<number, EditableText>();
  /** The last one of a message of the user. */
  private last: EditableText | undefined;

  constructor(
    private readonly desk: Desk,
    blocks: readonly PageBlock[],
  ) {
    this.boxes = blocks.map((block) => this.boxOf(block));
  }

  /** Only what the person changed. */
  get changed(): readonly (readonly [place: number, text: string])[] {
    return [...this.texts].flatMap(([place, { changed }]) =>
      changed === undefined ? [] : [[place, changed] as const],
    );
  }

  restore(changed: readonly (readonly [place: number, text: string])[]): void {
    for (const [place, text] of changed) this.texts.get(place)?.restore(text);
  }

  /** Adds a paragraph to the last text of the user. */
  attach(text: string): void {
    this.last?.append(text);
  }

  /** @returns whether there is such a text */
  point(place: number, message: string): boolean {
    const text = this.texts.get(place);
    text?.point(message);
    return text !== undefined;
  }

  private boxOf(block: PageBlock): HTMLElement {
    return element(
      'article',
      { class: `block ${block.role}` },
      element('h3', {}, block.title),
      ...block.parts.map((part) => this.partOf(part, block)),
    );
  }

  private partOf(part: PagePart, { title, role }: PageBlock): HTMLElement {
    if (part.kind !== 'text' || !part.edit) return readPart(part, this.desk.words);
    const text = new EditableText(this.desk, part.shown, part.edit, title);
    this.texts.set(part.edit.place, text);
    if (role === 'user') this.last = text;
    return text.box;
  }
}
