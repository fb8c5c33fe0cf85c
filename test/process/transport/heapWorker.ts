/** A worker with a small heap that takes the largest admitted line of one kind, 20 times on end, and keeps the one before. */

import { parentPort, workerData } from 'node:worker_threads';

import {
  admit,
  estimateHeap,
  lineLimits,
  ownHeapLimit,
  type LineLimits,
} from '../../../src/transport/admission';
import { decodeLine } from '../../../src/transport/lineDecoder';
import { scanStructure } from '../../../src/transport/structuralScan';

/** What fills the line: `unit` over and over, between `open` and `close`. */
export interface HeapWorkerData {
  readonly open: string;
  readonly unit: string;
  readonly close: string;
}

const { open, unit, close } = workerData as HeapWorkerData;
const limits = lineLimits(ownHeapLimit());
const line = largestAdmitted(limits);
const occupied = occupy(ownHeapLimit() / 4);

let held: unknown;
let parsed = 0;
for (let round = 0; round < 20; round += 1) {
  const decoded = decodeLine(line, limits);
  if (decoded.kind === 'value') parsed += 1;
  held = decoded;
}
parentPort?.postMessage({ parsed, bytes: line.length, kept: occupied.length > 0 && held !== undefined });

function largestAdmitted(within: LineLimits): Buffer {
  const build = (size: number): Buffer => {
    const middle = Buffer.alloc(Math.floor(size / Buffer.byteLength(unit)) * Buffer.byteLength(unit), unit);
    return Buffer.concat([Buffer.from(open), middle, Buffer.from(close)]);
  };
  const sample = build(65_536);
  const perByte = estimateHeap(scanStructure(sample), sample.length) / sample.length;
  const largest = build(Math.min(within.line, (within.heap / perByte) * 0.99) - 100);
  if (admit(largest, within).kind !== 'parse') throw new Error('The largest line is not admitted');
  return largest;
}

/** Fills the old generation as other data of the client would. */
function occupy(bytes: number): readonly unknown[] {
  const blocks: unknown[] = [];
  for (let filled = 0; filled < bytes; filled += 100_000)
    blocks.push(Array.from({ length: 1_562 }, () => ({})));
  return blocks;
}
