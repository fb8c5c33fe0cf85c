/**
 * The page that reviews sampling, in the browser: shows one request from its question to its end, and reports what the person decides. It
 * decides nothing, knows nothing beyond what the panel sent, and writes text only as text.
 */

import type {
  PageOther,
  PageStage,
  SamplingPage,
  SamplingPageMessage,
  SamplingPanelMessage,
} from '../presentation/samplingPageMessages';
import { element } from './dom';
import { AnsweredView, OverView, WorkingView } from './samplingAnswered';
import { AskedView } from './samplingAsked';
import { button, factList, type Desk, type StageView } from './samplingParts';
import { Drafts } from './samplingState';

interface EditorApi {
  postMessage(message: SamplingPageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

class SamplingReviewView {
  private page: SamplingPage | undefined;
  private key = '';
  /** The same, and how much of it is drawn. */
  private drawn = '';
  private readonly drafts = new Drafts(editor);
  private view: StageView | undefined;
  private settled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly heading = element('h1', { tabindex: '-1' });
  private readonly standing = element('p', { class: 'standing' });
  private readonly facts = element('div', { class: 'facts' });
  private readonly others = element('nav', { class: 'others' });
  private readonly content = element('div', { class: 'content' });
  private readonly aside = element('aside', {});
  private readonly buttons = element('div', { class: 'buttons' });
  private readonly corner = element('div', { class: 'corner' });
  private readonly status = element('p', { class: 'spoken', role: 'status' });
  /** What is wrong with the whole, and belongs to no field. */
  private readonly problem = element('p', { class: 'problem', role: 'alert' });

  constructor(root: HTMLElement) {
    root.replaceChildren(
      element(
        'header',
        {},
        this.heading,
        this.standing,
        element('div', { class: 'bar' }, this.buttons, this.corner),
        this.problem,
        this.status,
      ),
      element(
        'main',
        {},
        this.others,
        this.facts,
        element('div', { class: 'columns' }, this.content, this.aside),
      ),
    );
    document.addEventListener('visibilitychange', () => this.unsettle());
  }

  show({ page, isDrawn }: Extract<SamplingPanelMessage, { type: 'show' }>): void {
    const { stage, key, drawn } = page;
    const isNew = drawn !== this.drawn;
    // A page that began anew meanwhile has drawn nothing, and has asked.
    if (isNew && isDrawn) return;
    this.page = page;
    this.forget(page);
    this.drawn = drawn;
    if (isNew) this.begin(key, stage);
    else if (this.follow(stage)) this.unsettle();
    document.title = stage.title;
    this.heading.textContent = stage.title;
    this.standing.textContent = stage.standing;
    // Beside an answer, above a request.
    const above = stage.kind === 'asked' && stage.facts.length > 0;
    this.facts.replaceChildren(...(above ? [factList(stage.facts)] : []));
    this.drawOthers(page.others);
    this.draw();
    if (!isNew) return;
    this.status.textContent = `${stage.title}. ${stage.standing}`;
    // Never a button: a key that was on its way presses nothing.
    if (document.hasFocus()) this.heading.focus();
    this.unsettle();
  }

  say(message: Extract<SamplingPanelMessage, { type: 'said' }>): void {
    const stage = this.page?.stage;
    if (stage?.conversation === message.conversation && this.view instanceof WorkingView)
      this.view.say(message.text);
  }

  attach({ id, text }: Extract<SamplingPanelMessage, { type: 'attach' }>): void {
    const stage = this.page?.stage;
    if (stage?.kind === 'asked' && stage.id === id && this.view instanceof AskedView) this.view.add(text);
  }

  tell({ id, field, message }: Extract<SamplingPanelMessage, { type: 'problem' }>): void {
    const stage = this.page?.stage;
    if (!stage || !('id' in stage) || stage.id !== id) return;
    if (this.view?.point?.(field, message) !== true) this.problem.textContent = message;
  }

  private begin(key: string, stage: PageStage): void {
    this.key = key;
    this.problem.textContent = '';
    this.view = this.viewOf(stage);
    this.content.replaceChildren(...this.view.content);
    this.aside.replaceChildren(...this.view.aside);
    this.aside.hidden = this.view.aside.length === 0;
    this.view.restore?.(this.drafts.of(key));
  }

  /** What was sent, or is of something that does not wait any more, is not worth keeping. */
  private forget({ stage, others }: SamplingPage): void {
    if (stage.kind === 'over' && stage.isOfOtherWindow) return;
    const kept = others.map(({ conversation }) => conversation);
    this.drafts.keepOnly(new Set(stage.kind === 'working' ? kept : [stage.conversation, ...kept]));
  }

  private viewOf(stage: PageStage): StageView {
    switch (stage.kind) {
      case 'asked':
        return new AskedView(this.desk, stage);
      case 'working':
        return new WorkingView(this.desk, stage);
      case 'answered':
        return new AnsweredView(this.desk, stage);
      case 'over':
        return new OverView(
          this.desk,
          stage,
          this.page?.others.length === 0,
          this.drafts.typedIn(stage.isOfOtherWindow ? undefined : stage.conversation),
        );
    }
  }

  /** The same stage, told anew. @returns whether what is decided about is another thing now */
  private follow(stage: PageStage): boolean {
    if (this.view instanceof AskedView && stage.kind === 'asked') return this.view.update(stage);
    if (this.view instanceof WorkingView && stage.kind === 'working') return this.view.update(stage);
    return false;
  }

  private drawOthers(others: readonly PageOther[]): void {
    this.others.hidden = others.length === 0;
    const label = this.page?.words.others ?? '';
    this.others.setAttribute('aria-label', label);
    this.others.replaceChildren(
      element('span', {}, `${label}:`),
      ...others.map(({ conversation, label: other }) =>
        button(this.desk, other, () => editor.postMessage({ type: 'select', conversation }), {
          kind: 'small',
          decides: false,
        }),
      ),
    );
  }

  private draw(): void {
    const { view, page } = this;
    if (!view || !page) return;
    const { stage, words } = page;
    const wanted = view.buttons;
    // What stays keeps the focus.
    if (
      [...this.buttons.children].some((child, index) => child !== wanted[index]) ||
      !this.buttons.firstChild
    )
      this.buttons.replaceChildren(...wanted);
    const open = (id: number): HTMLElement =>
      button(this.desk, words.document, () => editor.postMessage({ type: 'document', id }), {
        decides: false,
      });
    if (!this.corner.firstChild || this.corner.dataset['key'] !== this.key)
      this.corner.replaceChildren(...('id' in stage ? [open(stage.id)] : []));
    this.corner.dataset['key'] = this.key;
    for (const one of document.querySelectorAll('button'))
      if (one.dataset['decides'] === 'true' || one.hasAttribute('data-off'))
        // A button that is off for now keeps the focus, unlike a disabled one.
        one.setAttribute(
          'aria-disabled',
          String(one.hasAttribute('data-off') || (one.dataset['decides'] === 'true' && !this.settled)),
        );
      else one.removeAttribute('aria-disabled');
  }

  /** A click or key that was already on its way when something new appeared must decide nothing (T005). */
  private unsettle(): void {
    this.settled = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.settled = true;
      this.draw();
    }, this.page?.settleMs);
    this.draw();
  }

  private keep(): void {
    const { view, page, key } = this;
    if (!view || !page) return;
    this.drafts.put({
      key,
      conversation: page.stage.conversation,
      draft: view.draft,
      typed: view.typed ?? [],
    });
  }

  private get desk(): Desk {
    return {
      words: this.page?.words ?? fail(),
      isSettled: () => this.settled,
      post: (message) => editor.postMessage(message),
      remember: () => {
        this.problem.textContent = '';
        this.view?.redraw?.();
        this.draw();
        this.keep();
      },
    };
  }
}

function fail(): never {
  throw new Error('there is no page yet');
}

const view = new SamplingReviewView(document.body);
// Only the panel can send messages into this frame.
window.addEventListener('message', ({ data: message }: MessageEvent<SamplingPanelMessage>) => {
  switch (message.type) {
    case 'show':
      return view.show(message);
    case 'said':
      return view.say(message);
    case 'attach':
      return view.attach(message);
    case 'problem':
      return view.tell(message);
  }
});
editor.postMessage({ type: 'ready' });
