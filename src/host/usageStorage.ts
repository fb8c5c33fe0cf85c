/** A book of counts as JSON and back. What is stored may be of any shape: what is no count is left out, and nothing fails. */

import { isObject, own, type JsonObject, type JsonValue } from '../base/json';
import { isOutcome, type UsageCounts, type UsageOutcome, type UsageSeries } from './usage';
import { UsageBook, type Cells } from './usageBook';

/** Characters of a name. */
const MAX_NAME = 200;
/** Of each kind; a book of ours is far below. */
const MAX_STORED = 20_000;

const HOUR = /^\d{4}-\d{2}-\d{2}T\d{2}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `{ series: [[serverKey, serverName, where, modelName, modelVendor]], hours: { name: [[index, counts]] }, days }`. */
export function storedBook(book: UsageBook): JsonObject {
  const indices = new Map([...book.series.keys()].map((key, index) => [key, index]));
  const cells = (all: Cells): JsonObject =>
    Object.fromEntries(
      [...all].map(([name, counts]) => [
        name,
        [...counts].map(([key, each]): JsonValue => [indices.get(key) ?? -1, storedCounts(each)]),
      ]),
    );
  return {
    series: [...book.series.values()].map(storedSeries),
    hours: cells(book.hours),
    days: cells(book.days),
  };
}

/** Reads a stored book; what cannot be read of it is as if it were not there. */
export function readBook(stored: JsonValue | undefined): UsageBook {
  const book = new UsageBook();
  if (!isObject(stored)) return book;
  const listed = own(stored, 'series');
  const series = Array.isArray(listed)
    ? (listed as readonly JsonValue[]).slice(0, MAX_STORED).map(readSeries)
    : [];
  for (const [kind, pattern] of [
    ['hours', HOUR],
    ['days', DAY],
  ] as const) {
    const cells = own(stored, kind);
    if (!isObject(cells)) continue;
    for (const [name, counts] of Object.entries(cells).slice(0, MAX_STORED)) {
      if (!pattern.test(name) || !Array.isArray(counts)) continue;
      for (const pair of (counts as readonly JsonValue[]).slice(0, MAX_STORED)) {
        const [index, each] = Array.isArray(pair) ? (pair as readonly JsonValue[]) : [];
        const whose = typeof index === 'number' ? series[index] : undefined;
        if (whose && isObject(each)) book.restore(kind, name, whose, readCounts(each));
      }
    }
  }
  return book;
}

function storedSeries(series: UsageSeries): JsonValue {
  const { serverKey, serverName, where, modelName, modelVendor } = series;
  return [serverKey, serverName, where, modelName, modelVendor].map((text) => text.slice(0, MAX_NAME));
}

function readSeries(stored: JsonValue): UsageSeries | undefined {
  const texts = Array.isArray(stored) ? (stored as readonly JsonValue[]) : [];
  const [serverKey, serverName, where, modelName, modelVendor] = texts.map((text) =>
    typeof text === 'string' ? text.slice(0, MAX_NAME) : undefined,
  );
  if (serverKey === undefined || serverName === undefined || where === undefined) return undefined;
  if (modelName === undefined || modelVendor === undefined) return undefined;
  return { serverKey, serverName, where, modelName, modelVendor };
}

function storedCounts({ outcomes, tokensIn, tokensOut, estimated }: UsageCounts): JsonObject {
  const tokens = { in: tokensIn, out: tokensOut, estimated };
  return {
    ...outcomes,
    ...Object.fromEntries(Object.entries(tokens).filter(([, count]) => count > 0)),
  };
}

function readCounts(stored: JsonObject): UsageCounts {
  const outcomes: Partial<Record<UsageOutcome, number>> = {};
  for (const [name, value] of Object.entries(stored)) {
    const count = readCount(value);
    if (isOutcome(name) && count > 0) outcomes[name] = count;
  }
  const [tokensIn = 0, tokensOut = 0, estimated = 0] = ['in', 'out', 'estimated'].map((key) =>
    readCount(own(stored, key)),
  );
  return { outcomes, tokensIn, tokensOut, estimated: Math.min(estimated, tokensIn + tokensOut) };
}

function readCount(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
