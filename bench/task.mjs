// @ts-check
/** Entry of the fresh process that measures one engine in one round. Its task is in `argv[2]`; it reports to the process that started it. */
import { once } from 'node:events';
import process from 'node:process';
import { reasonOf } from './lib/observe.mjs';
import { GROUPS } from './groups/groups.mjs';

/** @typedef {{ engine: string, group: string, setup: import('./groups/group.mjs').Setup }} Task `engine`: path of its bundle */

const task = /** @type {Task} */ (JSON.parse(process.argv[2] ?? ''));
const { engine } = /** @type {{ engine: import('./engines/engine.mjs').Engine }} */ (require(task.engine));
const group = GROUPS.find(({ name }) => name === task.group);
if (group === undefined) throw new Error(`no group ${task.group}`);
// An engine that breaks in the middle of a flood must not take the figures of the others with it.
process.on('uncaughtException', (error) => process.stderr.write(`${reasonOf(error)}\n`));
process.on('unhandledRejection', (error) => process.stderr.write(`${reasonOf(error)}\n`));

/** @param {import('./lib/participant.mjs').Report} report @param {() => void} [onSent] */
const report = (report, onSent) => process.send?.(report, undefined, undefined, onSent);

async function nextTurn() {
  report({});
  await once(process, 'message');
}

void group.run(engine, task.setup, nextTurn).then((figures) => report({ figures }, () => process.exit(0)));
