/** Lines as large as a worker with a limited heap admits, twenty in a row: what the suites about heap limits are made of. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { bundle } from './build';
import { MIB } from './harness';
import type { HeapWorkerData } from './heapWorker';

const worker = bundle('test/process/transport/heapWorker.ts');

/** @param leastBytes that must be admitted of a line */
export function leavesAlive(what: string, workerData: HeapWorkerData, heap: number, leastBytes = 0): void {
  test(
    `20 lines of ${what}, each as large as admitted, leave a ${heap} MB worker alive`,
    { timeout: 120_000 },
    async () => {
      // A parse beyond the limit aborts this whole process, so arriving here at all is the point.
      const { parsed, bytes } = await run(workerData, heap);
      assert.equal(parsed, 20);
      assert.ok(bytes > leastBytes, `admits only ${bytes / MIB} MB`);
    },
  );
}

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
