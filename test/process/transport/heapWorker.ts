/** A worker with a small heap that takes the largest admitted line of one kind, 20 times on end, and keeps the one before. */

import { parentPort, workerData } from 'node:worker_threads';

import { admit, lineLimits, ownHeapLimit, type LineLimits } from '../../../src/transport/admission';
import { decodeLine } from '../../../src/transport/lineDecoder';

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
  let low = within.unchecked;
  let high = within.line - 100;
  if (admit(build(high), within).kind === 'parse') return build(high);
  while (high - low > 65_536) {
    const middle = Math.floor((low + high) / 2);
    if (admit(build(middle), within).kind === 'parse') low = middle;
    else high = middle;
  }
  return build(low);
}

/** Fills the old generation as other data of the client would. */
function occupy(bytes: number): readonly unknown[] {
  const blocks: unknown[] = [];
  for (let filled = 0; filled < bytes; filled += 100_000) blocks.push(Array.from({ length: 1_562 }, () => ({})));
  return blocks;
}
