/** What every stage of the sampling review page is made of: facts, blocks of foreign text, fields with what is wrong with them. */

import type {
  PageBlock,
  PageFact,
  PageField,
  PagePart,
  PageText,
  PageWords,
  SamplingPageMessage,
} from '../presentation/samplingPageMessages';
import { codeWithMarkers, element } from './dom';

/** What a part of the page may do. */
export interface Desk {
  readonly words: PageWords;
  /** Whether what is shown has been there for a moment: only then is anything decided (T005). */
  readonly isSettled: () => boolean;
  readonly post: (message: SamplingPageMessage) => void;
  /** To be called when what the person has typed is another text. */
  readonly remember: () => void;
}

/** One stage as it is drawn. */
export interface StageView {
  readonly content: readonly HTMLElement[];
  /** Beside it, where there is room. */
  readonly aside: readonly HTMLElement[];
  readonly buttons: readonly HTMLElement[];
  /** What the person typed, to be kept while the page is hidden, and its texts. */
  readonly draft?: unknown;
  readonly typed?: readonly string[];
  redraw?(): void;
  restore?(draft: unknown): void;
  /** @returns whether it could be shown where it belongs */
  point?(field: PageField | undefined, message: string): boolean;
}

/** A button of the page. One that decides does nothing before the page has settled. */
export function button(
  desk: Desk,
  label: string,
  press: () => void,
  { kind = '', decides = true }: { readonly kind?: string; readonly decides?: boolean } = {},
): HTMLButtonElement {
  const made = element('button', { type: 'button', class: kind }, label);
  if (decides) made.dataset['decides'] = 'true';
  made.addEventListener('click', (event) => {
    // A key that is held down presses again and again.
    if (event.detail > 1 || made.getAttribute('aria-disabled') === 'true') return;
    if (!decides || desk.isSettled()) press();
  });
  return made;
}

/** The way to all of what is only begun on the page. */
export function showAll(
  desk: Desk,
  { id, hasMore }: { readonly id: number; readonly hasMore: boolean },
): HTMLElement[] {
  const show = (): void => desk.post({ type: 'show-all', id });
  return hasMore ? [button(desk, desk.words.showAll, show, { decides: false })] : [];
}

export function factList(facts: readonly PageFact[]): HTMLElement {
  return element(
    'dl',
    {},
    ...facts.flatMap(({ label, text }) => [element('dt', {}, label), element('dd', {}, codeless(text))]),
  );
}

export function warningList(warnings: readonly string[]): HTMLElement[] {
  if (warnings.length === 0) return [];
  return [element('ul', { class: 'warnings' }, ...warnings.map((text) => element('li', {}, text)))];
}

export function section(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element('section', {}, element('h2', {}, title), ...children);
}

/** Foreign text, with what is left out of it. */
export function textBox({ text, more }: PageText, empty: string): HTMLElement {
  const code = text === '' ? element('span', { class: 'empty' }, empty) : codeWithMarkers(text);
  return element(
    'div',
    { class: 'text' },
    code,
    ...(more === undefined ? [] : [element('p', { class: 'more' }, more)]),
  );
}

/** A block that is only read. */
export function readBlock({ title, role, parts }: PageBlock, words: PageWords): HTMLElement {
  return element(
    'article',
    { class: `block ${role}` },
    element('h3', {}, codeless(title)),
    ...parts.map((part) => readPart(part, words)),
  );
}

/** A part that is only read. */
export function readPart(part: PagePart, words: PageWords): HTMLElement {
  switch (part.kind) {
    case 'text':
      return textBox(part.shown, words.none);
    case 'code':
      return element(
        'div',
        { class: 'code' },
        element('p', { class: 'label' }, codeless(part.label)),
        textBox(part.shown, words.none),
      );
    case 'media': {
      const label = element('figcaption', {}, codeless(part.label));
      if (part.source === undefined) return element('figure', {}, label);
      const picture = element('img', { src: part.source, alt: part.label });
      return element('figure', {}, picture, label);
    }
  }
}

/** The request, folded away below what came of it. */
export function requestBelow(blocks: readonly PageBlock[], words: PageWords): HTMLElement {
  return element(
    'details',
    {},
    element('summary', {}, words.request),
    ...blocks.map((block) => readBlock(block, words)),
  );
}

/** A field with its label, and a place for what is wrong with it. */
export class Field<T extends HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement> {
  readonly box: HTMLElement;
  private readonly problem: HTMLElement;

  constructor(
    label: string,
    readonly input: T,
    hint?: string,
  ) {
    const id = input.id;
    this.problem = element('p', { class: 'problem', id: `${id}-problem`, role: 'alert' });
    const described = hint === undefined ? `${id}-problem` : `${id}-hint ${id}-problem`;
    input.setAttribute('aria-describedby', described);
    this.box = element(
      'div',
      { class: 'field' },
      element('label', { for: id }, label),
      input,
      ...(hint === undefined ? [] : [element('p', { class: 'hint', id: `${id}-hint` }, hint)]),
      this.problem,
    );
    input.addEventListener('input', () => this.tell(''));
  }

  /** Says what is wrong, and goes there. */
  point(message: string): void {
    this.tell(message);
    this.input.focus();
  }

  private tell(message: string): void {
    this.problem.textContent = message;
    this.input.setAttribute('aria-invalid', String(message !== ''));
  }
}

/** Text in which markers of unseen characters stand out, in the font of the page. */
export function codeless(text: string): HTMLElement {
  const made = codeWithMarkers(text);
  made.className = 'words';
  return made;
}
