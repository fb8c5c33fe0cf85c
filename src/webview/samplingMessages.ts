/**
 * All that goes to the model: its texts can be changed, messages left out or said by somebody else, and new ones added. What was not
 * touched is never sent anew.
 */

import type { PageBlock, PageEdit, PagePart, PageRole } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { button, codeless, Field, readPart, type Desk } from './samplingParts';
import { isRecord, readPairs } from './samplingState';
import { EditableText } from './samplingTexts';

type MessageEdit = Pick<PageEdit, 'texts' | 'without' | 'roles' | 'added'>;

const ROLES: readonly PageRole[] = ['user', 'assistant'];

/** A block that the server sent. */
class SentBlock {
  readonly box: HTMLElement;
  /** Those of its texts that can be changed, by their number. */
  readonly texts: ReadonlyMap<number, EditableText>;
  private readonly toggle: HTMLButtonElement;
  private readonly select: HTMLSelectElement;
  private isOut = false;

  constructor(
    private readonly desk: Desk,
    private readonly block: PageBlock,
  ) {
    const texts = new Map<number, EditableText>();
    this.texts = texts;
    this.toggle = button(desk, '', () => this.leaveOut(!this.isOut), { kind: 'small', decides: false });
    this.select = roleSelect(desk, block.title, block.role === 'assistant' ? 'assistant' : 'user');
    const title = element('h3', {}, codeless(block.title));
    const tools = element('div', { class: 'tools' }, this.select, this.toggle);
    this.box = element(
      'article',
      { class: `block ${block.role}` },
      element('div', { class: 'head' }, title, ...(block.message === undefined ? [] : [tools])),
      ...block.parts.map((part) => this.partOf(part, texts)),
    );
    this.draw();
  }

  get message(): number | undefined {
    return this.block.message;
  }

  /** Left out by the person. */
  get isLeftOut(): boolean {
    return this.isOut;
  }

  get isOfUser(): boolean {
    return this.block.message !== undefined && this.select.value === 'user';
  }

  /** Who says it now; undefined when that is who said it before. */
  get otherRole(): PageRole | undefined {
    return ROLES.find((role) => role === this.select.value && role !== this.block.role);
  }

  restore(isOut: boolean, role: string | undefined): void {
    this.isOut = isOut;
    if (role !== undefined) this.select.value = role;
    this.draw();
  }

  private leaveOut(isOut: boolean): void {
    this.isOut = isOut;
    this.draw();
    this.desk.remember();
  }

  private draw(): void {
    const { words } = this.desk;
    const label = this.isOut ? words.putBack : words.leaveOut;
    this.toggle.textContent = label;
    this.toggle.setAttribute('aria-label', `${label}: ${this.block.title}`);
    this.box.classList.toggle('out', this.isOut);
  }

  private partOf(part: PagePart, texts: Map<number, EditableText>): HTMLElement {
    if (part.kind !== 'text' || !part.edit) return readPart(part, this.desk.words);
    const text = new EditableText(this.desk, part.shown, part.edit, this.block.title);
    texts.set(part.edit.place, text);
    return text.box;
  }
}

/** A message of the person's own. */
class OwnMessage {
  readonly box: HTMLElement;
  private readonly area: HTMLTextAreaElement;
  private readonly select: HTMLSelectElement;

  constructor(
    desk: Desk,
    number: number,
    { role, text }: { readonly role: string; readonly text: string },
    remove: (message: OwnMessage) => void,
  ) {
    const { words } = desk;
    this.select = roleSelect(desk, words.newMessage, role);
    this.area = element('textarea', { id: `own-${number}`, spellcheck: 'false' });
    this.area.value = text;
    this.area.addEventListener('input', desk.remember);
    const out = button(desk, words.leaveOut, () => remove(this), { kind: 'small', decides: false });
    out.setAttribute('aria-label', `${words.leaveOut}: ${words.newMessage}`);
    this.box = element(
      'article',
      { class: 'block own' },
      element('div', { class: 'tools' }, this.select, out),
      new Field(words.newMessage, this.area).box,
    );
  }

  read(): { readonly role: PageRole; readonly text: string } {
    return { role: this.select.value === 'assistant' ? 'assistant' : 'user', text: this.area.value };
  }

  focus(): void {
    this.area.focus();
  }
}

/** All blocks of a request. */
export class RequestMessages {
  readonly box = element('div', {});
  /** Adds a message. */
  readonly add: HTMLButtonElement;
  private readonly blocks: readonly SentBlock[];
  private own: readonly OwnMessage[] = [];
  private count = 0;

  constructor(
    private readonly desk: Desk,
    blocks: readonly PageBlock[],
  ) {
    this.blocks = blocks.map((block) => new SentBlock(desk, block));
    this.box.append(...this.blocks.map(({ box }) => box));
    const write = (): void => this.append({ role: 'user', text: '' }).focus();
    this.add = button(desk, desk.words.addMessage, write, { kind: 'small', decides: false });
  }

  /** Only what the person changed. */
  get edit(): MessageEdit {
    const texts = this.blocks.flatMap(({ texts: all }) =>
      [...all].flatMap(([place, { changed }]) => (changed === undefined ? [] : [[place, changed] as const])),
    );
    const without = this.blocks.flatMap(({ message, isLeftOut }) =>
      message !== undefined && isLeftOut ? [message] : [],
    );
    const roles = this.blocks.flatMap(({ message, otherRole }) =>
      message === undefined || otherRole === undefined ? [] : [[message, otherRole] as const],
    );
    const added = this.own.map((message) => message.read());
    return {
      texts,
      ...(without.length === 0 ? {} : { without }),
      ...(roles.length === 0 ? {} : { roles }),
      ...(added.length === 0 ? {} : { added }),
    };
  }

  get isChanged(): boolean {
    const { texts, ...rest } = this.edit;
    return texts.length > 0 || Object.keys(rest).length > 0;
  }

  /** Texts that the person wrote. */
  get typed(): readonly string[] {
    const { texts, added = [] } = this.edit;
    return [...texts.map(([, text]) => text), ...added.map(({ text }) => text)];
  }

  /** @param draft an {@link edit} that the page remembered, which may be anything */
  restore(draft: unknown): void {
    if (!isRecord(draft)) return;
    const texts = new Map(readPairs(draft['texts'], 'number'));
    const roles = new Map(readPairs(draft['roles'], 'number'));
    const without: unknown = draft['without'];
    for (const block of this.blocks) {
      for (const [place, text] of block.texts) {
        const changed = texts.get(place);
        if (changed !== undefined) text.restore(changed);
      }
      if (block.message !== undefined)
        block.restore(Array.isArray(without) && without.includes(block.message), roles.get(block.message));
    }
    const added: unknown = draft['added'];
    for (const one of Array.isArray(added) ? (added as readonly unknown[]) : []) {
      const [role, text] = isRecord(one) ? [one['role'], one['text']] : [];
      if (typeof role === 'string' && typeof text === 'string') this.append({ role, text });
    }
  }

  /** Adds a paragraph to the last text of the user, or a message where none is left. */
  attach(text: string): void {
    const last = this.blocks
      .filter(({ isOfUser, isLeftOut }) => isOfUser && !isLeftOut)
      .flatMap(({ texts }) => [...texts.values()])
      .at(-1);
    if (last) last.append(text);
    else this.append({ role: 'user', text });
  }

  private append(given: { readonly role: string; readonly text: string }): OwnMessage {
    const made = new OwnMessage(this.desk, ++this.count, given, (message) => {
      this.own = this.own.filter((one) => one !== message);
      message.box.remove();
      this.add.focus();
      this.desk.remember();
    });
    this.own = [...this.own, made];
    this.box.append(made.box);
    this.desk.remember();
    return made;
  }
}

function roleSelect(desk: Desk, title: string, role: string): HTMLSelectElement {
  const { words } = desk;
  const labels = { user: words.asUser, assistant: words.asAssistant };
  const select = element(
    'select',
    { class: 'role', 'aria-label': `${words.role}: ${title}` },
    ...ROLES.map((value) => element('option', { value }, labels[value])),
  );
  select.value = role;
  select.addEventListener('change', desk.remember);
  return select;
}
