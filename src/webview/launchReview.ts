/**
 * The launch review page in the browser: shows waiting servers and reports what the person decides. It decides nothing, knows
 * nothing beyond what the panel sent, and writes text only as text.
 */

import type {
  LaunchPage,
  PageCard,
  PageField,
  PageLine,
  PageMessage,
  PanelMessage,
} from '../presentation/launchReviewMessages';
import { codeWithMarkers, element, readSelection } from './dom';

interface EditorApi {
  postMessage(message: PageMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

class LaunchReviewView {
  private page: LaunchPage | undefined;
  /** What the person selected, by id; kept while the panel is hidden. */
  private readonly selection = readSelection(editor.getState());
  private readonly cards = new Map<number, HTMLElement>();
  private settled = false;
  /** True once the person had time to read: what appears later is for them to select. */
  private wasSettled = editor.getState() !== undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  private readonly heading = element('h1', {});
  private readonly intro = element('p', { class: 'intro' });
  private readonly list = element('ul', { class: 'cards' });
  private readonly selectAll = element('input', { type: 'checkbox', id: 'select-all' });
  private readonly selectAllLabel = element('label', { for: 'select-all' });
  private readonly start = element('button', { type: 'button', class: 'primary' });
  private readonly deny = element('button', { type: 'button' });
  private readonly later = element('button', { type: 'button' });
  private readonly status = element('p', { class: 'spoken', role: 'status' });

  constructor(root: HTMLElement) {
    const all = element('div', { class: 'all' }, this.selectAll, this.selectAllLabel);
    const buttons = element('div', { class: 'buttons' }, this.start, this.deny, this.later);
    root.replaceChildren(
      element('main', {}, this.heading, this.intro, this.list),
      element('footer', {}, all, buttons, this.status),
    );
    this.selectAll.addEventListener('change', () => this.onSelectAll());
    this.start.addEventListener('click', () => this.decide('approve'));
    this.deny.addEventListener('click', () => this.decide('deny'));
    this.later.addEventListener('click', () => {
      if (this.settled) editor.postMessage({ type: 'later' });
    });
    document.addEventListener('visibilitychange', () => this.unsettle());
  }

  show(page: LaunchPage): void {
    const known = new Set(this.cards.keys());
    this.page = page;
    document.title = page.title;
    this.heading.textContent = page.title;
    this.intro.textContent = page.intro;
    this.selectAllLabel.textContent = page.selectAll;
    this.later.textContent = page.later;
    this.forgetGone(page.cards);
    for (const card of page.cards) {
      if (this.cards.has(card.id)) continue;
      if (!this.selection.has(card.id)) this.selection.set(card.id, card.selected && !this.wasSettled);
      const item = this.makeCard(card, page);
      this.cards.set(card.id, item);
      this.list.append(item);
    }
    if (page.cards.some(({ id }) => !known.has(id))) {
      this.unsettle();
      this.status.textContent = `${page.title}: ${page.cards.map(({ name }) => name).join(', ')}`;
    }
    this.update();
  }

  private forgetGone(cards: readonly PageCard[]): void {
    const ids = new Set(cards.map(({ id }) => id));
    for (const [id, item] of this.cards) {
      if (ids.has(id)) continue;
      item.remove();
      this.cards.delete(id);
    }
    for (const id of this.selection.keys()) if (!ids.has(id)) this.selection.delete(id);
  }

  private makeCard(card: PageCard, page: LaunchPage): HTMLElement {
    const id = `server-${card.id}`;
    const box = element('input', { type: 'checkbox', id });
    box.checked = this.selection.get(card.id) ?? false;
    box.setAttribute('aria-label', `${page.selectLabel} ${card.name}`);
    box.addEventListener('change', () => {
      this.selection.set(card.id, box.checked);
      this.update();
    });
    const name = element('label', { for: id, class: 'name' }, card.name);
    const title = element('h2', {}, name);
    if (card.changed !== undefined) title.append(element('span', { class: 'badge' }, card.changed));
    return element(
      'li',
      { class: 'card' },
      element('div', { class: 'head' }, box, title, element('p', { class: 'source' }, card.source)),
      ...(card.note === undefined ? [] : [element('p', { class: 'note' }, card.note)]),
      ...(card.warnings.length === 0 ? [] : [warningBox(card, page.warningsTitle)]),
      element('dl', {}, ...card.fields.flatMap(fieldRows)),
    );
  }

  private onSelectAll(): void {
    const { checked } = this.selectAll;
    for (const [id, item] of this.cards) {
      this.selection.set(id, checked);
      const box = item.querySelector<HTMLInputElement>('input[type=checkbox]');
      if (box) box.checked = checked;
    }
    this.update();
  }

  private selected(): number[] {
    return [...this.cards.keys()].filter((id) => this.selection.get(id) === true);
  }

  private update(): void {
    const count = this.selected().length;
    const total = this.cards.size;
    this.selectAll.checked = total > 0 && count === total;
    this.selectAll.indeterminate = count > 0 && count < total;
    this.start.textContent = `${this.page?.start ?? ''} (${count})`;
    this.deny.textContent = `${this.page?.deny ?? ''} (${count})`;
    this.enable(this.start, this.settled && count > 0);
    this.enable(this.deny, this.settled && count > 0);
    this.enable(this.later, this.settled);
    editor.setState({ selection: [...this.selection] });
  }

  /** A button that is off for now keeps the focus, unlike a disabled one. */
  private enable(button: HTMLElement, on: boolean): void {
    button.setAttribute('aria-disabled', String(!on));
  }

  /** A click or key that was already on its way when something new appeared must decide nothing (T005). */
  private unsettle(): void {
    this.settled = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.settled = true;
      this.wasSettled = true;
      this.update();
    }, this.page?.settleMs);
    this.update();
  }

  private decide(what: 'approve' | 'deny'): void {
    const ids = this.selected();
    if (!this.settled || ids.length === 0) return;
    editor.postMessage({
      type: 'decide',
      approve: what === 'approve' ? ids : [],
      deny: what === 'deny' ? ids : [],
    });
  }
}

function warningBox(card: PageCard, title: string): HTMLElement {
  const items = card.warnings.map(({ field, text }) =>
    element('li', {}, element('span', { class: 'field' }, field), element('span', {}, text)),
  );
  return element('section', { class: 'warnings' }, element('h3', {}, title), element('ul', {}, ...items));
}

function fieldRows({ label, lines, before }: PageField): HTMLElement[] {
  const now = element('dd', before ? { class: 'now' } : {}, ...lines.map(fieldLine));
  if (!before) return [element('dt', {}, label), now];
  return [
    element('dt', {}, label),
    now,
    element('dt', { class: 'before' }, before.label),
    element('dd', { class: 'before' }, ...before.lines.map(fieldLine)),
  ];
}

function fieldLine(line: PageLine): HTMLElement {
  const row = element('div', { class: line.number === undefined ? 'line' : 'line numbered' });
  if (line.number !== undefined)
    row.append(element('span', { class: 'number', 'aria-hidden': 'true' }, String(line.number)));
  row.append(...(line.code ? [codeWithMarkers(line.text)] : [element('span', {}, line.text)]));
  if (line.resolved !== undefined)
    row.append(element('div', { class: 'resolved' }, codeWithMarkers(line.resolved)));
  if (line.remark !== undefined) row.append(element('span', { class: 'remark' }, line.remark));
  return row;
}

const view = new LaunchReviewView(document.body);
window.addEventListener('message', (event: MessageEvent<Partial<PanelMessage>>) => {
  // Only the panel can send messages into this frame; other shapes are none of ours.
  const { type, page } = event.data;
  if (type === 'show' && page) view.show(page);
});
editor.postMessage({ type: 'ready' });
