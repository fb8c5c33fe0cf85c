/** Notifications: the toasts at the lower right, and the centre that keeps them. */
import type { Locator, Page } from 'playwright-core';

/** The notifications of a window. */
export class Notifications {
  private readonly toasts: Locator;

  constructor(private readonly page: Page) {
    this.toasts = page.locator(
      '.notifications-toasts .notification-toast, .notifications-center .notification-list-item',
    );
  }

  /** The texts of what is shown now. */
  async texts(): Promise<string[]> {
    const texts = await this.toasts.locator('.notification-list-item-message').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Waits for a notification that contains the text, and returns all of its text. */
  async waitFor(text: string | RegExp): Promise<string> {
    const message = this.one(text).locator('.notification-list-item-message');
    await message.waitFor();
    return (await message.innerText()).trim();
  }

  /** Titles of the buttons of the notification that contains the text. */
  async buttons(text: string | RegExp): Promise<string[]> {
    await this.one(text).waitFor();
    const titles = await this.one(text)
      .locator('.notification-list-item-buttons-container .monaco-button')
      .allInnerTexts();
    return titles.map((title) => title.trim()).filter(Boolean);
  }

  /** Clicks a button of the notification that contains the text. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.one(text).getByRole('button', { name: button, exact: true }).click();
  }

  /** Clicks a link in the text of the notification that contains the text. */
  async follow(text: string | RegExp, link: string): Promise<void> {
    await this.one(text).locator('a').getByText(link, { exact: true }).click();
  }

  /** Waits until no notification contains the text. */
  async waitForNone(text: string | RegExp): Promise<void> {
    await this.one(text).waitFor({ state: 'detached' });
  }

  /** Closes every notification. */
  async clear(): Promise<void> {
    for (let left = await this.toasts.count(); left > 0; left = await this.toasts.count()) {
      await this.toasts.first().hover();
      await this.toasts.first().locator('.codicon-notifications-clear, .codicon-close').first().click();
      await this.page.waitForFunction(
        ([selector, before]) =>
          (globalThis as unknown as PageGlobal).document.querySelectorAll(selector).length < before,
        [
          '.notifications-toasts .notification-toast, .notifications-center .notification-list-item',
          left,
        ] as const,
      );
    }
  }

  private one(text: string | RegExp): Locator {
    return this.toasts.filter({ hasText: text }).first();
  }
}

/** The part of the page's global scope that is used; the tests are compiled without the DOM's types. */
interface PageGlobal {
  readonly document: { querySelectorAll(selector: string): { readonly length: number } };
}
