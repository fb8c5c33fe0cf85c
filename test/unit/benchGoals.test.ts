/** The goals that `npm run bench` judges: which there are, with their numbers, and that nothing missing counts as met. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

type Figures = Readonly<Record<string, number | string>>;
type Samples = ReadonlyMap<string, readonly Figures[]>;
type Verdicts = Readonly<Record<string, { value: number | null; goal: string; met: boolean }>>;

const GROUPS = ['ready', 'calls', 'results', 'isolation', 'footprint', 'http'];

async function judged(samples: Samples): Promise<Verdicts> {
  const load = async (name: string): Promise<unknown> =>
    await import(pathToFileURL(path.resolve('bench', 'lib', name)).href);
  const { judge } = (await load('goals.mjs')) as { judge: (summary: unknown, groups: unknown) => Verdicts };
  const { Summary } = (await load('summary.mjs')) as { Summary: new (samples: Samples) => unknown };
  return judge(new Summary(samples), GROUPS);
}

/** Each goal with its bound, the figures it is made of, and the others' that they are compared with. */
const GOALS: readonly (readonly [
  name: string,
  goal: string,
  ours: Figures,
  others?: Record<string, Figures>,
])[] = [
  [
    '64 in flight, of SDK 1.x',
    '>= 1.4 ×',
    { pipelinedPerSecond: 140 },
    { sdk1: { pipelinedPerSecond: 100 } },
  ],
  [
    '64 in flight, of the raw limit',
    '>= 0.55 ×',
    { pipelinedPerSecond: 140 },
    { raw: { pipelinedPerSecond: 250 } },
  ],
  [
    'one by one, of SDK 2.x in process',
    '>= 0.7 ×',
    { sequentialPerSecond: 70 },
    { sdk2: { sequentialPerSecond: 100 } },
  ],
  [
    'one by one, of SDK 2.x in a worker',
    '>= 1.4 ×',
    { sequentialPerSecond: 70 },
    { sdk2Worker: { sequentialPerSecond: 50 } },
  ],
  ['main thread per pipelined call', '<= 6 µs', { pipelinedMainUs: 6 }],
  ['64 MB text, of the raw limit', '<= 1.5 ×', { text64: 150 }, { raw: { text64: 100 } }],
  ['16 MB text by 4 MB text', '< 6 ×', { text16: 59, text4: 10 }],
  [
    'longest stall of the main thread for a result',
    '<= 30 ms',
    {
      text1Stall: 1,
      text4Stall: 30,
      text10Stall: 1,
      text16Stall: 1,
      text64Stall: 1,
      rows1Stall: 1,
      rows10Stall: 1,
      rows64Stall: 1,
    },
  ],
  ['flood: main thread busy', '<= 5 %', { floodBusyPercent: 5 }],
  ['flood: neighbour p99', '<= 5 ms', { floodNeighbourP99: 5 }],
  ['flood: own call', '<= 50 ms', { floodOwnCall: 50 }],
  ['flood: memory', '<= 100 MB', { floodGrowthMb: 100 }],
  ['flood of log text: main thread busy', '<= 5 %', { logFloodBusyPercent: 5 }],
  ['flood of log text: longest stall', '<= 30 ms', { logFloodStall: 30 }],
  ['endless line: over after', '<= 200 ms', { endlessMs: 200 }],
  ['ready with 10,000 tools, of SDK 1.x', '<= 1 ×', { ready10000: 100 }, { sdk1: { ready10000: 100 } }],
  ['memory of an idle client', '<= 12 MB', { memoryEachMb: 12, memoryEachOf50Mb: 11 }],
  ['one more server, of SDK 2.x', '<= 2 ×', { readyNext: 20 }, { sdk2: { readyNext: 10 } }],
  [
    'HTTP one by one, of SDK 2.x',
    '>= 1 ×',
    { httpSequentialPerSecond: 9 },
    { sdk2: { httpSequentialPerSecond: 9 } },
  ],
  [
    'HTTP 64 in flight, of SDK 2.x',
    '>= 1 ×',
    { httpPipelinedPerSecond: 9 },
    { sdk2: { httpPipelinedPerSecond: 9 } },
  ],
];

/** All engines' figures in so many rounds. */
function samplesOf(rounds: number, change: (figures: Figures, engine: string) => Figures): Samples {
  const engines = new Map<string, Figures>();
  const add = (engine: string, figures: Figures): void =>
    void engines.set(engine, { ...engines.get(engine), ...figures });
  for (const [, , ours, others = {}] of GOALS) {
    add('ours', ours);
    for (const [engine, figures] of Object.entries(others)) add(engine, figures);
  }
  return new Map(
    [...engines].map(([engine, figures]) => [
      engine,
      Array.from({ length: rounds }, () => change(figures, engine)),
    ]),
  );
}

test('every goal is judged with its number, and one that is just reached is met', async () => {
  const verdicts = await judged(samplesOf(3, (figures) => figures));
  assert.deepEqual(
    Object.entries(verdicts)
      .map(([name, { goal, met }]) => [name, goal, met])
      .sort(),
    GOALS.map(([name, goal]) => [name, goal, true]).sort(),
  );
  for (const verdict of Object.values(verdicts))
    assert.deepEqual(Object.keys(verdict), ['value', 'goal', 'met']);
});

test('a goal that is missed by little is not met', async () => {
  const faster = /PerSecond$/;
  const verdicts = await judged(
    samplesOf(3, (figures, engine) =>
      engine !== 'ours'
        ? figures
        : Object.fromEntries(
            Object.entries(figures).map(([name, value]) => {
              if (name === 'text4') return [name, 9.8];
              return [name, Number(value) * (faster.test(name) ? 0.98 : 1.02)];
            }),
          ),
    ),
  );
  assert.deepEqual(
    Object.entries(verdicts).filter(([, { met }]) => met),
    [],
  );
});

test('a round without a figure fails its goal, and what was never measured is told as null', async () => {
  let round = 0;
  const verdicts = await judged(
    samplesOf(3, (figures, engine) =>
      engine === 'ours' && round++ === 1 ? { ...figures, floodOwnCall: 'no answer' } : figures,
    ),
  );
  assert.deepEqual(verdicts['flood: own call'], { value: null, goal: '<= 50 ms', met: false });
  const nothing = await judged(new Map());
  assert.equal(Object.keys(nothing).length, GOALS.length);
  for (const { value, met } of Object.values(nothing)) assert.deepEqual([value, met], [null, false]);
});
