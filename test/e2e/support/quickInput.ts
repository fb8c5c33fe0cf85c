/** The input at the top of the window: quick picks, input boxes and the command palette. */
import type { Locator, Page } from 'playwright-core';
import { comes, PATIENCE_MS, until } from './polling';

/** One row of a quick pick as it is shown. */
export interface QuickPickRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

/** The one quick input of a window. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:visible');
    this.input = this.widget.locator('.quick-input-box input').first();
  }

  /** Waits until an input is shown; with a text, until one is shown whose title, placeholder or message has it. */
  async shown(text?: string, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.widget.waitFor({ timeout: timeoutMs });
    if (text === undefined) return;
    await until(`a quick input with "${text}"`, async () => (await this.heading()).includes(text), timeoutMs);
  }

  /** Whether an input is on the screen within the time. */
  async isShown(timeoutMs: number): Promise<boolean> {
    return comes(this.widget.waitFor({ timeout: timeoutMs }));
  }

  /** Title, placeholder and message of the input that is shown, one per line. */
  async heading(): Promise<string> {
    if (!(await this.widget.isVisible())) return '';
    const parts = await Promise.all([
      this.text('.quick-input-title'),
      this.input.getAttribute('placeholder', { timeout: 1000 }).catch(() => ''),
      this.text('.quick-input-message'),
      this.text('.quick-input-description'),
    ]);
    return parts.filter(Boolean).join('\n');
  }

  /** The message below an input box, where VS Code also shows what is wrong with the text. */
  async message(): Promise<string> {
    return this.text('.quick-input-message');
  }

  /** The rows on the screen, once there are any. */
  async rows(timeoutMs = PATIENCE_MS): Promise<QuickPickRow[]> {
    const rows = this.widget.locator('.quick-input-list .monaco-list-row');
    await rows.first().waitFor({ timeout: timeoutMs });
    const parts = await rows.evaluateAll((elements) =>
      (elements as unknown as QueryRoot[]).map((element) => ({
        label: element.querySelector('.quick-input-list-label .label-name')?.textContent ?? '',
        description: element.querySelector('.label-description')?.textContent ?? '',
        detail: element.querySelector('.quick-input-list-label-meta .label-name')?.textContent ?? '',
      })),
    );
    return parts.map(({ label, description, detail }) => ({
      label: plain(label),
      description: plain(description),
      detail: plain(detail),
    }));
  }

  /** Replaces the text of the input. */
  async type(text: string, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.input.fill(text, { timeout: timeoutMs });
  }

  /** Types a text and accepts it. */
  async submit(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  /**
   * Names the file in VS Code's own dialog for files. While that reads a folder it writes over what is typed, and takes no key:
   * it has shown the name it suggests first, and is asked again until it goes.
   */
  async submitFile(file: string): Promise<void> {
    const reading = this.widget.locator('.quick-input-progress.active');
    await until('the name that is suggested', async () => /[^/]$/.test(await this.input.inputValue()));
    await reading.waitFor({ state: 'hidden' });
    await until('the dialog to take the file', async (attempt) => {
      if ((await this.input.inputValue()) !== file) await this.type(file);
      await reading.waitFor({ state: 'hidden' });
      if ((await this.input.inputValue()) !== file) return false;
      await this.accept();
      return comes(this.widget.waitFor({ state: 'hidden', timeout: attempt * 2_000 }));
    });
  }

  /** Accepts what the input holds or has focused. */
  async accept(): Promise<void> {
    await this.page.keyboard.press('Enter');
  }

  /** Chooses the row with this label. */
  async pick(label: string, timeoutMs = PATIENCE_MS): Promise<void> {
    await this.row(label).click({ timeout: timeoutMs });
  }

  /** Ticks or unticks the row with this label in a pick of several. */
  async toggle(label: string): Promise<void> {
    await this.row(label).click();
  }

  /** Presses a button of a row, by its tooltip. */
  async pressRowButton(label: string, button: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`.action-label[aria-label="${button}"]`).click();
  }

  /** Presses a button of the title bar, by its tooltip. */
  async pressButton(button: string): Promise<void> {
    await this.widget.locator(`.quick-input-titlebar .action-label[aria-label="${button}"]`).click();
  }

  /** Goes away from the input without an answer. */
  async cancel(): Promise<void> {
    // A window that is busy loses keys.
    await until('the quick input to go', async (attempt) => {
      await this.page.keyboard.press('Escape');
      return comes(this.widget.waitFor({ state: 'hidden', timeout: attempt * 2_000 }));
    });
  }

  private row(label: string): Locator {
    const exact = this.page.locator('.quick-input-list-label .label-name', {
      hasText: new RegExp(`^\\s*${escape(label)}\\s*$`),
    });
    return this.widget.locator('.quick-input-list .monaco-list-row').filter({ has: exact }).first();
  }

  private async text(selector: string): Promise<string> {
    const texts = await this.widget.locator(selector).allInnerTexts();
    return texts
      .map((text) => text.trim())
      .filter(Boolean)
      .join('\n');
  }
}

/** The part of the DOM's element that runs in the page; the tests are compiled without the DOM's types. */
interface QueryRoot {
  querySelector(selector: string): { readonly textContent: string | null } | null;
}

const plain = (text: string): string => text.replaceAll('\u00a0', ' ').trim();

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[ \\u00a0]');
}
