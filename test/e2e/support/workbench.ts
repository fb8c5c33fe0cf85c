/**
 * The workbench as a person sees and uses it: the window, its parts, commands and views. It knows VS Code's page,
 * and nothing of what our extension puts there. Quick inputs, notifications and dialogs are in files of their own.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Locator, Page } from 'playwright-core';
import { makeScratch, openServedWorkbench, removeScratch } from '../../../scripts/lib/servedWorkbench.mjs';
import type { ServedWorkbench, ServedWorkbenchOptions } from '../../../scripts/lib/servedWorkbench.mjs';
import { Dialogs } from './dialogs';
import { Notifications } from './notifications';
import { comes, PATIENCE_MS, until } from './polling';
import { QuickInput } from './quickInput';
import { View } from './view';

/** What to open; see also {@link ServedWorkbenchOptions}. */
export interface WorkbenchOptions extends Omit<ServedWorkbenchOptions, 'workspace'> {
  /** Files of the workspace: text by path relative to it. Objects become JSON. */
  readonly files?: Readonly<Record<string, string | object>>;
  /** Names of the folders below it that the workspace has, when it has several. */
  readonly folders?: readonly string[];
  /** The answer to VS Code's question at the start; `ask` leaves the question on the screen. */
  readonly trust?: 'trust' | 'restrict' | 'ask';
}

/** Where pictures go: for a person to look at after the run. */
const screenshotFolder = path.join(process.cwd(), '.test-output', 'screenshots');

/** What the window looks like, by the class that VS Code gives it. */
const THEME_CLASSES = { light: 'vs', dark: 'vs-dark', contrast: 'hc-black' } as const;
type Theme = keyof typeof THEME_CLASSES;

/** One window of a running VS Code. */
export class Workbench {
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly dialogs: Dialogs;

  private constructor(
    readonly page: Page,
    /** Absolute path of the opened folder, or of that of a workspace of several. */
    readonly folder: string,
    private readonly served: ServedWorkbench,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.dialogs = new Dialogs(page);
  }

  /** Opens a new folder with the given files in a VS Code of its own. */
  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const folder = path.join(makeScratch(), 'workspace');
    for (const [name, content] of Object.entries({ 'README.md': '# Workspace\n', ...options.files })) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
    }
    const served = await openServedWorkbench({ ...options, workspace: placeToOpen(folder, options.folders) });
    const workbench = new Workbench(served.page, folder, served);
    try {
      await leadToThisMachine(served.page);
      await workbench.ready();
      if (options.trust !== 'ask') await workbench.answerTrust(options.trust ?? 'trust');
    } catch (error) {
      await workbench.screenshot(`${options.name}-did-not-open`).catch(() => undefined); // The page may be gone.
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  /** Ends this VS Code and removes its folders. */
  async close(): Promise<void> {
    await this.served.close();
    removeScratch(path.dirname(this.folder));
  }

  /** Whether the editor has put the text aside that stands unsaved in a document of the scheme, so that a reload finds it. */
  hasBackup(scheme: string, text: string): boolean {
    const backups = path.join(this.served.userDataDir, 'User', 'Backups');
    if (!existsSync(backups)) return false;
    return readdirSync(backups, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && path.basename(entry.parentPath) === scheme)
      .some((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'utf8').includes(text));
  }

  /** Loads the window again, as *Developer: Reload Window* does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Replaces the user settings. */
  writeUserSettings(settings: Readonly<Record<string, unknown>>): void {
    this.served.writeUserSettings(settings);
  }

  /**
   * Replaces the user settings, and does so again until `seen` is over: the editor's watcher misses a change that comes while it is busy.
   * Where it misses all of them, which it does on a machine that is very slow, the window is loaded again.
   */
  async writeUserSettingsUntil(
    settings: Readonly<Record<string, unknown>>,
    seen: Promise<unknown>,
  ): Promise<void> {
    const write = (): void => this.writeUserSettings(settings);
    write();
    const again = setInterval(write, 3_000);
    const reload = setTimeout(() => void this.page.reload(), 12_000);
    await seen.finally(() => {
      clearInterval(again);
      clearTimeout(reload);
    });
  }

  /** Answers VS Code's question whether the folder's authors are trusted. */
  async answerTrust(answer: 'trust' | 'restrict'): Promise<void> {
    await this.dialogs.answer(answer === 'trust' ? /^Yes, I trust/ : /^No, I don't trust/);
  }

  /** Trusts the folder later, through the editor that *Workspaces: Manage Workspace Trust* opens. */
  async trustNow(): Promise<void> {
    await this.runCommand('Workspaces: Manage Workspace Trust');
    const editor = this.page.locator('.workspace-trust-editor');
    await editor
      .getByRole('button', { name: /^Trust$/ })
      .first()
      .click();
    await editor.getByText('You trust this folder').first().waitFor();
    // Newer versions show it in a modal editor, older ones in a tab.
    const modal = this.page.locator('.modal-editor-action-container .codicon-close');
    const tab = this.page.locator('.tabs-container .tab').filter({ hasText: 'Workspace Trust' });
    await modal.or(tab.locator('.codicon-close')).first().click();
    await editor.waitFor({ state: 'hidden' });
  }

  /** Runs a command by the title that the palette shows, for example `MCP Host: Call Tool…`. */
  async runCommand(title: string): Promise<void> {
    await until(`the command "${title}" in the palette`, async (attempt) => {
      await this.openPalette(title);
      const isPicked = await comes(this.quickInput.pick(title, attempt * 3_000));
      if (!isPicked) await this.quickInput.cancel();
      return isPicked;
    });
  }

  /** Whether the palette offers a command now. */
  async offersCommand(title: string): Promise<boolean> {
    await this.openPalette(title);
    const rows = await this.quickInput.rows();
    await this.quickInput.cancel();
    return rows.some((row) => row.label === title);
  }

  /** Shows a view container, for example `MCP Host`, and leaves it as it is when it is shown already. */
  async openContainer(title: string): Promise<void> {
    const tab = this.containerTab(title);
    await tab.waitFor();
    const shown = this.page.locator('.sidebar .composite.title').filter({ hasText: new RegExp(title, 'i') });
    // A window that is just being restored may open it at the very moment of the click, which then closes it.
    await until(`the container ${title}`, async (attempt) => {
      if (await shown.isVisible()) return true;
      if (attempt > 1 || (await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
      return comes(shown.waitFor({ timeout: attempt * 3_000 }));
    });
  }

  /** What a container's icon carries: for example `2`, or an empty string. */
  async badge(containerTitle: string): Promise<string> {
    const tab = this.containerTab(containerTitle);
    await tab.waitFor();
    return (await tab.locator('.badge-content').allInnerTexts()).join('').trim();
  }

  /** A view of the container that is shown, by its title. */
  view(title: string): View {
    return new View(this.page, title);
  }

  /** The texts of the status bar, from left to right. */
  async statusBar(): Promise<string[]> {
    const items = await this.page.locator('.statusbar-item:visible').allInnerTexts();
    return items.map((text) => text.trim()).filter((text) => text !== '');
  }

  /** Titles of the open editors. */
  async editorTitles(): Promise<string[]> {
    const tabs = await this.page.locator('.tabs-container .tab .label-name').allInnerTexts();
    return tabs.map((text) => text.trim());
  }

  /** The text of the active text editor, as far as it is on the screen. */
  async editorText(): Promise<string> {
    const lines = this.page.locator('.editor-group-container.active .view-lines').first();
    await lines.waitFor();
    const texts = await lines.locator('.view-line').evaluateAll((elements) =>
      (elements as unknown as { style: { top: string }; textContent: string | null }[])
        .map((element) => ({ top: Number.parseFloat(element.style.top), text: element.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return texts.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The inner frame of the webview that shows something that matches the selector. */
  async webview(selector: string): Promise<Frame> {
    return until(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        if (!frame.url().includes('/fake.html')) continue;
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0); // Frames come and go.
        if (count > 0) return frame;
      }
      return undefined;
    });
  }

  /** Switches the theme, as a change of the system's own does. */
  async useTheme(theme: Theme): Promise<void> {
    await this.page.emulateMedia({
      colorScheme: theme === 'light' ? 'light' : 'dark',
      forcedColors: theme === 'contrast' ? 'active' : 'none',
    });
    await this.page.locator(`.monaco-workbench.${THEME_CLASSES[theme]}`).waitFor();
  }

  /** Takes a picture of the window into `.test-output/screenshots`. Returns its path. */
  async screenshot(name: string): Promise<string> {
    mkdirSync(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  /** Takes one picture in the light and one in the dark theme; leaves the light one on. */
  async screenshotBothThemes(name: string): Promise<void> {
    await this.screenshotThemes(name, ['dark', 'light']);
  }

  /** Takes pictures in a theme of high contrast, too. */
  async screenshotAllThemes(name: string): Promise<void> {
    await this.screenshotThemes(name, ['contrast', 'dark', 'light']);
  }

  private async screenshotThemes(name: string, themes: readonly Theme[]): Promise<void> {
    for (const theme of themes) {
      await this.useTheme(theme);
      await this.screenshot(`${name}-${theme}`);
    }
  }

  /** Something of the page that this class has no name for. */
  locator(selector: string): Locator {
    return this.page.locator(selector);
  }

  private async openPalette(filter: string): Promise<void> {
    // A window that is still busy takes the focus when it gets to it, and with that the palette, also under what is typed.
    await until('the command palette', async (attempt) => {
      await this.page.keyboard.press('F1');
      return comes(this.quickInput.type(`>${filter}`, attempt * 2_000));
    });
  }

  private containerTab(title: string): Locator {
    const name = new RegExp(`^${escapeRegExp(title)}( |$)`);
    return this.page.locator('.activitybar').getByRole('tab', { name });
  }

  private async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .activitybar').waitFor();
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
  }
}

/** The front end of this VS Code, which is not here, is where pages of this machine lead to: it would pass them on. */
function placeToOpen(folder: string, folders: readonly string[] | undefined): string {
  if (!folders) return folder;
  for (const name of folders) mkdirSync(path.join(folder, name), { recursive: true });
  const file = path.join(folder, 'several.code-workspace');
  writeFileSync(file, JSON.stringify({ folders: folders.map((name) => ({ path: name })) }));
  return file;
}

async function leadToThisMachine(page: Page): Promise<void> {
  await page.context().route(/^http:\/\/127\.0\.0\.1:\d+\/proxy\/\d+\//, async (route) => {
    const location = route
      .request()
      .url()
      .replace(/:\d+\/proxy\/(\d+)\//, ':$1/');
    await route.fulfill({ status: 302, headers: { location } });
  });
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
