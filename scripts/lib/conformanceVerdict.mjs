// @ts-check
// Owns what counts as a failure of one run of the official suite, which is more than the suite itself counts. Knows nothing of running it.

/**
 * @typedef {object} Said
 * @property {number} code exit code of the suite
 * @property {string} output what it wrote
 * @property {boolean} hung whether it had to be ended from here
 * @property {readonly { id: string, status: string }[]} checks
 */

/**
 * @param {Said} said
 * @param {number} expected checks that have to succeed; one at least has to in any case
 * @returns {{ trouble?: string, succeeded: number }} without trouble when the run passes
 */
export function verdictOn({ code, output, hung, checks }, expected) {
  const bad = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  const succeeded = checks.filter(({ status }) => status === 'SUCCESS').length;
  const trouble = [
    ...(hung ? ['the client did not end'] : []),
    ...(/CLIENT TIMED OUT/.test(output) ? ['the client took too long'] : []),
    ...[...output.matchAll(/CLIENT EXITED WITH ERROR \(code (-?\d+)\)/g)].map(
      ([, exit]) => `the client's exit code is ${exit}`,
    ),
    ...new Set(bad.map(({ id, status }) => `${id} (${status})`)),
    ...(succeeded === 0 || succeeded < expected ? [`${succeeded} of ${expected} checks succeeded`] : []),
  ];
  if (trouble.length === 0 && code !== 0) trouble.push(`the suite's exit code is ${code}`);
  return trouble.length === 0 ? { succeeded } : { trouble: trouble.join('; '), succeeded };
}
