/** Modal dialogs: VS Code's own, and those that an extension opens with `{ modal: true }`. */
import type { Locator, Page } from 'playwright-core';

/** The modal dialog of a window, of which there is one at a time. */
export class Dialogs {
  private readonly box: Locator;

  constructor(page: Page) {
    this.box = page.locator('.monaco-dialog-box:visible');
  }

  /** Waits for a dialog and returns its message and detail. */
  async text(): Promise<string> {
    await this.box.waitFor();
    return (await this.box.locator('.dialog-message-container').innerText()).trim();
  }

  /** Titles of the buttons. */
  async buttons(): Promise<string[]> {
    await this.box.waitFor();
    const titles = await this.box.locator('.dialog-buttons .monaco-button').allInnerTexts();
    return titles.map((title) => title.trim()).filter(Boolean);
  }

  /** Waits for a dialog, clicks one of its buttons, and waits until it is gone. */
  async answer(button: string | RegExp): Promise<void> {
    await this.box.waitFor();
    const exact = typeof button === 'string' ? { name: button, exact: true } : { name: button };
    await this.box.getByRole('button', exact).first().click();
    await this.box.waitFor({ state: 'hidden' });
  }

  /** Whether a dialog is on the screen now. */
  async isShown(): Promise<boolean> {
    return (await this.box.count()) > 0;
  }
}
