// @ts-check
// Owns running a suite inside a real VS Code, through @vscode/test-electron, and counting its tests.
// Knows nothing of which suites there are.
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeExtensions } from './installedExtensions.mjs';
import { isRecord, testOutputRoot } from './paths.mjs';
import { lastLines, runChecked } from './processes.mjs';
import { quietSettings } from './quietSettings.mjs';
import { ensureVscodeServer } from './runtimes.mjs';
import { makeScratch, removeScratch } from './scratch.mjs';

/**
 * @typedef {object} Suite
 * @property {string} name file-name safe; names the folder of the logs
 * @property {string} vscodeVersion one of versions.mjs; meaningless when `VSCODE_EXECUTABLE` names a desktop build
 * @property {readonly string[]} vsix absolute paths of the extensions to install
 * @property {string} suiteExtensionPath absolute path of the extension under development that carries the suite
 * @property {string} testsPath absolute path of the module that exports `run`
 * @property {boolean} [restricted] the workspace is not trusted; a desktop build cannot do this under `runTests`
 * @property {string} workspace absolute path of a folder or `.code-workspace` file; tests may change what is in it
 * @property {Readonly<Record<string, unknown>>} [userSettings]
 * @property {Readonly<Record<string, string>>} [env] additions to the environment of the extension host
 */

/**
 * Runs one suite, printing each test as it ends.
 * @param {Suite} suite
 * @returns {Promise<import('./nodeTests.mjs').Counts>} a suite that breaks off counts as one failure more
 */
export async function runVscodeSuite(suite) {
  const scratch = makeScratch();
  const logDir = path.join(testOutputRoot, 'vscode', `${suite.name}-${suite.vscodeVersion}`);
  rmSync(logDir, { recursive: true, force: true });
  mkdirSync(logDir, { recursive: true });
  const userDataDir = path.join(scratch, 'user');
  const extensionsDir = path.join(scratch, 'extensions');
  mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  writeFileSync(
    path.join(userDataDir, 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...suite.userSettings }, undefined, 2),
  );
  const results = path.join(logDir, 'results.jsonl');
  const follower = followResults(results, suite.vscodeVersion);
  try {
    const { vscodeExecutablePath, launchArgs } = await prepareVscode(suite, {
      userDataDir,
      extensionsDir,
      logDir,
    });
    const { runTests } = await import('@vscode/test-electron');
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: suite.suiteExtensionPath,
      extensionTestsPath: suite.testsPath,
      launchArgs: [
        ...launchArgs,
        suite.workspace,
        `--extensions-dir=${extensionsDir}`,
        `--user-data-dir=${userDataDir}`,
      ],
      extensionTestsEnv: { ...suite.env, MCP_HOST_TEST_RESULTS: results },
    }).catch((/** @type {unknown} */ error) =>
      console.log(`  ${error instanceof Error ? error.message : String(error)}`),
    );
  } finally {
    follower.stop();
    removeScratch(scratch);
  }
  if (follower.complete()) return follower.counts();
  const { passed, failed } = follower.counts();
  console.log(`  The suite broke off. The end of its console (${logDir}):\n${consoleEnd(logDir)}`);
  return { passed, failed: failed + 1 };
}

/**
 * @param {Suite} suite
 * @param {{ userDataDir: string, extensionsDir: string, logDir: string }} folders
 * @returns {Promise<{ vscodeExecutablePath: string, launchArgs: string[] }>}
 */
async function prepareVscode(suite, { userDataDir, extensionsDir, logDir }) {
  const desktop = process.env['VSCODE_EXECUTABLE'];
  if (desktop !== undefined && desktop !== '') {
    const { resolveCliArgsFromVSCodeExecutablePath } = await import('@vscode/test-electron');
    const [command = desktop, ...args] = resolveCliArgsFromVSCodeExecutablePath(desktop, {
      reuseMachineInstall: true,
    });
    for (const vsix of suite.vsix) {
      const dirs = [`--extensions-dir=${extensionsDir}`, `--user-data-dir=${userDataDir}`];
      await runChecked(`Installing ${vsix}`, command, [
        ...args,
        '--install-extension',
        vsix,
        '--force',
        ...dirs,
      ]);
    }
    return { vscodeExecutablePath: desktop, launchArgs: [] };
  }
  const vscode = await ensureVscodeServer(suite.vscodeVersion);
  await placeExtensions(vscode, suite.vsix, extensionsDir);
  const standIn = path.join(path.dirname(fileURLToPath(import.meta.url)), 'vscodeStandIn.mjs');
  const launchArgs = [
    standIn,
    `--vscode-version=${suite.vscodeVersion}`,
    `--log-dir=${logDir}`,
    '--end-with-parent',
    ...(suite.restricted ? ['--keep-workspace-trust'] : []),
  ];
  return { vscodeExecutablePath: process.execPath, launchArgs };
}

/**
 * Reads the lines that the runner inside VS Code appends: one JSON object per test, and one when it is done.
 * @param {string} file
 * @param {string} vscodeVersion told with each test: other versions may run beside it
 */
function followResults(file, vscodeVersion) {
  writeFileSync(file, '');
  let read = 0;
  let done = false;
  const counts = { passed: 0, failed: 0 };
  const readOn = () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    for (; read < lines.length - 1; read++) {
      const result = /** @type {unknown} */ (JSON.parse(lines[read] ?? 'null'));
      if (!isRecord(result)) continue;
      if (result['done'] === true) done = true;
      else if (result['ok'] === true)
        console.log(
          `  ok ${++counts.passed + counts.failed} - ${result['name']} (${vscodeVersion}, ${result['ms']} ms)`,
        );
      else
        console.log(
          `  NOT OK ${counts.passed + ++counts.failed} - ${result['name']} (${vscodeVersion})\n${result['error']}`,
        );
    }
  };
  const watcher = watch(file, readOn);
  return {
    stop: () => {
      watcher.close();
      readOn();
    },
    complete: () => done,
    counts: () => ({ ...counts }),
  };
}

/**
 * @param {string} logDir
 * @returns {string}
 */
function consoleEnd(logDir) {
  const file = path.join(logDir, 'console.log');
  return existsSync(file) ? lastLines(readFileSync(file, 'utf8'), 20) : '(nothing)';
}
