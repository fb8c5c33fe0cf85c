// @ts-check
/** Entry of the fresh process that measures one engine in one round. Task in `argv[2]`, figures as JSON on stdout. */
import * as scenarios from './scenarios.mjs';

/**
 * @typedef {{ engine: import('./clients.mjs').Engine, scenarios: ('memory' | 'ready' | 'calls' | 'bigResult' | 'flood')[],
 *   setup: import('./scenarios.mjs').Setup }} Task
 */

const task = /** @type {Task} */ (JSON.parse(process.argv[2] ?? ''));
/** @type {Record<string, number>} */
const figures = {};
for (const name of task.scenarios) Object.assign(figures, await scenarios[name](task.engine, task.setup));
process.stdout.write(JSON.stringify(figures), () => process.exit(0));
