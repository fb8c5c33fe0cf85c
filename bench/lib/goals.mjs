// @ts-check
/** What the client promises of its speed, each as a number and a bound. Nothing is rounded in its favour: a round without the figure fails the goal. */

/** @typedef {{ value: number | null, goal: string, met: boolean }} Verdict */
/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {{ group: string, name: string, bound: '<=' | '>=' | '<', limit: number, unit: string, value: (summary: Summary) => number | undefined }} Goal */

/** @param {Summary} summary @param {string} name */
const isInEveryRound = (summary, name) =>
  summary.numbers('ours', name).length === summary.samples.get('ours')?.length;

/** A figure by another engine's. @param {string} name @param {string} other @returns {Goal['value']} */
const by = (name, other) => (summary) =>
  isInEveryRound(summary, name) ? summary.ratio(name, 'ours', other)?.value : undefined;

/** @param {string} name @returns {Goal['value']} */
const own = (name) => (summary) => {
  const value = summary.figure('ours', name);
  return typeof value === 'number' && isInEveryRound(summary, name) ? value : undefined;
};

/** The largest of several figures. @param {readonly string[]} names @returns {Goal['value']} */
const largest = (names) => (summary) => {
  const values = names.map((name) => own(name)(summary));
  return values.some((value) => value === undefined) ? undefined : Math.max(...values.map(Number));
};

/** One figure of ours by another of ours. @param {string} name @param {string} other @returns {Goal['value']} */
const growthOf = (name, other) => (summary) => {
  const [large, small] = [own(name)(summary), own(other)(summary)];
  return large === undefined || small === undefined ? undefined : large / small;
};

/** @param {string} group @param {string} name @param {Goal['bound']} bound @param {number} limit @param {string} unit @param {Goal['value']} value @returns {Goal} */
const goal = (group, name, bound, limit, unit, value) => ({ group, name, bound, limit, unit, value });

/** @type {readonly Goal[]} */
const GOALS = [
  goal('calls', '64 in flight, of SDK 1.x', '>=', 1.4, '×', by('pipelinedPerSecond', 'sdk1')),
  goal('calls', '64 in flight, of the raw limit', '>=', 0.55, '×', by('pipelinedPerSecond', 'raw')),
  goal('calls', 'one by one, of SDK 2.x in process', '>=', 0.7, '×', by('sequentialPerSecond', 'sdk2')),
  goal(
    'calls',
    'one by one, of SDK 2.x in a worker',
    '>=',
    1.4,
    '×',
    by('sequentialPerSecond', 'sdk2Worker'),
  ),
  goal('calls', 'main thread per pipelined call', '<=', 6, 'µs', own('pipelinedMainUs')),
  goal('results', '64 MB text, of the raw limit', '<=', 1.5, '×', by('text64', 'raw')),
  goal('results', '16 MB text by 4 MB text', '<', 6, '×', growthOf('text16', 'text4')),
  goal(
    'results',
    'longest stall of the main thread for a result',
    '<=',
    30,
    'ms',
    largest([
      ...['text1Stall', 'text4Stall', 'text10Stall', 'text16Stall', 'text64Stall'],
      ...['rows1Stall', 'rows10Stall', 'rows64Stall'],
    ]),
  ),
  goal('isolation', 'flood: main thread busy', '<=', 5, '%', own('floodBusyPercent')),
  goal('isolation', 'flood: neighbour p99', '<=', 5, 'ms', own('floodNeighbourP99')),
  goal('isolation', 'flood: own call', '<=', 50, 'ms', own('floodOwnCall')),
  goal('isolation', 'flood: memory', '<=', 100, 'MB', own('floodGrowthMb')),
  goal('isolation', 'flood of log text: main thread busy', '<=', 5, '%', own('logFloodBusyPercent')),
  goal('isolation', 'flood of log text: longest stall', '<=', 30, 'ms', own('logFloodStall')),
  goal('isolation', 'endless line: over after', '<=', 200, 'ms', own('endlessMs')),
  goal('ready', 'ready with 10,000 tools, of SDK 1.x', '<=', 1, '×', by('ready10000', 'sdk1')),
  goal(
    'footprint',
    'memory of an idle client',
    '<=',
    12,
    'MB',
    largest(['memoryEachMb', 'memoryEachOf50Mb']),
  ),
  goal('ready', 'one more server, of SDK 2.x', '<=', 2, '×', by('readyNext', 'sdk2')),
  goal('http', 'HTTP one by one, of SDK 2.x', '>=', 1, '×', by('httpSequentialPerSecond', 'sdk2')),
  goal('http', 'HTTP 64 in flight, of SDK 2.x', '>=', 1, '×', by('httpPipelinedPerSecond', 'sdk2')),
];

/** @param {Goal['bound']} bound @param {number} value @param {number} limit */
function holds(bound, value, limit) {
  switch (bound) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
  }
}

/**
 * Judges what was measured. A goal whose figure is missing is not met.
 * @param {Summary} summary
 * @param {readonly string[]} groups that were measured
 * @returns {Record<string, Verdict>}
 */
export function judge(summary, groups) {
  /** @type {Record<string, Verdict>} */
  const verdicts = {};
  for (const { group, name, bound, limit, unit, value: read } of GOALS) {
    if (!groups.includes(group)) continue;
    const value = read(summary);
    const met = value !== undefined && holds(bound, value, limit);
    verdicts[name] = { value: value ?? null, goal: `${bound} ${limit} ${unit}`, met };
  }
  return verdicts;
}
