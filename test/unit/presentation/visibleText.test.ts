/** Long foreign texts are made visible piece by piece: the same as in one go, in bounded steps, and only once (T096, T109, T135). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { hasHidden, safeLines } from '../../../src/policy/safeText';
import { visibleLines } from '../../../src/presentation/reviewLines';
import { VisibleTexts } from '../../../src/presentation/visibleText';
import { anyText } from '../policy/hostileText';

const whole = (text: string): string => visibleLines(text).join('\n');

/** Texts of many pieces, with a letter now and then. */
const longText = fc
  .array(anyText, { minLength: 1, maxLength: 12 })
  .chain((parts) => fc.tuple(fc.constant(`${parts.join('a')}b`), fc.integer({ min: 2_000, max: 9_000 })))
  .map(([unit, length]) => unit.repeat(Math.ceil(length / unit.length)));

test('T109: in pieces a text looks as it does in one, and hides the same', () => {
  fc.assert(
    fc.property(longText, (text) => {
      const texts = new VisibleTexts();
      assert.deepEqual(texts.take(text, Infinity), { text: whole(text), left: 0 });
      assert.equal(texts.hides(text), hasHidden(text));
    }),
  );
});

test('lines of plain letters are what they are, and what looks at each character agrees', () => {
  const plain = fc.stringMatching(/^[ -~]*$/);
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1 }), (lines) => {
      assert.deepEqual(visibleLines(lines.join('\n')), lines);
      const limits = { maxLines: 1, maxColumns: Number.MAX_SAFE_INTEGER };
      for (const line of lines) assert.deepEqual(safeLines(line, limits), [line]);
    }),
  );
});

test('T109: pieces end where nothing depends on what is before', () => {
  const units = [
    '\u0301e',
    '\u200b\u200b\u200b',
    '  \t  ',
    '❤️',
    '👩‍👩‍👧',
    '1️⃣',
    '](',
    '\r\n',
    '漢',
    '𝕬',
    'ㅤㅤㅤㅤ',
    '\ud800',
  ];
  for (const unit of units)
    // The place of the cut moves through the unit.
    for (let shift = 0; shift < unit.length + 1; shift++) {
      const text = `${'x'.repeat(2_040 + shift)}${unit.repeat(4)}x${unit.repeat(2)}`;
      assert.equal(new VisibleTexts().take(text, Infinity).text, whole(text), JSON.stringify(unit));
    }
});

test('T109: a text without such a place is cut all the same, between characters', () => {
  for (const unit of ['\u0001\u0002', '\u{e0041}\u{e0042}', '\r\n\u0001']) {
    const text = unit.repeat(20_000 / unit.length);
    const { text: shown, left } = new VisibleTexts().take(text, Infinity);
    assert.equal(left, 0);
    assert.equal(shown, whole(text), JSON.stringify(unit));
  }
});

test('T096: no more is made at once than there is time for, and what was made is not made again', () => {
  let now = 0;
  const texts = new VisibleTexts(() => now++);
  const text = 'a\u200b'.repeat(50_000);
  let turns = 0;
  let taken;
  let hides;
  do {
    texts.begin(3);
    [taken, hides] = [texts.take(text, Infinity), texts.hides(text)];
    if (texts.isBehind) assert.equal(taken.text, '', 'nothing of what is not made whole');
    turns++;
  } while (texts.isBehind);
  assert.deepEqual([taken, hides], [{ text: whole(text), left: 0 }, true]);
  // Forty-nine pieces of 2,048 characters, and one look for what is hidden: eight at once and two more while there is time.
  assert.equal(turns, 5);
  now = 0;
  assert.deepEqual(texts.begin(0).take(text, Infinity), taken);
  assert.equal(now, 1, 'all of it was there');
});

test('T096: something is made whatever else took the time, and the whole of a text that is not long', () => {
  const texts = new VisibleTexts(() => 0).begin(0);
  const text = 'a\u200b'.repeat(8_000);
  assert.equal(texts.take(text, Infinity).text, whole(text));
  assert.equal(texts.isBehind, false);
});

test('T096: room is counted in characters as they are shown, and no more is made than fits', () => {
  const text = '\u0001'.padEnd(2_000_000, '\u0002\u0001');
  let now = 0;
  const taken = new VisibleTexts(() => now++).take(text, 100_000);
  assert.ok(taken.text.length > 60_000 && taken.text.length <= 100_000, String(taken.text.length));
  assert.equal(whole(text.slice(0, text.length - taken.left)), taken.text);
  assert.ok(now < 10, `${now} pieces`);
});

test('text that is shown as itself is cut where the room ends, and never within a character', () => {
  assert.deepEqual(new VisibleTexts().take('y'.repeat(5_000), 4_999), { text: 'y'.repeat(4_999), left: 1 });
  assert.deepEqual(new VisibleTexts().take('𝕬𝕬𝕬', 3), { text: '𝕬', left: 4 });
});
