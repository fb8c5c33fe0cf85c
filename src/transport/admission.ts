/**
 * Decides, before a line is parsed, whether the heap can hold what it would become. `JSON.parse` cannot be stopped: one that
 * runs past the heap limit of its thread aborts the whole process, so a line that might is never handed to it.
 */

import { resourceLimits } from 'node:worker_threads';

import type { MessageSubject } from '../protocol/jsonrpc';
import { scanStructure, type LineEncoding, type StructuralScan } from './structuralScan';

const MIB = 1_048_576;

/** Bytes of the young generation at most, as engines of 64 bits have it. */
const MAX_YOUNG_GENERATION = 192 * MIB;

/** Bounds for one line, in bytes. */
export interface LineLimits {
  /** Lines up to this size are parsed without a look. */
  readonly unchecked: number;
  /** A line that grows beyond this ends the connection. */
  readonly line: number;
  /** Requests and notifications above this are refused, whatever they hold. */
  readonly unasked: number;
  /** Heap that one parsed line may take. */
  readonly heap: number;
}

/** Levels of nesting that the rest of the program is built for (every reader of results may recurse this deep). */
export const MAX_DEPTH = 200;

/** Whether to parse a line. Without `encoding` the line was not looked at, so its depth is not known either. */
type Admission =
  | { readonly kind: 'parse'; readonly encoding?: LineEncoding }
  | { readonly kind: 'refuse'; readonly subject?: MessageSubject; readonly detail: string };

/**
 * Bounds for a thread whose old generation may grow to `heapLimit` bytes.
 *
 * A quarter, because while one line is parsed the one before may still be held, and a collection needs room of its own. The
 * densest lines that fill this budget, 20 on end with a quarter of the heap occupied by others, leave the process alive on
 * Node 20, 22 and 24 with limits of 256 and 512 MB.
 */
export function lineLimits(heapLimit: number): LineLimits {
  const heap = Math.floor(heapLimit / 4);
  return {
    unchecked: Math.min(MIB, Math.floor(heap / 64)),
    line: Math.min(128 * MIB, Math.floor(heapLimit / 4)),
    unasked: 8 * MIB,
    heap,
  };
}

/** Bytes to which the old generation of this thread's heap may grow. */
export function ownHeapLimit(): number {
  const { maxOldGenerationSizeMb } = resourceLimits;
  if (maxOldGenerationSizeMb !== undefined) return maxOldGenerationSizeMb * MIB;
  // A process has to ask the engine, by a module that a thread need not load.
  const total = process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit;
  // The reported limit includes the young generation, which cannot hold what survives.
  return Math.max(total - MAX_YOUNG_GENERATION, Math.floor(total / 8));
}

/** Heap bytes that parsing would take at most, measured per kind of token on 64-bit engines without pointer compression. */
export function estimateHeap(scan: StructuralScan, lineBytes: number): number {
  const structure =
    (scan.objects + scan.arrays) * 72 +
    scan.commas * 24 +
    scan.strings * 24 +
    scan.newShapes * 400 +
    scan.knownShapes * 16 +
    scan.indexMembers * 232;
  // ASCII and valid UTF-8 are decoded outside the heap; 2 bytes per byte cover the rest.
  // Only what is not valid UTF-8 has to be decoded inside the heap.
  const source = scan.encoding === 'broken' ? lineBytes * 2 : 0;
  return structure + source + scan.stringBytes * (scan.wide ? 2 : 1);
}

/** Decides about one complete line. */
export function admit(line: Buffer, limits: LineLimits): Admission {
  if (line.length <= limits.unchecked) return { kind: 'parse' };
  const scan = scanStructure(line);
  const refuse = (detail: string): Admission =>
    scan.id === undefined
      ? { kind: 'refuse', detail }
      : { kind: 'refuse', subject: { kind: scan.hasMethod ? 'request' : 'answer', id: scan.id }, detail };
  if (scan.hasMethod && line.length > limits.unasked) return refuse(tooLargeUnasked(limits));
  if (scan.maxDepth > MAX_DEPTH) return refuse(TOO_DEEP);
  if (estimateHeap(scan, line.length) > limits.heap) return refuse('it holds more values than fit in memory');
  return { kind: 'parse', encoding: scan.encoding };
}

/** Why a deeply nested message is refused. */
export const TOO_DEEP = `it is nested more than ${MAX_DEPTH} levels deep`;

/** Why a large request or notification is refused. */
export function tooLargeUnasked(limits: LineLimits): string {
  return `requests and notifications may have ${Math.round(limits.unasked / MIB)} MB`;
}
