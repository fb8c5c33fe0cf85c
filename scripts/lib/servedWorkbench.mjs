// @ts-check
// Owns one VS Code under test in a headless browser: server, extensions, window, settings, end. Its types for the
// TypeScript of the tests are in servedWorkbench.d.mts. Knows nothing of what the page shows.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './browser.mjs';
import { placeExtensions } from './installedExtensions.mjs';
import { testOutputRoot } from './paths.mjs';
import { quietSettings } from './quietSettings.mjs';
import { ensureVscodeServer } from './runtimes.mjs';
import { makeScratch, removeScratch } from './scratch.mjs';
import { isolatedEnvironment, startServer } from './server.mjs';
import { ensureTestArtifacts } from './testArtifacts.mjs';
import { newestVscode } from './versions.mjs';

/**
 * @param {import('./servedWorkbench.d.mts').ServedWorkbenchOptions} options
 * @returns {Promise<import('./servedWorkbench.d.mts').ServedWorkbench>}
 */
export async function openServedWorkbench(options) {
  const artifacts = await ensureTestArtifacts();
  const vscode = await ensureVscodeServer(options.vscodeVersion ?? newestVscode.vscode);
  const scratch = makeScratch();
  const [dataDir, userDataDir, extensionsDir] = ['server', 'user', 'extensions'].map((name) =>
    path.join(scratch, name),
  );
  const folders = {
    dataDir: String(dataDir),
    userDataDir: String(userDataDir),
    extensionsDir: String(extensionsDir),
  };
  const settingsFile = path.join(folders.userDataDir, 'User', 'settings.json');
  const writeUserSettings = (/** @type {Readonly<Record<string, unknown>>} */ settings) => {
    mkdirSync(path.dirname(settingsFile), { recursive: true });
    writeFileSync(
      settingsFile,
      JSON.stringify({ ...quietSettings, ...windowSettings, ...settings }, undefined, 2),
    );
  };
  const logDir = path.join(testOutputRoot, 'e2e', options.name);
  mkdirSync(logDir, { recursive: true });
  /** @type {Array<() => Promise<unknown> | void>} */
  const cleanups = [() => removeScratch(scratch)];
  const close = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    writeUserSettings(options.userSettings ?? {});
    const withModel = options.modelProvider !== false;
    const extensions = withModel ? [artifacts.product, artifacts.modelProvider] : [artifacts.product];
    await placeExtensions(vscode, extensions, folders.extensionsDir);
    const server = await startServer({
      vscode,
      ...folders,
      env: { ...isolatedEnvironment(scratch), ...options.env },
      logFile: path.join(logDir, 'server.log'),
    });
    cleanups.push(server.stop);
    const browser = await launchBrowser();
    cleanups.push(() => browser.close());
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      colorScheme: options.colorScheme ?? 'light',
    });
    const page = await context.newPage();
    await page.goto(server.url(options.workspace));
    return { page, userDataDir: folders.userDataDir, writeUserSettings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export { makeScratch, removeScratch };

/** The colour theme follows the browser, so that a test switches it without knowing any theme's name. */
const windowSettings = {
  'window.autoDetectColorScheme': true,
  'security.workspace.trust.startupPrompt': 'always',
  'workbench.editor.enablePreview': false,
};
