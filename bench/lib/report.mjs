// @ts-check
/** Prints what was measured as Markdown. */
import { GROUPS } from '../groups/groups.mjs';

/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {import('./goals.mjs').Verdict} Verdict */
/** @typedef {{ title: string, kb: number, gzipKb: number, loadMs: number }} BundleRow */

/** @type {Readonly<Record<string, string>>} */
const TITLES = {
  raw: 'raw loop (limit)',
  sdk1: 'SDK 1.x',
  sdk2: 'SDK 2.x',
  sdk2Worker: 'SDK 2.x in a worker',
  ours: 'ours',
};

/** @param {number} value @param {number} digits */
export const number = (value, digits) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** @param {readonly (readonly string[])[]} lines the first is the head */
export function table(lines) {
  const [head = [], ...body] = lines;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Summary} summary @param {string} engine @param {import('../groups/group.mjs').Row} row */
function cell(summary, engine, { name, digits }) {
  const value = summary.figure(engine, name);
  if (typeof value !== 'number') return value ?? '';
  const disagreement = summary.spread(engine, name);
  return number(value, digits) + (disagreement >= 0.005 ? ` ±${number(disagreement * 100, 0)}%` : '');
}

/** Ours by another engine, with the spread of the rounds. @param {Summary} summary @param {string} name @param {string} other */
function ratio(summary, name, other) {
  const found = summary.ratio(name, 'ours', other);
  return found ? `${number(found.value, 2)}× ±${number(found.spread, 2)}` : '';
}

/** @param {import('../groups/group.mjs').Group} group @param {Summary} summary */
function groupTable({ engines, rows }, summary) {
  const others = engines.filter((id) => id !== 'ours');
  return table([
    ['', ...engines.map((id) => TITLES[id] ?? id), ...others.map((id) => `ours / ${TITLES[id] ?? id}`)],
    ...rows.map((row) => [
      row.title,
      ...engines.map((id) => cell(summary, id, row)),
      ...others.map((id) => ratio(summary, row.name, id)),
    ]),
  ]);
}

/** @param {Readonly<Record<string, Verdict>>} goals */
export function goalTable(goals) {
  return table([
    ['goal', 'bound', 'measured', ''],
    ...Object.entries(goals).map(([name, { value, goal, met }]) => [
      name,
      goal,
      value === null ? 'nothing' : number(value, 2),
      met ? 'met' : '**not met**',
    ]),
  ]);
}

/**
 * @param {object} report
 * @param {string} report.node
 * @param {number} report.cpus
 * @param {number} report.rounds
 * @param {number} report.seconds
 * @param {readonly string[]} report.groups
 * @param {Summary} report.summary
 * @param {readonly BundleRow[]} report.bundles
 * @param {Readonly<Record<string, Verdict>>} report.goals
 */
export function toMarkdown({ node, cpus, rounds, seconds, groups, summary, bundles, goals }) {
  return [
    `Node ${node}, ${cpus} cores, medians of ${rounds} interleaved rounds, ${seconds} s. ± is half the distance between the quartiles of ` +
      `the rounds. Ratios are taken within a round; figures of different runs do not compare.`,
    ...GROUPS.filter(({ name }) => groups.includes(name)).map((group) => groupTable(group, summary)),
    ...(bundles.length === 0
      ? []
      : [
          table([
            ['bundle', 'KB', 'KB gzip', 'load, ms'],
            ...bundles.map(({ title, kb, gzipKb, loadMs }) => [
              title,
              ...[kb, gzipKb, loadMs].map((value) => number(value, 1)),
            ]),
          ]),
        ]),
    goalTable(goals),
  ].join('\n\n');
}
