/** The usage page in the browser: draws what the panel sent, and tells what the person wants. It counts nothing, and writes text only as text. */

import type {
  PageChart,
  PagePeriod,
  PageRow,
  PageTable,
  UsagePage,
  UsagePageMessage,
  UsagePanelMessage,
} from '../presentation/usageMessages';
import { element } from './dom';

interface EditorApi {
  postMessage(message: UsagePageMessage): void;
}
declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

/** Of a chart's drawing, which is stretched to the room there is. */
const HEIGHT = 100;
const BAR = 10;
/** What stays free between two bars. */
const GAP = 2;

class UsageView {
  private readonly heading = element('h1', {});
  private readonly intro = element('p', { class: 'intro' });
  private readonly exportButton = element('button', { type: 'button' });
  private readonly clearButton = element('button', { type: 'button' });
  private readonly periods = element('div', { class: 'periods', role: 'radiogroup' });
  private readonly choices = new Map<string, PeriodChoice>();
  private readonly nothing = element('p', { class: 'nothing' });
  private readonly charts = element('div', { class: 'charts' });
  private readonly servers = element('div', { class: 'servers' });
  private readonly summary = element('summary', {});
  private readonly numbers = element('div', {});
  private readonly note = element('p', { class: 'note' });
  /** What shows usage. It stays while numbers change, so that what is open stays open, and what has the focus keeps it. */
  private readonly usage = element(
    'div',
    { hidden: '' },
    this.charts,
    this.servers,
    element('details', {}, this.summary, this.numbers),
    this.note,
  );

  constructor(root: HTMLElement) {
    const buttons = element('div', { class: 'buttons' }, this.exportButton, this.clearButton);
    const head = element('header', {}, this.heading, buttons);
    root.replaceChildren(element('main', {}, head, this.intro, this.periods, this.nothing, this.usage));
    this.exportButton.addEventListener('click', () => this.act(this.exportButton, { type: 'export' }));
    this.clearButton.addEventListener('click', () => this.act(this.clearButton, { type: 'clear' }));
  }

  show(page: UsagePage): void {
    document.title = page.title;
    this.heading.textContent = page.title;
    this.intro.textContent = page.intro;
    this.exportButton.textContent = page.exportLabel;
    this.clearButton.textContent = page.clearLabel;
    const { content } = page;
    for (const button of [this.exportButton, this.clearButton])
      button.setAttribute('aria-disabled', String(content.kind === 'empty'));
    this.periods.setAttribute('aria-label', page.periodsLabel);
    this.periods.hidden = content.kind === 'empty';
    for (const period of page.periods) this.choiceOf(period).show(period, period.id === page.period);
    this.usage.hidden = content.kind !== 'usage';
    this.nothing.hidden = content.kind === 'usage';
    if (content.kind !== 'usage') {
      this.nothing.textContent = content.text;
      return;
    }
    this.charts.replaceChildren(...content.charts.map(chartOf));
    this.servers.replaceChildren(tableOf(content.table));
    this.summary.textContent = content.numbers.caption;
    this.numbers.replaceChildren(tableOf(content.numbers));
    this.note.textContent = content.note;
  }

  /** A choice that is there stays, so that it keeps the focus. */
  private choiceOf({ id }: PagePeriod): PeriodChoice {
    const known = this.choices.get(id);
    if (known) return known;
    const made = new PeriodChoice(id);
    this.choices.set(id, made);
    this.periods.append(made.label);
    return made;
  }

  private act(button: HTMLElement, message: UsagePageMessage): void {
    if (button.getAttribute('aria-disabled') !== 'true') editor.postMessage(message);
  }
}

class PeriodChoice {
  readonly label: HTMLLabelElement;
  private readonly input: HTMLInputElement;
  private readonly name = element('span', { class: 'name' });
  private readonly tokens = element('span', { class: 'tokens' });
  private readonly requests = element('span', { class: 'requests' });

  constructor(id: PagePeriod['id']) {
    this.input = element('input', { type: 'radio', name: 'period', value: id });
    this.input.addEventListener('change', () => editor.postMessage({ type: 'period', period: id }));
    this.label = element('label', { class: 'period' }, this.input, this.name, this.tokens, this.requests);
  }

  show(period: PagePeriod, chosen: boolean): void {
    this.name.textContent = period.label;
    this.tokens.textContent = period.tokens;
    this.requests.textContent = period.requests;
    this.input.checked = chosen;
  }
}

function chartOf(chart: PageChart): HTMLElement {
  const legend = chart.legend.map(({ kind, label }) =>
    element('li', {}, element('span', { class: `swatch ${kind}` }), label),
  );
  const picture = element('div', { class: 'picture', role: 'img', 'aria-label': chart.spoken });
  picture.append(drawingOf(chart));
  return element(
    'section',
    { class: 'chart' },
    element('div', { class: 'chart-head' }, element('h2', {}, chart.title), element('ul', {}, ...legend)),
    element(
      'div',
      { class: 'plot' },
      element('span', { class: 'most', 'aria-hidden': 'true' }, chart.most),
      picture,
    ),
    element(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      ...chart.axis.map((label) => element('span', {}, label)),
    ),
  );
}

function drawingOf({ bars }: PageChart): SVGElement {
  const drawing = shape('svg', {
    viewBox: `0 0 ${bars.length * BAR} ${HEIGHT}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  bars.forEach(({ text, parts }, index) => {
    const x = index * BAR;
    const title = shape('title', {});
    title.textContent = text;
    // The whole column can be pointed at, also where there is no bar.
    const group = shape('g', {}, title, rect(x, 0, BAR, HEIGHT, 'column'));
    let top = HEIGHT;
    for (const { kind, height } of parts) {
      // What is there is seen, however little it is beside the rest.
      const drawn = Math.max(height * HEIGHT, 1.5);
      top = Math.max(0, top - drawn);
      group.append(rect(x + GAP / 2, top, BAR - GAP, drawn, kind));
    }
    drawing.append(group);
  });
  return drawing;
}

function rect(x: number, y: number, width: number, height: number, name: string): SVGElement {
  return shape('rect', {
    x: String(x),
    y: String(y),
    width: String(width),
    height: String(height),
    class: name,
  });
}

function shape(
  tag: 'svg' | 'g' | 'rect' | 'title',
  attributes: Readonly<Record<string, string>>,
  ...children: readonly Node[]
): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function tableOf({ caption, columns, rows }: PageTable): HTMLElement {
  const [first = '', ...others] = columns;
  const head = element(
    'tr',
    { role: 'row' },
    element('th', { role: 'columnheader', scope: 'col' }, first),
    ...others.map((name) => element('th', { role: 'columnheader', scope: 'col', class: 'number' }, name)),
  );
  return element(
    'table',
    { role: 'table' },
    element('caption', {}, caption),
    element('thead', { role: 'rowgroup' }, head),
    element('tbody', { role: 'rowgroup' }, ...rows.map((row) => rowOf(row, others))),
  );
}

/** Roles are named because a narrow page lays rows out as blocks, which browsers take for no table any more. */
function rowOf({ kind, name, detail, numbers }: PageRow, columns: readonly string[]): HTMLElement {
  return element(
    'tr',
    { role: 'row', class: kind },
    element(
      'th',
      { role: 'rowheader', scope: 'row' },
      element('span', { class: 'name' }, name),
      ...(detail === undefined ? [] : [element('span', { class: 'detail' }, detail)]),
    ),
    ...numbers.map((text, index) =>
      element('td', { role: 'cell', class: 'number', 'data-column': columns[index] ?? '' }, text),
    ),
  );
}

const view = new UsageView(document.body);
window.addEventListener('message', (event: MessageEvent<Partial<UsagePanelMessage>>) => {
  // Only the panel can send messages into this frame; other shapes are none of ours.
  const { type, page } = event.data;
  if (type === 'show' && page) view.show(page);
});
editor.postMessage({ type: 'ready' });
