/** What came of a request: the answer while it comes, the answer that waits, and the end. */

import type {
  AnsweredStage,
  OverStage,
  PageField,
  PageText,
  WorkingStage,
} from '../presentation/samplingPageMessages';
import { element } from './dom';
import {
  button,
  factList,
  readPart,
  requestBelow,
  section,
  showAll,
  textBox,
  warningList,
  type Desk,
  type StageView,
} from './samplingParts';
import { isRecord } from './samplingState';
import { EditableText } from './samplingTexts';

/** A model that answers. */
export class WorkingView implements StageView {
  readonly content: readonly HTMLElement[];
  readonly aside: readonly HTMLElement[];
  readonly buttons: readonly HTMLElement[];
  private readonly said: HTMLElement;
  private readonly facts = element('section', {});

  constructor(
    private readonly desk: Desk,
    stage: WorkingStage,
  ) {
    const { words } = desk;
    // It is not read aloud while it grows; its end is told.
    this.said = element('article', { class: 'block answer live', 'aria-live': 'off', 'aria-busy': 'true' });
    this.content = [section(words.answer, this.said), requestBelow(stage.request, words)];
    this.aside = [this.facts];
    const stop = (): void => desk.post({ type: 'stop', conversation: stage.conversation });
    this.buttons = [button(desk, words.stop, stop, { decides: false })];
    this.update(stage);
  }

  say(text: PageText): void {
    const place = this.said.closest('main');
    const atEnd = place !== null && place.scrollHeight - place.scrollTop - place.clientHeight < 40;
    this.said.replaceChildren(textBox(text, this.desk.words.working));
    if (atEnd) place.scrollTop = place.scrollHeight;
  }

  update(stage: WorkingStage): boolean {
    // Which model it is, is known a moment later than that one is asked.
    this.facts.replaceChildren(factList(stage.facts));
    this.say(stage.text);
    return false;
  }
}

/** An answer that waits. */
export class AnsweredView implements StageView {
  readonly content: readonly HTMLElement[];
  readonly aside: readonly HTMLElement[];
  private readonly answer: EditableText | undefined;
  private readonly give: HTMLButtonElement;
  private readonly edit: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private readonly others: readonly HTMLElement[];

  constructor(
    private readonly desk: Desk,
    private readonly stage: AnsweredStage,
  ) {
    const { words } = desk;
    const { id } = stage;
    const [first, ...uses] = stage.parts;
    const editable = first?.kind === 'text' ? first.edit : undefined;
    this.answer =
      first?.kind === 'text' && editable
        ? new EditableText(desk, first.shown, editable, words.answer, words.emptyAnswer)
        : undefined;
    this.answer?.hideButtons();
    const shown = this.answer?.box ?? (first && readPart(first, words));
    const box = element(
      'article',
      { class: 'block answer' },
      ...(shown ? [shown] : []),
      ...uses.map((use) => readPart(use, words)),
    );
    this.content = [
      ...warningList(stage.warnings),
      section(words.answer, box),
      requestBelow(stage.request, words),
    ];
    this.aside = [element('section', {}, factList(stage.facts))];
    this.give = button(desk, words.return, () => this.onReturn(), { kind: 'primary' });
    this.edit = button(desk, words.editAndReturn, () => this.openEditor(true), { decides: false });
    this.back = button(desk, words.back, () => this.openEditor(false), { decides: false });
    const again = button(desk, words.again, () => desk.post({ type: 'again', id }));
    again.title = stage.again;
    again.toggleAttribute('data-off', stage.again === '');
    const refuse = button(desk, words.refuse, () => desk.post({ type: 'deny', id }));
    this.others = [
      again,
      refuse,
      element('p', { class: 'why-not' }, stage.whyNot ?? ''),
      ...showAll(desk, stage),
    ];
    this.redraw();
  }

  get buttons(): readonly HTMLElement[] {
    return [this.give, this.answer?.isOpen === true ? this.back : this.edit, ...this.others];
  }

  update(): boolean {
    return false;
  }

  redraw(): void {
    const { words } = this.desk;
    this.give.textContent = this.answer?.changed === undefined ? words.return : words.returnEdited;
    this.give.toggleAttribute('data-off', this.stage.whyNot !== undefined);
    this.edit.toggleAttribute('data-off', !this.answer);
  }

  point(_field: PageField | undefined, message: string): boolean {
    this.answer?.point(message);
    return this.answer !== undefined;
  }

  get draft(): unknown {
    return this.answer?.isOpen === true ? { text: this.answer.changed } : {};
  }

  get typed(): readonly string[] {
    const text = this.answer?.isOpen === true ? this.answer.changed : undefined;
    return text === undefined ? [] : [text];
  }

  restore(draft: unknown): void {
    const text = isRecord(draft) ? draft['text'] : undefined;
    if (typeof text === 'string') this.answer?.restore(text);
    this.redraw();
  }

  private onReturn(): void {
    const { id } = this.stage;
    const text = this.answer?.changed;
    this.desk.post({ type: 'return', id, ...(text === undefined ? {} : { text }) });
  }

  private openEditor(open: boolean): void {
    if (open) this.answer?.open();
    else this.answer?.close();
    this.desk.remember();
    if (!open) this.edit.focus();
  }
}

/** Nothing is to be decided any more. */
export class OverView implements StageView {
  /** What the person had typed, as it was: it may be worth keeping. */
  readonly content: readonly HTMLElement[];
  readonly aside: readonly HTMLElement[] = [];
  readonly buttons: readonly HTMLElement[];

  constructor(desk: Desk, _stage: OverStage, isLast: boolean, typed: readonly string[]) {
    const areas = typed.map((text) => {
      const area = element('textarea', { readonly: '', 'aria-label': desk.words.typed });
      area.value = text;
      return area;
    });
    this.content = areas.length === 0 ? [] : [section(desk.words.typed, ...areas)];
    const label = isLast ? desk.words.close : desk.words.next;
    this.buttons = [
      button(desk, label, () => desk.post({ type: 'close' }), { kind: 'primary', decides: false }),
    ];
  }

  update(): boolean {
    return false;
  }
}
