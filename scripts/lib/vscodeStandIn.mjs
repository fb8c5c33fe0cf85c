// @ts-check
// Stands in for the desktop build of VS Code towards @vscode/test-electron: understands the arguments of its `runTests`,
// runs the suite in a served VS Code with a headless browser as its window, and exits with the suite's code.
// `node vscodeStandIn.mjs [--vscode-version=1.139.1] <workspace> --extensionDevelopmentPath=… --extensionTestsPath=… …`
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { launchBrowser } from './browser.mjs';
import { runMain, UserError } from './progress.mjs';
import { ensureVscodeServer } from './runtimes.mjs';
import { makeScratch, removeScratch } from './scratch.mjs';
import { isolatedEnvironment, startServer } from './server.mjs';
import { newestVscode } from './versions.mjs';

const suiteTimeoutMs = 10 * 60_000;

/**
 * @typedef {object} Arguments
 * @property {string} version
 * @property {string} workspace
 * @property {string} testsPath
 * @property {string | undefined} developmentPath
 * @property {string} extensionsDir
 * @property {string} userDataDir
 * @property {boolean} trustEverything
 * @property {boolean} endWithParent
 * @property {string | undefined} logDir where the server's output, the console and a last picture go
 */

/**
 * @param {readonly string[]} argv
 * @returns {Arguments}
 */
function readArguments(argv) {
  // Everything else that runTests passes is for a desktop window and means nothing here.
  const { values, positionals } = parseArgs({ args: [...argv], strict: false, allowPositionals: true });
  const text = (/** @type {string} */ name) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [workspace] = positionals;
  const testsPath = text('extensionTestsPath');
  const extensionsDir = text('extensions-dir');
  const userDataDir = text('user-data-dir');
  if (
    workspace === undefined ||
    testsPath === undefined ||
    extensionsDir === undefined ||
    userDataDir === undefined
  ) {
    throw new UserError('Needed: a workspace, --extensionTestsPath, --extensions-dir and --user-data-dir.');
  }
  return {
    version: text('vscode-version') ?? newestVscode.vscode,
    workspace: path.resolve(workspace),
    testsPath: path.resolve(testsPath),
    developmentPath: text('extensionDevelopmentPath'),
    extensionsDir: path.resolve(extensionsDir),
    userDataDir: path.resolve(userDataDir),
    // `runTests` always switches workspace trust off; a suite about trust takes that back.
    trustEverything: values['disable-workspace-trust'] === true && values['keep-workspace-trust'] !== true,
    endWithParent: values['end-with-parent'] === true,
    logDir: text('log-dir'),
  };
}

/**
 * @param {Arguments} args
 * @returns {Promise<number>} the suite's exit code
 */
async function runSuite(args) {
  const scratch = makeScratch();
  const logDir = args.logDir ?? scratch;
  mkdirSync(logDir, { recursive: true });
  /** @type {Array<() => Promise<unknown> | void>} */
  const cleanups = [() => removeScratch(scratch)];
  try {
    const server = await startServer({
      vscode: await ensureVscodeServer(args.version),
      dataDir: path.join(scratch, 'server'),
      userDataDir: args.userDataDir,
      extensionsDir: args.extensionsDir,
      trustEverything: args.trustEverything,
      testDriver: true,
      env: isolatedEnvironment(scratch),
      logFile: path.join(logDir, 'server.log'),
    });
    cleanups.push(() => server.stop());
    const browser = await launchBrowser();
    cleanups.push(() => browser.close());
    return await driveSuite(args, server, browser, logDir);
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

/**
 * @param {Arguments} args
 * @param {import('./server.mjs').RunningServer} server
 * @param {import('playwright-core').Browser} browser
 * @param {string} logDir
 * @returns {Promise<number>}
 */
async function driveSuite(args, server, browser, logDir) {
  const consoleLog = createWriteStream(path.join(logDir, 'console.log'));
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  /** @type {(code: unknown) => void} */
  let exited = () => {};
  const exitCode = new Promise((resolve) => (exited = resolve));
  await page.exposeFunction('codeAutomationExit', (/** @type {unknown} */ code) => exited(code));
  await page.exposeFunction(
    'codeAutomationLog',
    (/** @type {string} */ type, /** @type {unknown[]} */ values) => {
      const texts = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
      consoleLog.write(`${type}: ${texts.join(' ')}\n`);
    },
  );
  await page.goto(server.url(args.workspace, payloadOf(args, server)));
  const code = await Promise.race([
    exitCode.then(Number),
    new Promise((resolve) => page.once('crash', () => resolve('The page crashed.'))),
    new Promise((resolve) => page.once('close', () => resolve('The browser ended during the suite.'))),
    interruption(args.endWithParent),
    server.ended.then(() => 'The VS Code server ended during the suite.'),
    delay(suiteTimeoutMs, `The suite did not end within ${suiteTimeoutMs / 60_000} minutes.`, { ref: false }),
  ]);
  if (code !== 0) await page.screenshot({ path: path.join(logDir, 'last.png') }).catch(() => undefined); // It may be gone.
  if (typeof code === 'string') throw new UserError(code);
  return Number(code);
}

/**
 * @param {boolean} withParent whether to watch the pipe from the process that started us
 * @returns {Promise<string>} settles when this process should end
 */
function interruption(withParent) {
  return new Promise((resolve) => {
    if (withParent) {
      process.stdin.resume().once('close', () => resolve('Ended with its parent.'));
      process.stdin.unref(); // Nor may the pipe keep this process alive once the suite is done.
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.once(signal, () => resolve(`Ended by ${signal}.`));
  });
}

/**
 * @param {Arguments} args
 * @param {import('./server.mjs').RunningServer} server
 * @returns {Array<[string, string]>} what a desktop build takes as arguments, a served one takes from the address
 */
function payloadOf(args, server) {
  const { developmentPath, testsPath } = args;
  return [
    ['skipWelcome', 'true'],
    ['extensionTestsPath', server.remoteUri(testsPath)],
    ...(developmentPath === undefined
      ? []
      : [
          /** @type {[string, string]} */ ([
            'extensionDevelopmentPath',
            server.remoteUri(path.resolve(developmentPath)),
          ]),
        ]),
  ];
}

runMain(() => runSuite(readArguments(process.argv.slice(2))));
