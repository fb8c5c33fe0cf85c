/** A request that waits: everything of it, what may be changed, and what can be done. */

import type { AskedStage, PageField, PageModel } from '../presentation/samplingPageMessages';
import { element } from './dom';
import { HandAnswer } from './samplingHand';
import { Limits } from './samplingLimits';
import { RequestMessages } from './samplingMessages';
import { button, factList, section, showAll, warningList, type Desk, type StageView } from './samplingParts';
import { isRecord, readPairs } from './samplingState';

export class AskedView implements StageView {
  readonly content: readonly HTMLElement[];
  readonly aside: readonly HTMLElement[];
  private readonly messages: RequestMessages;
  private readonly limits: Limits;
  private readonly hand: HandAnswer;
  private readonly model = element('div', { class: 'model' });
  private readonly whyNot = element('p', { class: 'why-not' });
  private readonly send: HTMLButtonElement;
  private readonly allowFor: HTMLButtonElement;
  private readonly attach: HTMLButtonElement;
  private readonly forAsking: readonly HTMLElement[];
  private readonly forAnswering: readonly HTMLElement[];

  constructor(
    private readonly desk: Desk,
    private stage: AskedStage,
  ) {
    const { words } = desk;
    this.messages = new RequestMessages(desk, stage.blocks);
    this.limits = new Limits(desk, stage.limits);
    this.hand = new HandAnswer(desk, stage);
    this.attach = button(desk, words.attach, () => this.post('attach'), { kind: 'small' });
    const tools = element('div', { class: 'tools' }, this.messages.add, this.attach);
    const sent = section(words.sent, this.messages.box, tools);
    this.content = [...warningList(stage.warnings), sent, this.hand.box];
    this.aside = [
      section(words.model, this.model),
      section(words.limits, ...this.limits.boxes),
      section(words.cost, factList(stage.cost)),
      section(words.wishes, factList(stage.wishes)),
    ];
    this.send = button(desk, words.send, () => this.onSend(), { kind: 'primary' });
    this.allowFor = button(desk, words.allowFor, () => this.post('allow-for'));
    const deny = (): HTMLButtonElement => button(desk, words.deny, () => this.post('deny'));
    this.forAsking = [
      this.send,
      button(desk, words.answerMyself, () => this.answerMyself(true), { decides: false }),
      this.allowFor,
      deny(),
      this.whyNot,
      ...showAll(desk, stage),
    ];
    this.forAnswering = [
      button(desk, words.returnMine, () => this.onAnswer(), { kind: 'primary' }),
      button(desk, words.back, () => this.answerMyself(false), { decides: false }),
      deny(),
    ];
    this.update(stage);
  }

  get buttons(): readonly HTMLElement[] {
    return this.hand.isOpen ? this.forAnswering : this.forAsking;
  }

  /** @returns whether what is decided about is another thing now */
  update(stage: AskedStage): boolean {
    const isOther = JSON.stringify(stage.model) !== JSON.stringify(this.stage.model);
    this.stage = stage;
    this.model.replaceChildren(...this.modelRows(stage.model));
    this.whyNot.textContent = stage.whyNot ?? '';
    this.attach.hidden = !stage.canAttach;
    this.redraw();
    return isOther;
  }

  /** Says on the buttons what they would do now. */
  redraw(): void {
    const { words } = this.desk;
    const isEdited = this.isEdited;
    this.send.textContent = isEdited ? words.sendEdited : words.send;
    this.send.toggleAttribute('data-off', this.stage.whyNot !== undefined);
    // A rule is made of what the server asked, not of what the person made of it.
    this.allowFor.toggleAttribute('data-off', !this.stage.canGrant || isEdited);
    this.allowFor.title = this.stage.canGrant && !isEdited ? '' : words.noRule;
  }

  /** Adds what the person chose of their context to what goes to the model, where they can read and change it. */
  add(text: string): void {
    this.messages.attach(text);
    this.desk.remember();
  }

  point(field: PageField | undefined, message: string): boolean {
    if (field === undefined) return false;
    return this.limits.point(field, message) || this.hand.point(field, message);
  }

  get draft(): unknown {
    return {
      messages: this.messages.edit,
      limits: this.limits.typed,
      ...(this.hand.isOpen ? { hand: this.hand.draft } : {}),
    };
  }

  get typed(): readonly string[] {
    const { text, input } = this.hand.draft;
    return [...this.messages.typed, ...(this.hand.isOpen ? [text, input] : [])].filter(
      (one) => one.trim() !== '',
    );
  }

  restore(draft: unknown): void {
    if (!isRecord(draft)) return;
    this.messages.restore(draft['messages']);
    for (const [name, value] of readPairs(draft['limits'], 'string')) this.limits.restore(name, value);
    const hand = draft['hand'];
    if (isRecord(hand)) {
      const textOf = (name: string): string => (typeof hand[name] === 'string' ? hand[name] : '');
      const [text, reason, tool, input] = ['text', 'reason', 'tool', 'input'].map(textOf);
      this.hand.restore({
        text: text ?? '',
        reason: reason ?? '',
        tool: tool ?? '',
        input: input ?? '',
      });
    }
    this.redraw();
  }

  private get isEdited(): boolean {
    return this.messages.isChanged || this.limits.typed.length > 0;
  }

  private post(type: 'allow-for' | 'attach' | 'deny' | 'model'): void {
    this.desk.post({ type, id: this.stage.id });
  }

  private onSend(): void {
    const limits = this.limits.read();
    if (!limits) return;
    this.desk.post({
      type: 'send',
      id: this.stage.id,
      edit: { ...this.messages.edit, ...limits },
    });
  }

  private onAnswer(): void {
    this.desk.post({ type: 'answer', id: this.stage.id, answer: this.hand.read() });
  }

  private answerMyself(open: boolean): void {
    if (open) this.hand.open();
    else this.hand.close();
    this.desk.remember();
    if (!open) this.forAsking[1]?.focus();
  }

  private modelRows(model: PageModel): HTMLElement[] {
    const change = button(this.desk, this.desk.words.changeModel, () => this.post('model'), {
      kind: 'small',
    });
    const rows =
      model.kind === 'none'
        ? [element('p', { class: 'problem' }, model.why)]
        : [
            element('p', { class: 'model-name' }, model.name),
            element('p', { class: 'hint' }, model.why),
            ...model.notes.map((note) => element('p', { class: 'hint' }, note)),
          ];
    return [...rows, change];
  }
}
