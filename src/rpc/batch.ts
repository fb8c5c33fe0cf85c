/**
 * The layout of what goes over the port of a link: one flat list per post. What there is much of lies in it as bare values, because copying
 * the objects around them costs more than copying what they hold. Both ends use the same code, so this is a matter of the link alone.
 */

import type { JsonObject } from '../base/json';
import type { ToolCallResult } from '../protocol/content';
import type { Failure } from '../protocol/failure';

/** What is rare enough to be an object. */
export type Packet =
  | { readonly t: 'failure'; readonly id: number; readonly failure: Failure }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'event'; readonly name: PropertyKey; readonly payload: unknown };

/** Takes what a batch holds, in order. Must not throw. */
export interface BatchReader {
  request(id: number, name: string, params: unknown): void;
  result(id: number, value: unknown): void;
  packet(packet: Packet): void;
}

/** Kinds of packets, the first value of each, and how many values a packet has. */
const REQUEST = 0;
const RESULT = 1;
/** As a request, for the params of a call of a tool. */
const CALL = 2;
/** As a result, for one that is nothing but one text. */
const TEXT = 3;
const LENGTHS = [4, 3, 6, 3] as const;

/** Buffers smaller than this are cheaper to copy than to transfer. */
const TRANSFER_FROM_BYTES = 65_536;

interface CallParams {
  readonly callId: number;
  readonly name: string;
  readonly arguments: JsonObject;
}

/** Packets that wait to be posted. */
export class Batch {
  private values: unknown[] = [];
  private packets = 0;

  /** How many packets wait. */
  get size(): number {
    return this.packets;
  }

  request(id: number, name: string, params: unknown): void {
    this.packets += 1;
    if (isCallParams(params)) this.values.push(CALL, id, name, params.callId, params.name, params.arguments);
    else this.values.push(REQUEST, id, name, params);
  }

  result(id: number, value: unknown): void {
    this.packets += 1;
    const text = textOf(value);
    if (text === undefined) this.values.push(RESULT, id, value);
    else this.values.push(TEXT, id, text);
  }

  packet(packet: Packet): void {
    this.packets += 1;
    this.values.push(packet);
  }

  /** Gives all values in the form to be posted, and holds none any more. */
  take(): readonly unknown[] {
    const { values } = this;
    this.values = [];
    this.packets = 0;
    return values;
  }
}

/** Reads what {@link Batch.take} gave at the other end. */
export function readBatch(values: readonly unknown[], reader: BatchReader): void {
  for (let at = 0; at < values.length; at += lengthAt(values, at)) {
    const id = values[at + 1] as number;
    switch (values[at]) {
      case REQUEST:
        reader.request(id, values[at + 2] as string, values[at + 3]);
        break;
      case CALL: {
        const [callId, name, given] = [values[at + 3], values[at + 4], values[at + 5]];
        reader.request(id, values[at + 2] as string, { callId, name, arguments: given });
        break;
      }
      case RESULT:
        reader.result(id, values[at + 2]);
        break;
      case TEXT:
        reader.result(id, textResult(values[at + 2] as string));
        break;
      default:
        reader.packet(values[at] as Packet);
    }
  }
}

/** The same packets, each in a batch of its own. */
export function singly(values: readonly unknown[]): readonly (readonly unknown[])[] {
  const batches: (readonly unknown[])[] = [];
  for (let at = 0; at < values.length; at += lengthAt(values, at))
    batches.push(values.slice(at, at + lengthAt(values, at)));
  return batches;
}

/** How many values the packet at `at` has. */
function lengthAt(values: readonly unknown[], at: number): number {
  const kind = values[at];
  return typeof kind === 'number' ? (LENGTHS[kind] ?? 1) : 1;
}

function isCallParams(params: unknown): params is CallParams {
  if (typeof params !== 'object' || params === null) return false;
  const { callId, name, arguments: given } = params as Partial<CallParams>;
  return callId !== undefined && name !== undefined && given !== undefined && hasKeys(params, 3);
}

/** The text of a result that is nothing but one text. Keys are counted last: a slice of bytes has a million of them. */
function textOf(result: unknown): string | undefined {
  if (typeof result !== 'object' || result === null) return undefined;
  const { isError, content } = result as Partial<ToolCallResult>;
  if (isError !== false || !Array.isArray(content) || content.length !== 1 || !hasKeys(result, 2))
    return undefined;
  const [block] = content as ToolCallResult['content'];
  if (block?.type !== 'text' || !hasKeys(block, 2)) return undefined;
  return block.text.kind === 'inline' && hasKeys(block.text, 2) ? block.text.text : undefined;
}

function textResult(text: string): ToolCallResult {
  return { isError: false, content: [{ type: 'text', text: { kind: 'inline', text } }] };
}

/** Whatever else a value may hold one day must not get lost. Makes no list of the keys: it runs for every packet. */
function hasKeys(value: object, count: number): boolean {
  let found = 0;
  for (const _ in value) found += 1;
  return found === count;
}

/** Large buffers in results, found at the few depths where results carry them. */
export function transfersOf(values: readonly unknown[]): readonly ArrayBuffer[] {
  let found: Set<ArrayBuffer> | undefined;
  const add = (buffer: ArrayBuffer): void => void (found ??= new Set()).add(buffer);
  for (let at = 0; at < values.length; at += lengthAt(values, at))
    if (values[at] === RESULT) visit(values[at + 2], 0, add);
  return found ? [...found] : NOTHING;
}

const NOTHING: readonly ArrayBuffer[] = [];
/** Deep enough for `result.content[i].contents.body.data`. */
const TRANSFER_DEPTH = 6;
/** Items of one list that are looked at. */
const TRANSFER_ITEMS = 1_000;

/** Runs for every result, so it makes no lists of what it visits. Values that cross the link have no inherited members. */
function visit(value: unknown, depth: number, add: (buffer: ArrayBuffer) => void): void {
  if (typeof value !== 'object' || value === null || depth > TRANSFER_DEPTH) return;
  if (value instanceof Uint8Array) {
    const { buffer } = value;
    // Only a buffer that is wholly this array's may move: a pooled one is shared with strangers.
    if (
      value.byteLength >= TRANSFER_FROM_BYTES &&
      value.byteLength === buffer.byteLength &&
      buffer instanceof ArrayBuffer
    )
      add(buffer);
    return;
  }
  if (Array.isArray(value)) {
    const end = Math.min(value.length, TRANSFER_ITEMS);
    for (let at = 0; at < end; at += 1) visit(value[at], depth + 1, add);
    return;
  }
  for (const key in value) visit((value as Readonly<Record<string, unknown>>)[key], depth + 1, add);
}
