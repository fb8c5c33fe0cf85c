/** What a complete piece of JSON on the wire holds: one message, or the messages of a batch, each told by itself. */

import { readMessage, subjectOf, type JsonRpcMessage, type MessageSubject } from '../protocol/jsonrpc';
import { tooLargeUnasked, type LineLimits } from './admission';
import { decodeLine, isTooLargeUnasked } from './lineDecoder';
import { withoutMark } from './lineSplitter';
import type { TransportHandlers } from './transport';

/** Characters of something that is shown to explain why it was left out. */
const EXCERPT = 200;

/** One message, or why it is none. */
export type WireItem =
  | { readonly kind: 'message'; readonly message: JsonRpcMessage }
  | { readonly kind: 'refused'; readonly refused: Parameters<TransportHandlers['onRefused']>[0] }
  | { readonly kind: 'noise'; readonly noise: Parameters<TransportHandlers['onNoise']>[0] };

/** Several messages in one piece of JSON. */
interface WireBatch {
  readonly kind: 'batch';
  readonly items: Generator<WireItem, undefined>;
}

/** Reads a line or a body: one item, or those of a batch. Lazy: what comes behind an item is read only when it is asked for. */
export function readWire(bytes: Buffer, limits: LineLimits): WireItem | WireBatch {
  const decoded = decodeLine(withoutMark(bytes), limits);
  if (decoded.kind === 'noise') return noiseItem(bytes, bytes.length, decoded.reason);
  if (decoded.kind === 'refused') return refusedItem(decoded.detail, bytes.length, decoded.subject);
  if (!Array.isArray(decoded.value)) return valueItem(decoded.value, bytes.length, bytes);
  if (decoded.value.length === 0) return noiseItem(bytes, bytes.length, 'an empty batch');
  return { kind: 'batch', items: batchItems(decoded.value as readonly unknown[], bytes.length, limits) };
}

function* batchItems(
  values: readonly unknown[],
  bytes: number,
  limits: LineLimits,
): Generator<WireItem, undefined> {
  for (const value of values) yield batchItem(value, bytes, limits);
}

/** Hands an item to whoever takes its kind. */
export function deliver(
  item: WireItem,
  handlers: Pick<TransportHandlers, 'onMessage' | 'onRefused' | 'onNoise'>,
): void {
  switch (item.kind) {
    case 'message':
      return handlers.onMessage(item.message);
    case 'refused':
      return handlers.onRefused(item.refused);
    case 'noise':
      return handlers.onNoise(item.noise);
  }
}

/** Something that is no JSON; `head` is its beginning. */
export function noiseItem(head: Buffer, bytes: number, reason: string, subject?: MessageSubject): WireItem {
  // Four bytes hold any character; the last one may be cut.
  const excerpt = head.toString('utf8', 0, EXCERPT * 4).slice(0, EXCERPT);
  return { kind: 'noise', noise: { ...(subject ? { subject } : {}), excerpt, bytes, reason } };
}

/** What an item that was not taken was about. */
export function subjectOfItem(item: WireItem): MessageSubject | undefined {
  switch (item.kind) {
    case 'message':
      return undefined;
    case 'refused':
      return item.refused.subject;
    case 'noise':
      return item.noise.subject;
  }
}

/** A request or notification that is larger than such may be. */
export function unaskedItem(bytes: number, limits: LineLimits, subject?: MessageSubject): WireItem {
  return refusedItem(tooLargeUnasked(limits), bytes, subject);
}

function refusedItem(detail: string, bytes: number, subject?: MessageSubject): WireItem {
  return { kind: 'refused', refused: { ...(subject ? { subject } : {}), bytes, detail } };
}

/** What a batch of this size cost to hold was paid for answers only; nothing else may come in its company. */
function batchItem(item: unknown, bytes: number, limits: LineLimits): WireItem {
  return isTooLargeUnasked(item, bytes, limits)
    ? unaskedItem(bytes, limits, subjectOf(item))
    : valueItem(item, bytes);
}

function valueItem(value: unknown, bytes: number, source?: Buffer): WireItem {
  const read = readMessage(value);
  if (read.ok) return { kind: 'message', message: read.value };
  return noiseItem(source ?? Buffer.alloc(0), bytes, read.error, subjectOf(value));
}
