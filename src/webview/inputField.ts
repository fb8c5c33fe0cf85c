/** One field of a form in the browser: its control, and what is said about it. What is wrong is for the panel to say. */

import type { Entered, PageAnswer, PageChoice, PageControl, PageInput } from '../presentation/inputMessages';
import { element, marked } from './dom';

/** As in the messages of the page: more is no answer to anything. */
const MAX_TYPED = '100000';

/** A control, and how to read it. */
interface Control {
  readonly root: HTMLElement;
  /** What has the focus, and says what is wrong. */
  readonly target: HTMLElement;
  read(): Entered;
}

export class FieldView {
  readonly root: HTMLElement;
  /** Behind everything that belongs to the field: when it is in view, the field was. */
  readonly end = element('div', { class: 'end' });
  private readonly control: Control;
  private readonly proposed = element('span', { class: 'proposed', hidden: '' }, 'proposed by the server');
  private readonly problem: HTMLElement;
  private readonly warning: HTMLElement;
  private answer: PageAnswer = { isProposed: false };
  /** The person has been here: before that, nothing they did is wrong. */
  private isTouched = false;

  /** @param onEdit the person has changed it. */
  constructor(input: PageInput, index: number, onEdit: (entered: Entered) => void) {
    const id = `field-${index}`;
    this.problem = element('p', { class: 'problem', id: `${id}-problem`, hidden: '' });
    this.warning = element('p', { class: 'warning', id: `${id}-warning`, hidden: '' });
    this.control = controlOf(input, id);
    const { target } = this.control;
    const said = describe(input, id);
    const described = [...said.map((part) => part.id), this.warning.id, this.problem.id];
    target.setAttribute('aria-describedby', described.join(' '));
    target.setAttribute('aria-labelledby', `${id}-name`);
    if (input.required) target.setAttribute('aria-required', 'true');
    const before = said.filter((part) => !part.classList.contains('hint'));
    const hints = said.filter((part) => part.classList.contains('hint'));
    this.root = element(
      'section',
      { class: 'field' },
      headOf(input, id, this.proposed),
      ...before,
      this.control.root,
      ...hints,
      this.warning,
      this.problem,
      this.end,
    );
    this.control.root.addEventListener('input', () => {
      this.isTouched = true;
      onEdit(this.control.read());
    });
    this.root.addEventListener('focusout', () => {
      // Whoever only looks at another window has not left the field.
      if (document.hasFocus()) this.reveal();
    });
  }

  get hasProblem(): boolean {
    return this.answer.problem !== undefined;
  }

  show(answer: PageAnswer): void {
    this.answer = answer;
    this.proposed.hidden = !answer.isProposed;
    this.warning.hidden = answer.warning === undefined;
    this.warning.textContent = answer.warning ?? '';
    this.update();
  }

  /** From now on it is said what is wrong. */
  reveal(): void {
    this.isTouched = true;
    this.update();
  }

  focus(options?: FocusOptions): void {
    const { root } = this.control;
    const chosen = root.querySelector<HTMLElement>('input:checked') ?? root.querySelector('input');
    (chosen ?? root).focus(options);
  }

  private update(): void {
    const { problem } = this.answer;
    const isShown = problem !== undefined && this.isTouched;
    this.problem.hidden = !isShown;
    if (this.problem.textContent !== (problem ?? '')) this.problem.textContent = problem ?? '';
    this.control.target.setAttribute('aria-invalid', String(isShown));
  }
}

function headOf({ name, key, required, control }: PageInput, id: string, proposed: HTMLElement): HTMLElement {
  // Several controls are named by their group.
  const isOne = control.kind === 'text' || (control.kind === 'one' && control.isLong);
  const attributes = { class: 'name', id: `${id}-name` };
  return element(
    'div',
    { class: 'head' },
    isOne
      ? element('label', { ...attributes, for: id }, ...marked(name))
      : element('span', attributes, ...marked(name)),
    ...(key === undefined || key === name ? [] : [element('span', { class: 'key' }, ...marked(key))]),
    element('span', { class: 'mark' }, required ? '(required)' : '(optional)'),
    proposed,
  );
}

/** All that is said about a field before anything is entered. */
function describe({ description, accepts, warnings }: PageInput, id: string): HTMLElement[] {
  return [
    ...warnings.map((text, index) =>
      element('p', { class: 'warning', id: `${id}-note-${index}` }, ...marked(text)),
    ),
    ...(description === undefined
      ? []
      : [element('p', { class: 'theirs', id: `${id}-about` }, ...marked(description))]),
    ...(accepts === '' ? [] : [element('p', { class: 'hint', id: `${id}-accepts` }, ...marked(accepts))]),
  ];
}

function controlOf({ control, entered }: PageInput, id: string): Control {
  switch (control.kind) {
    case 'text':
      return textControl(control, entered.kind === 'text' ? entered.text : '', id);
    case 'one': {
      const index = entered.kind === 'one' ? entered.index : undefined;
      return control.isLong ? listControl(control, index, id) : radioControl(control, index, id);
    }
    case 'several':
      return checkControl(control.choices, entered.kind === 'several' ? entered.indexes : [], id);
  }
}

function textControl(
  { severalLines, numeric, example }: Extract<PageControl, { kind: 'text' }>,
  text: string,
  id: string,
): Control {
  const shared = { id, maxlength: MAX_TYPED, autocomplete: 'off', spellcheck: 'false' };
  const root = severalLines
    ? element('textarea', { ...shared, rows: '1' })
    : element('input', {
        ...shared,
        type: 'text',
        ...(numeric ? { class: 'numeric', inputmode: 'decimal' } : {}),
        ...(example === undefined ? {} : { placeholder: `For example ${example}` }),
      });
  root.value = text;
  root.addEventListener('keydown', (event) => {
    const { key, shiftKey, isComposing } = event as KeyboardEvent;
    // Enter alone neither sends nor leaves a line end where nobody sees it.
    if (key === 'Enter' && !shiftKey && !isComposing) event.preventDefault();
  });
  return { root, target: root, read: () => ({ kind: 'text', text: root.value }) };
}

type OneControl = Extract<PageControl, { kind: 'one' }>;

function listControl({ choices, none }: OneControl, chosen: number | undefined, id: string): Control {
  const root = element('select', { id });
  root.append(element('option', { value: '' }, none ?? 'Select…'));
  for (const [index, { label, value }] of choices.entries())
    root.append(
      element('option', { value: String(index) }, value === undefined ? label : `${label}  (${value})`),
    );
  root.value = chosen === undefined ? '' : String(chosen);
  const read = (): Entered =>
    root.value === '' ? { kind: 'one' } : { kind: 'one', index: Number(root.value) };
  return { root, target: root, read };
}

function radioControl({ choices, none }: OneControl, chosen: number | undefined, id: string): Control {
  const root = element('div', { class: 'choices', role: 'radiogroup' });
  const inputs = choices.map((choice, index) => {
    const input = element('input', { type: 'radio', name: id });
    input.checked = index === chosen;
    root.append(choiceLabel(input, choice));
    return input;
  });
  if (none !== undefined) {
    const input = element('input', { type: 'radio', name: id });
    input.checked = chosen === undefined;
    root.append(choiceLabel(input, { label: none }, 'none'));
  }
  const read = (): Entered => {
    const index = inputs.findIndex(({ checked }) => checked);
    return index === -1 ? { kind: 'one' } : { kind: 'one', index };
  };
  return { root, target: root, read };
}

function checkControl(choices: readonly PageChoice[], chosen: readonly number[], id: string): Control {
  const root = element('div', { class: 'choices', role: 'group' });
  const inputs = choices.map((choice, index) => {
    const input = element('input', { type: 'checkbox', name: id });
    input.checked = chosen.includes(index);
    root.append(choiceLabel(input, choice));
    return input;
  });
  const read = (): Entered => ({
    kind: 'several',
    indexes: inputs.flatMap(({ checked }, index) => (checked ? [index] : [])),
  });
  return { root, target: root, read };
}

function choiceLabel(input: HTMLInputElement, { label, value }: PageChoice, more = ''): HTMLElement {
  return element(
    'label',
    { class: 'choice' },
    input,
    element(
      'span',
      { class: `label ${more}`.trim() },
      ...marked(label),
      ...(value === undefined ? [] : [' ', element('span', { class: 'key' }, ...marked(value))]),
    ),
  );
}
