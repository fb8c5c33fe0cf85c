// @ts-check
/** Prints a report as Markdown: medians, and behind them the ratio to the raw limit where a ratio says something. */

/** @typedef {import('./rounds.mjs').Report} Report */
/** @typedef {Report['columns'][number]} Column */
/** @typedef {{ name: string, title: string, digits: number, ratio: boolean }} Row */

/** @param {string} name @param {string} title @param {number} digits @param {boolean} [ratio] @returns {Row} */
const row = (name, title, digits, ratio = true) => ({ name, title, digits, ratio });

const ROWS = [
  row('readyCold', 'ready, cold, ms', 1),
  row('readyPrewarmed', 'ready, prewarmed worker, ms', 1),
  row('sequentialPerSecond', 'sequential, calls/s', 0),
  row('sequentialP50Us', 'sequential p50, µs', 0),
  row('sequentialP99Us', 'sequential p99, µs', 0),
  row('sequentialMainUs', 'sequential, main µs/call', 1),
  row('pipelinedPerSecond', '64 in flight, calls/s', 0),
  row('pipelinedMainUs', '64 in flight, main µs/call', 2),
  row('bigHandle', '64 MB text, summary + handle, ms', 0),
  row('bigHandleStall', '… longest main stall, ms', 1),
  row('bigWhole', '64 MB text, whole, ms', 0),
  row('bigWholeStall', '… longest main stall, ms', 1),
  row('floodMainBusyPercent', 'flood, main busy, %', 1, false),
  row('floodNeighbourP99', 'flood, neighbour p99, ms', 2),
  row('floodNeighbourMax', 'flood, neighbour max, ms', 1),
  row('floodOwnCall', 'flood, own call, ms', 1),
  row('floodRssGrowthMb', 'flood, RSS growth, MB', 0, false),
  row('floodTakenPerSecond', 'flood, notifications taken/s', 0),
  row('memoryFirstMb', 'memory, first client, MB', 1, false),
  row('memoryEachMb', 'memory, each of 9 more, MB (PSS)', 1, false),
  row('memoryRssEachMb', 'memory, each of 9 more, MB (RSS)', 1, false),
];

/** @param {number} value @param {number} digits */
const number = (value, digits) =>
  value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

/** @param {string[][]} lines the first is the head */
function table(lines) {
  const [head = [], ...body] = lines;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Column} column @param {number | undefined} limit @param {Row} row */
function cell({ figures, spreads }, limit, { name, digits, ratio }) {
  const value = figures[name];
  if (value === undefined) return '';
  const spread = ratio ? ` ±${number((spreads[name] ?? 0) * 100, 0)}%` : '';
  const times = ratio && limit !== undefined && limit !== value ? ` (${number(value / limit, 2)}×)` : '';
  return number(value, digits) + spread + times;
}

/** @param {Column[]} columns @param {readonly Row[]} rows */
function measures(columns, rows) {
  const limit = columns[0]?.figures ?? {};
  return table([
    ['', ...columns.map(({ title }) => title)],
    ...rows.map((entry) => [entry.title, ...columns.map((column) => cell(column, limit[entry.name], entry))]),
  ]);
}

/** @param {Report} report */
export function toMarkdown({ node, cpus, rounds, seconds, columns, bundles }) {
  /** @param {string[]} ids */
  const pick = (...ids) => ids.flatMap((id) => columns.filter((column) => column.id === id));
  return [
    `Node ${node}, ${cpus} cores, medians of ${rounds} interleaved rounds, ${seconds} s. ± is half the distance between the quartiles ` +
      `of the rounds, × the ratio to the raw limit; a difference smaller than the spread says nothing.`,
    measures(pick('raw', 'J', 'L', 'M', 'M-queue'), ROWS),
    'When the batch of M leaves:',
    measures(
      columns
        .filter(({ id }) => ['raw', 'M', 'M-microtask', 'M-immediate'].includes(id))
        .map((column) => (column.id === 'M' ? { ...column, title: 'M, process.nextTick' } : column)),
      ROWS.filter(({ name }) => /^(sequential|pipelined)/.test(name)),
    ),
    'Who takes the notifications of M:',
    measures(
      pick('raw', 'M', 'M-queue', 'M-drain'),
      ROWS.filter(({ name }) => name.startsWith('flood')),
    ),
    'Bundles of the workers:',
    table([
      ['', 'KB', 'KB gzip', 'load, ms', 'worker start, ms'],
      ...bundles.map(({ name, kb, gzipKb, loadMs, workerMs }) => [
        name,
        ...[kb, gzipKb, loadMs, workerMs].map((value) => number(value, 1)),
      ]),
    ]),
  ].join('\n\n');
}
