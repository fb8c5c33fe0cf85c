/**
 * The page of a server's request for input in the browser: shows what is asked and reports what the person enters and wants. It decides
 * and checks nothing, keeps nothing, and writes text only as text.
 */

import type {
  FormState,
  InputPage,
  InputPageMessage,
  InputPanelMessage,
  PageAddress,
  PageInput,
} from '../presentation/inputMessages';
import { element, marked } from './dom';
import { FieldView } from './inputField';

interface EditorApi {
  postMessage(message: InputPageMessage): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

class InputView {
  private readonly heading = element('h1', { tabindex: '-1' });
  private readonly facts = element('dl', { class: 'facts' });
  private readonly expiry = element('dd', {});
  private readonly content = element('main', {});
  private readonly summary = element('p', { class: 'summary', role: 'status' });
  private readonly accept = element('button', { type: 'button', class: 'primary' });
  private readonly decline = button('Decline', 'Tell the server no');
  private readonly cancel = button('Cancel', 'Tell the server neither yes nor no');
  private readonly bar = element(
    'div',
    { class: 'bar' },
    element('div', { class: 'buttons' }, this.accept, this.decline, this.cancel),
    this.summary,
  );
  private readonly question = element('p', {});
  private readonly back = button('Go Back', 'Nothing is sent');
  private readonly anyway = button('Submit Anyway', 'Send it to the server as it stands');
  private readonly confirm = element(
    'section',
    { class: 'confirm', role: 'alert', hidden: '' },
    this.question,
    element('div', { class: 'buttons' }, this.back, this.anyway),
  );
  private readonly preview = element('pre', {});
  private fields: readonly FieldView[] = [];
  /** Those that were not in view yet. */
  private readonly unseen = new Set<FieldView>();
  private state: FormState | undefined;
  /** Changes so far, of this page and those before it. */
  private revision = 0;
  private settleMs = 0;
  private settled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement) {
    const head = element('header', {}, this.heading, this.facts);
    root.replaceChildren(head, this.content, element('footer', {}, this.confirm, this.bar));
    this.accept.addEventListener('click', () => this.submit());
    this.decline.addEventListener('click', () => this.tell({ type: 'decline' }));
    this.cancel.addEventListener('click', () => this.tell({ type: 'cancel' }));
    this.back.addEventListener('click', () => editor.postMessage({ type: 'back' }));
    this.anyway.addEventListener('click', () =>
      this.tell({ type: 'submit', revision: this.revision, anyway: true }),
    );
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      if (this.state && !this.state.confirm) this.submit();
    });
    document.addEventListener('visibilitychange', () => this.unsettle());
  }

  show(page: InputPage): void {
    const { title, facts, content } = page;
    document.title = title;
    this.settleMs = page.settleMs;
    this.heading.replaceChildren(...marked(title));
    this.facts.replaceChildren(
      ...facts.map(({ label, value }) =>
        element('div', {}, element('dt', {}, label), element('dd', {}, ...marked(value))),
      ),
      ...(page.expiry === '' ? [] : [element('div', {}, element('dt', {}, 'Time'), this.expiry)]),
    );
    this.showExpiry(page.expiry);
    this.content.replaceChildren(saidBy(page), element('p', { class: 'intro' }, page.intro));
    if (content.kind === 'form') {
      this.showForm(content.inputs, content.state);
    } else {
      this.accept.textContent = 'Open in Browser';
      this.summary.textContent = 'Nothing opens before you say so.';
      this.content.prepend(...addressParts(content.address));
      this.heading.focus({ preventScroll: true });
    }
    this.unsettle();
  }

  showExpiry(expiry: string): void {
    this.expiry.textContent = expiry;
  }

  showState(state: FormState): void {
    const asked = this.state?.confirm !== undefined;
    this.state = state;
    for (const [index, field] of this.fields.entries()) {
      const answer = state.answers[index];
      if (answer) field.show(answer);
    }
    if (this.summary.textContent !== state.summary) this.summary.textContent = state.summary;
    this.preview.textContent = state.preview;
    const { confirm } = state;
    this.confirm.hidden = confirm === undefined;
    this.bar.hidden = confirm !== undefined;
    if (confirm && !asked) {
      this.question.replaceChildren(
        'A server must not ask for passwords, keys or codes in this way. What looks like one: ',
        ...marked(confirm.join(', ')),
      );
      // The click that led here is no answer.
      this.unsettle();
      this.back.focus();
    } else if (!confirm && asked) {
      this.unsettle();
      this.accept.focus();
    }
    this.update();
  }

  private showForm(inputs: readonly PageInput[], state: FormState): void {
    this.revision = state.revision;
    this.accept.textContent = 'Submit';
    this.accept.title = 'Send what stands here to the server (Ctrl+Enter, on a Mac ⌘Enter)';
    this.fields = inputs.map(
      (input, index) =>
        new FieldView(input, index, (entered) => {
          this.revision += 1;
          editor.postMessage({ type: 'edit', revision: this.revision, field: index, entered });
          this.update();
        }),
    );
    const sent = element('details', {}, element('summary', {}, 'What would be sent, as JSON'), this.preview);
    this.content.append(...this.fields.map(({ root }) => root), sent);
    this.showState(state);
    this.watch();
    this.fields[0]?.focus({ preventScroll: true });
  }

  /** Tells which fields were in view. */
  private watch(): void {
    const watcher = new IntersectionObserver(
      (entries) => {
        const inView = new Set(entries.flatMap((each) => (each.isIntersecting ? [each.target] : [])));
        const seen = this.fields.flatMap((field, index) => {
          if (!inView.has(field.end)) return [];
          this.unseen.delete(field);
          watcher.unobserve(field.end);
          return [index];
        });
        if (seen.length > 0) editor.postMessage({ type: 'seen', fields: seen });
      },
      { root: this.content },
    );
    for (const field of this.fields) {
      this.unseen.add(field);
      watcher.observe(field.end);
    }
  }

  /** What keeps the form from being sent is shown instead. */
  private submit(): void {
    if (!this.state) return this.tell({ type: 'open' });
    if (!this.settled || this.state.revision !== this.revision) return;
    const wrong = this.fields.find(({ hasProblem }) => hasProblem);
    for (const field of this.fields) field.reveal();
    if (wrong) return wrong.focus();
    const [next] = this.unseen;
    if (next) return next.root.scrollIntoView();
    this.tell({ type: 'submit', revision: this.revision, anyway: false });
  }

  private tell(message: InputPageMessage): void {
    if (this.settled) editor.postMessage(message);
  }

  private update(): void {
    const { state, settled } = this;
    const isReady = !state || (state.canSubmit && state.revision === this.revision);
    enable(this.accept, settled && isReady);
    for (const each of [this.decline, this.cancel, this.anyway]) enable(each, settled);
  }

  /** A click or key that was already on its way when something new appeared must decide nothing (T005). */
  private unsettle(): void {
    this.settled = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.settled = true;
      this.update();
    }, this.settleMs);
    this.update();
  }
}

function button(label: string, title: string): HTMLButtonElement {
  return element('button', { type: 'button', title }, label);
}

/** A button that is off for now keeps the focus, unlike a disabled one. */
function enable(each: HTMLElement, on: boolean): void {
  each.setAttribute('aria-disabled', String(!on));
}

function saidBy({ message, messageWarning }: InputPage): HTMLElement {
  return element(
    'section',
    { class: 'said' },
    element('div', { class: 'label' }, 'What the server says'),
    element('p', { class: 'theirs' }, ...marked(message)),
    ...(messageWarning === undefined ? [] : [element('p', { class: 'warning' }, messageWarning)]),
  );
}

function addressParts({ before, host, after, inLetters, warnings }: PageAddress): HTMLElement[] {
  return [
    element('p', { class: 'host' }, ...marked(host)),
    ...(inLetters === undefined
      ? []
      : [
          element(
            'p',
            { class: 'letters' },
            'in its own letters: ',
            element('strong', {}, ...marked(inLetters)),
          ),
        ]),
    ...warnings.map((text) => element('p', { class: 'warning' }, ...marked(text))),
    element(
      'p',
      { class: 'address', 'aria-label': 'The whole address' },
      ...marked(before),
      element('strong', {}, ...marked(host)),
      ...marked(after),
    ),
  ];
}

const view = new InputView(document.body);
window.addEventListener('message', (event: MessageEvent<InputPanelMessage>) => {
  // Only the panel can send messages into this frame; other shapes are none of ours.
  const message = event.data;
  switch (message.type) {
    case 'show':
      return view.show(message.page);
    case 'state':
      return view.showState(message.state);
    case 'expiry':
      return view.showExpiry(message.expiry);
  }
});
editor.postMessage({ type: 'ready' });
