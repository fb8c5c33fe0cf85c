import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { StatePort } from '../../../src/host/ports';
import { UsagePages } from '../../../src/host/usagePages';
import { memoryState } from '../../support/testPorts';
import { counts, local, requestsIn, series } from '../../support/usage';

const NOW = local(2026, 11, 22);
const HOUR_MS = 3_600_000;
const KEY = 'samplingUsage/1';

/** Makes windows on one store. */
function windowsOn(state: StatePort): () => UsagePages {
  let names = 0;
  return () => new UsagePages(state, () => `page-${names++}`);
}

function countIn(pages: UsagePages, now = NOW): void {
  pages.add(now, series('a', 'm'), counts('answered', 10, 1));
}

/** All requests that a window knows of. */
function seenBy(pages: UsagePages): number {
  const others = pages.others();
  return requestsIn([others, pages.own]);
}

test('windows see the counts of each other, and a new one those of all before it', async () => {
  const open = windowsOn(memoryState());
  const [a, b] = [open(), open()];
  countIn(a);
  countIn(b);
  assert.deepEqual([seenBy(a), seenBy(b)], [1, 1]);
  await a.write(NOW);
  await b.write(NOW);
  assert.deepEqual([seenBy(a), seenBy(b), seenBy(open())], [2, 2, 2]);
  countIn(a);
  await a.write(NOW);
  await a.write(NOW);
  assert.deepEqual([seenBy(a), seenBy(b), seenBy(open())], [3, 3, 3], 'writing again counts nothing again');
});

test('what one window overwrites because it had not seen it, the other writes again', async () => {
  const state = memoryState();
  const open = windowsOn(state);
  const [a, b] = [open(), open()];
  const before: unknown = structuredClone(state.get(KEY));
  countIn(a);
  await a.write(NOW);
  // The store of the second window is as it was before.
  await state.set(KEY, before);
  countIn(b);
  await b.write(NOW);
  assert.equal(seenBy(open()), 1, 'the count of the first is gone for now');
  countIn(a);
  await a.write(NOW);
  assert.equal(seenBy(open()), 3);
});

test('pages of windows that are gone are archived after an hour, once', async () => {
  const state = memoryState();
  const open = windowsOn(state);
  for (let index = 0; index < 5; index++) {
    const window = open();
    countIn(window);
    await window.write(NOW);
  }
  const pagesNow = (): number => Object.keys((state.get(KEY) as { readonly pages: object }).pages).length;
  assert.equal(pagesNow(), 5);
  const last = open();
  countIn(last, NOW + HOUR_MS);
  await last.write(NOW + HOUR_MS);
  assert.equal(pagesNow(), 1);
  await last.write(NOW + HOUR_MS);
  assert.deepEqual([seenBy(last), seenBy(open())], [6, 6]);
});

test('a window whose page was archived goes on with another, and counts nothing twice', async () => {
  const open = windowsOn(memoryState());
  const [idle, busy] = [open(), open()];
  countIn(idle);
  await idle.write(NOW);
  countIn(busy);
  await busy.write(NOW + HOUR_MS);
  assert.deepEqual([seenBy(idle), seenBy(busy)], [2, 2]);
  countIn(idle);
  assert.equal(seenBy(idle), 3);
  await idle.write(NOW + HOUR_MS);
  assert.deepEqual([seenBy(idle), seenBy(busy), seenBy(open())], [3, 3, 3]);
});

test('clearing forgets the counts of all windows, and what they count after it stays', async () => {
  const open = windowsOn(memoryState());
  const [a, b] = [open(), open()];
  for (const window of [a, b]) {
    countIn(window);
    await window.write(NOW);
  }
  await a.clear(NOW);
  assert.deepEqual([seenBy(a), seenBy(b), seenBy(open())], [0, 0, 0]);
  countIn(b);
  await b.write(NOW);
  assert.deepEqual([seenBy(a), seenBy(b), seenBy(open())], [1, 1, 1]);
  const later = open();
  countIn(later);
  await later.write(NOW);
  assert.equal(seenBy(later), 2, 'a window that opens after it loses nothing of its own');
  await b.clear(local(1990, 1, 1));
  assert.deepEqual([seenBy(a), seenBy(b)], [0, 0], 'also with a clock that was set back');
});

test('a window that has not seen that everything was cleared cannot bring it back', async () => {
  const state = memoryState();
  const open = windowsOn(state);
  const [a, b] = [open(), open()];
  countIn(b);
  await b.write(NOW);
  const before: unknown = structuredClone(state.get(KEY));
  await a.clear(NOW);
  await state.set(KEY, before);
  countIn(a);
  assert.equal(seenBy(a), 1);
  await a.write(NOW);
  assert.deepEqual([seenBy(a), seenBy(b), seenBy(open())], [1, 1, 1]);
});

test('windows that read what is stored lose nothing and count nothing twice, whatever their order', async () => {
  const step = fc.record({
    window: fc.nat(4),
    what: fc.constantFrom('count', 'write', 'look', 'reopen'),
    hours: fc.constantFrom(0, 0, 0, 0.5, 1, 30),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const open = windowsOn(memoryState());
      const windows = Array.from({ length: 5 }, open);
      let now = NOW;
      let counted = 0;
      for (const { window, what, hours } of steps) {
        now += hours * HOUR_MS;
        const pages = windows[window] ?? assert.fail();
        if (what === 'count') {
          countIn(pages, now);
          counted++;
        } else if (what === 'write') await pages.write(now);
        else if (what === 'look') void seenBy(pages);
        else {
          await pages.write(now);
          windows[window] = open();
        }
      }
      for (const pages of windows) await pages.write(now);
      for (const pages of [...windows, open()]) assert.equal(seenBy(pages), counted);
    }),
  );
});

test('stored state of any shape breaks nothing, and what is counted is kept beside it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.jsonValue(),
        fc.record({
          clearedAt: fc.jsonValue(),
          archive: fc.jsonValue(),
          archived: fc.jsonValue(),
          pages: fc.dictionary(fc.string(), fc.jsonValue()),
        }),
      ),
      async (stored) => {
        const state = memoryState();
        await state.set(KEY, stored);
        const open = windowsOn(state);
        const window = open();
        const before = seenBy(window);
        countIn(window);
        await window.write(NOW);
        assert.deepEqual([seenBy(window), seenBy(open())], [before + 1, before + 1]);
      },
    ),
  );
});

test('what is stored is bounded, whatever was counted', async () => {
  const state = memoryState();
  const open = windowsOn(state);
  for (let window = 0; window < 30; window++) {
    const pages = open();
    for (let index = 0; index < 600; index++)
      pages.add(NOW - index * 43_200_000, series(`server ${index % 40}`, `model ${window}`), counts());
    await pages.write(NOW);
  }
  const stored = state.get(KEY);
  assert.ok(JSON.stringify(stored).length < 1_000_000, `${JSON.stringify(stored).length}`);
  assert.ok(Object.keys((stored as { readonly pages: object }).pages).length <= 21);
  assert.equal(requestsIn([open().others()]), 30 * 600);
});
