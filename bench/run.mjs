// @ts-check
/**
 * Command line of the benchmarks: prints Markdown, or JSON with `--json`.
 *
 *   node bench/run.mjs [--quick] [--json] [--rounds <n>]
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { toMarkdown } from './topology/report.mjs';
import { runRounds } from './topology/rounds.mjs';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string' },
  },
});
const rounds = Number(values.rounds ?? (values.quick ? 1 : 5));
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number above 0');

const report = await runRounds({
  rounds,
  quick: values.quick,
  progress: (text) => process.stderr.isTTY && process.stderr.write(`${text}\n`),
});
process.stdout.write(`${values.json ? JSON.stringify(report, null, 2) : toMarkdown(report)}\n`);
