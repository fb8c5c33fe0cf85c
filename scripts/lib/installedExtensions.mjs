// @ts-check
// Owns the extensions of a VS Code under test: each set of them is installed once in a run, as a user would, and copied for
// every window, because installing takes longer than opening. Knows nothing of what they are.
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { outRoot } from './paths.mjs';
import { installVsix } from './server.mjs';

const installedRoot = path.join(outRoot, 'installed');

/**
 * Fills a folder with installed extensions. VS Code finds them by their places relative to it, whatever it is called.
 * @param {import('./runtimes.mjs').VscodeServer} vscode
 * @param {readonly string[]} vsix absolute paths
 * @param {string} extensionsDir does not exist yet
 * @returns {Promise<void>}
 */
export async function placeExtensions(vscode, vsix, extensionsDir) {
  const names = vsix.map((file) => path.basename(file, '.vsix'));
  const installed = path.join(installedRoot, [vscode.version, ...names].join('-'));
  if (!existsSync(installed)) {
    const staging = `${installed}-${process.pid}`;
    rmSync(staging, { recursive: true, force: true });
    // Older versions make no folder above their own.
    mkdirSync(staging, { recursive: true });
    const where = {
      vscode,
      dataDir: path.join(staging, 'server'),
      extensionsDir: path.join(staging, 'extensions'),
    };
    for (const file of vsix) await installVsix(where, file);
    renameSync(where.extensionsDir, installed);
    rmSync(staging, { recursive: true, force: true });
  }
  cpSync(installed, extensionsDir, { recursive: true });
}

/** To be called when the files to install are made anew. */
export function forgetInstalled() {
  rmSync(installedRoot, { recursive: true, force: true });
}
