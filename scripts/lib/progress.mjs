// @ts-check
// Owns how the scripts say what they are doing. Knows nothing of what they do.

/** An error whose message is all that a person needs: the scripts print it without a stack. */
export class UserError extends Error {}

/**
 * @param {number} since from `performance.now()`
 * @returns {string} seconds with one decimal, for example `12.3 s`
 */
export function secondsSince(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

/**
 * Runs something that takes a while: says so before, every few seconds meanwhile, and after.
 * @template T
 * @param {string} what for example `Installing VS Code 1.139.1 (about 600 MB)`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` returns
 */
export async function withProgress(what, work) {
  const started = performance.now();
  console.log(`${what} …`);
  const ticker = setInterval(() => console.log(`  … ${secondsSince(started)}`), 5000);
  try {
    const result = await work();
    console.log(`  done in ${secondsSince(started)}`);
    return result;
  } finally {
    clearInterval(ticker);
  }
}

/**
 * Runs a script's main function: sets the exit code from its result, prints what goes wrong.
 * @param {() => Promise<number>} main returns the exit code
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (/** @type {unknown} */ error) => {
      console.error(error instanceof UserError ? `\n${error.message}` : error);
      process.exitCode = 1;
    },
  );
}
