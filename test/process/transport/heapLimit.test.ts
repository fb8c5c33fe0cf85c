import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { MIB } from './harness';
import { bundle } from './build';
import type { HeapWorkerData } from './heapWorker';

const worker = bundle('test/process/transport/heapWorker.ts');
const array = { open: '{"jsonrpc":"2.0","id":1,"result":[', close: '0]}' };
const text = { open: '{"jsonrpc":"2.0","id":1,"result":"', close: '"}' };

/** The densest patterns known: heap bytes per byte of text between 12 and 32. */
const patterns: readonly (readonly [string, HeapWorkerData])[] = [
  ['objects with an index as name', { ...array, unit: '{"25":0},' }],
  ['objects with an escaped index as name', { ...array, unit: '{"\\u00325":0},' }],
  ['empty objects', { ...array, unit: '{},' }],
  ['nested arrays', { ...array, unit: '[[[[[[[[[[]]]]]]]]]],' }],
  ['objects in arrays', { ...array, unit: '[{}],' }],
  ['numbers that are no small integers', { ...array, unit: '-0,-0,[],' }],
  ['plain text', { ...text, unit: 'abcdefgh' }],
  ['wide text', { ...text, unit: 'abcdef\u{1f600}' }],
  ['escaped text', { ...text, unit: 'abcd\\u4e00' }],
];

const runs = [
  ...patterns.map(([what, data]) => [what, data, 256] as const),
  ...patterns
    .filter(([what]) => what.endsWith('name') || what.endsWith('text'))
    .map(([what, data]) => [what, data, 512] as const),
];

for (const [what, workerData, heap] of runs)
  test(
    `20 lines of ${what}, each as large as admitted, leave a ${heap} MB worker alive`,
    { timeout: 120_000 },
    async () => {
      // A parse beyond the limit aborts this whole process, so arriving here at all is the point.
      const { parsed, bytes } = await run(workerData, heap);
      assert.equal(parsed, 20);
      if (what === 'plain text' && heap === 512) assert.ok(bytes > 64 * MIB, `admits only ${bytes} bytes`);
    },
  );

function run(
  workerData: HeapWorkerData,
  heap: number,
): Promise<{ readonly parsed: number; readonly bytes: number }> {
  return new Promise((resolve, reject) => {
    const running = new Worker(worker, { workerData, resourceLimits: { maxOldGenerationSizeMb: heap } });
    running.once('message', resolve);
    running.once('error', reject);
  });
}
