/** Building blocks of pages: elements made of text and other elements, never of markup. */

/** Makes an element. Strings become text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** More than this are not made to stand out; each is there as text. */
const MAX_MARKS = 5_000;

/** A text in which the markers of unseen characters stand out from what is really there. */
export function marked(text: string): (Node | string)[] {
  const parts = text.split(/(⟨[^⟩]*⟩)/u);
  const rest = parts.splice(2 * MAX_MARKS).join('');
  return [
    ...parts.map((part, index) => (index % 2 === 1 ? element('mark', {}, part) : part)),
    ...(rest === '' ? [] : [rest]),
  ];
}

/** The same, as code. */
export function codeWithMarkers(text: string): HTMLElement {
  return element('code', {}, ...marked(text));
}

/** What a page remembered of its checkboxes, from state that may be anything. */
export function readSelection(state: unknown): Map<number, boolean> {
  const selection = new Map<number, boolean>();
  if (
    typeof state !== 'object' ||
    state === null ||
    !('selection' in state) ||
    !Array.isArray(state.selection)
  )
    return selection;
  for (const pair of state.selection as readonly unknown[]) {
    if (!Array.isArray(pair)) continue;
    const [id, selected] = pair as readonly unknown[];
    if (typeof id === 'number' && typeof selected === 'boolean') selection.set(id, selected);
  }
  return selection;
}
