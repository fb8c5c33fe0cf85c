/** One tree view of the side bar: its rows as text, their actions and menus. */
import type { Locator, Page } from 'playwright-core';
import { comes, PATIENCE_MS, until } from './polling';

/** A view, by its title. */
export class View {
  private readonly pane: Locator;

  constructor(
    private readonly page: Page,
    private readonly title: string,
  ) {
    const header = page.locator(
      `.pane-header[aria-label^="${title} Section"], .pane-header[aria-label^="${title} - "], .pane-header[aria-label^="${title}:"], .pane-header[aria-label="${title}"]`,
    );
    this.pane = page.locator('.split-view-view .pane:visible').filter({ has: header }).first();
  }

  /** Opens the view where it is collapsed. */
  async expand(): Promise<void> {
    const header = this.pane.locator('.pane-header').first();
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** Closes the view where it is open, so that others have its room. */
  async collapse(): Promise<void> {
    const header = this.pane.locator('.pane-header').first();
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }

  /**
   * The rows on the screen, one line each: two spaces per level, a mark (`v` open, `>` closed, `-` leaf), the label,
   * and the description after two spaces. A view without rows gives its welcome text or message.
   */
  async text(): Promise<string> {
    const { rows, otherText } = await this.pane.locator('.pane-body').evaluate((element) => {
      const body = element as unknown as BodyElement; // One look at the page: between two, rows may come or go.
      const found = Array.from(body.querySelectorAll('.monaco-list-row'), (row) => ({
        level: Number(row.getAttribute('aria-level') ?? '1'),
        expanded: row.getAttribute('aria-expanded'),
        top: Number.parseFloat(row.style.top),
        label: row.querySelector('.label-name')?.textContent ?? '',
        description: row.querySelector('.label-description')?.textContent ?? '',
      }));
      return { rows: found, otherText: body.innerText };
    });
    if (rows.length === 0) return otherText.trim();
    return rows
      .sort((a, b) => a.top - b.top)
      .map(({ level, expanded, label, description }) => {
        const mark = expanded === null ? '-' : expanded === 'true' ? 'v' : '>';
        return `${'  '.repeat(level - 1)}${mark} ${[label, description].filter(Boolean).join('  ')}`.replaceAll(
          '\u00a0',
          ' ',
        );
      })
      .join('\n');
  }

  /** Waits until the text of the view matches, and returns it. */
  async waitForText(expected: string | RegExp, timeoutMs = PATIENCE_MS): Promise<string> {
    let last = '';
    const matches = (text: string): boolean =>
      typeof expected === 'string' ? text.includes(expected) : expected.test(text);
    try {
      return await until(
        `${String(expected)} in the view ${this.title}`,
        async () => {
          last = await this.text();
          return matches(last) ? last : undefined;
        },
        timeoutMs,
      );
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : String(error)} It shows:\n${last}`, {
        cause: error,
      });
    }
  }

  /** The first row with this label. */
  row(label: string): Locator {
    return this.rows()
      .filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) })
      .first();
  }

  /** Opens a row that has children. */
  async openRow(label: string): Promise<void> {
    await this.setRow(label, 'true');
  }

  /** Opens a row that has children, where it stands below another one, such as the tools of one server; nothing if there is none. */
  async openRowBelow(parent: string, label: string): Promise<void> {
    const lines = (await this.text()).split('\n');
    const top = lines.findIndex((line) => line.includes(` ${parent}  `));
    const level = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;
    const index = lines.findIndex(
      (line, place) =>
        place > top &&
        line.trim().startsWith(`> ${label}  `) &&
        lines.slice(top + 1, place + 1).every((between) => level(between) > level(lines[top] ?? '')),
    );
    if (index === -1) return;
    const row = this.pane.locator(`.monaco-list-row[data-index="${index}"]`);
    await row.locator('.monaco-tl-twistie').click();
    await until(`the row ${label} to open`, async () => (await row.getAttribute('aria-expanded')) === 'true');
  }

  /** Closes a row that has children. */
  async closeRow(label: string): Promise<void> {
    await this.setRow(label, 'false');
  }

  /** Presses one of the icons at the end of a row, by its tooltip. */
  async pressRowAction(label: string, action: string): Promise<void> {
    const row = this.row(label);
    const icon = row.locator(`.actions .action-label[aria-label^="${action}"]`).first();
    let wasPressed = false;
    // A row that is drawn anew under the mouse hides its icons until the mouse moves.
    await until(`the icon ${action} of ${label}`, async (attempt) => {
      const timeout = attempt * 1_000;
      // A press that took the row away with it may not have been told as one.
      if (wasPressed && !(await row.isVisible())) return true;
      if (!(await comes(row.hover({ timeout })))) return false;
      wasPressed = true;
      return comes(icon.click({ timeout }));
    });
  }

  /** Chooses an entry of a row's context menu. */
  async chooseFromMenu(label: string, entry: string): Promise<void> {
    const item = this.page.locator('.monaco-menu .action-label', { hasText: exactly(entry) });
    // A menu that has just opened takes the release of the button that opened it for no choice, and others with it; one that
    // opens while the window is busy may be gone at once.
    await until(`the entry ${entry} to be chosen`, async (attempt) => {
      const timeout = attempt * 1_000;
      if (!(await item.isVisible())) await this.row(label).click({ button: 'right' });
      if (!(await comes(item.hover({ timeout })))) return false;
      return (await comes(item.click({ timeout }))) && comes(item.waitFor({ state: 'hidden', timeout: 500 }));
    });
  }

  /** Titles of the context menu of a row; closes the menu again. */
  async menuOf(label: string): Promise<string[]> {
    await this.row(label).click({ button: 'right' });
    const labels = this.page.locator('.monaco-menu .action-item:not(.disabled) .action-label');
    await labels.first().waitFor();
    const titles = await labels.allInnerTexts();
    await this.page.keyboard.press('Escape');
    return titles.map((title) => title.trim()).filter(Boolean);
  }

  /** Presses one of the icons in the title of the view, by its tooltip. */
  async pressTitleAction(action: string): Promise<void> {
    await this.pane.locator('.pane-header').first().hover();
    await this.pane.locator(`.pane-header .action-label[aria-label^="${action}"]`).first().click();
  }

  /** The tooltip of a row, after hovering over it. */
  async tooltipOf(label: string): Promise<string> {
    const hover = this.page.locator('.workbench-hover-container .monaco-hover:visible').first();
    // What another row has shown stays for a while.
    return await until(`the tooltip of ${label}`, async (attempt) => {
      await this.row(label).hover();
      if (!(await comes(hover.waitFor({ timeout: attempt * 1_000 })))) return false;
      const text = (await hover.innerText({ timeout: 1_000 }).catch(() => '')).trim();
      return text.startsWith(label) ? text : false;
    });
  }

  private rows(): Locator {
    return this.pane.locator('.monaco-list-row');
  }

  private async setRow(label: string, expanded: 'true' | 'false'): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== expanded)
      await row.locator('.monaco-tl-twistie').click();
    await until(
      `the row ${label} to change`,
      async () => (await row.getAttribute('aria-expanded')) === expanded,
    );
  }
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

/** The parts of the DOM's elements that are used in the page; the tests are compiled without the DOM's types. */
interface BodyElement {
  readonly innerText: string;
  querySelectorAll(selector: string): ArrayLike<RowElement>;
}

interface RowElement {
  readonly style: { readonly top: string };
  getAttribute(name: string): string | null;
  querySelector(selector: string): { readonly textContent: string | null } | null;
}
