import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeText } from '../../../src/policy/safeText';
import { atomsOf } from '../../../src/policy/visibleEscapes';
import { hostile } from './hostileText';

test('a long text loses its middle and keeps its end', () => {
  const shown = safeText(`${'a'.repeat(1_000)}THE END`, 60);
  assert.equal(shown.length, 60);
  assert.match(shown, /^a+…a*THE END$/);
});

test('characters made of several code points are kept whole or left out', () => {
  const characters = [
    '🇩🇪',
    'e\u0301',
    '👍\u{1F3FD}',
    '\u1100\u1161\u11A8',
    '1\uFE0F\u20E3',
    '⚠\uFE0F',
    'क\u093F',
    'ｶ\uFF9E',
    'ท\u0E33',
    '\uAC00\u11A8',
    '🇩🇪\u0301',
  ];
  characters.sort((a, b) => b.length - a.length);
  for (const text of [...characters, characters.join('')])
    for (let max = 1; max < 30; max += 1) {
      let shown: string = safeText(text.repeat(30), max);
      for (const character of characters) shown = shown.replaceAll(character, '');
      assert.doesNotMatch(shown, /[^…]/);
    }
});

test('where a text is cut does not depend on how much of it is looked at', () => {
  const pieces = fc.oneof(
    hostile,
    fc.constantFrom('🇩🇪', '🇫🇷🇩🇪', 'हिन्दी', '漢', 'é', '⟨', '\u0001', 'words '),
  );
  const long = fc.array(fc.tuple(pieces, fc.integer({ min: 1, max: 60 })), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(long, fc.integer({ min: 1, max: 700 }), (parts, max) => {
      const text = parts
        .map(([piece, count]) => `${piece.repeat(count)}.`)
        .join('')
        .replaceAll('…', '');
      fc.pre(text.length <= max * 16);
      const whole = safeText(text, 1e6);
      fc.pre(whole.length > max);
      const [start = '', end = ''] = safeText(text, max).split('…');
      assert.ok(whole.startsWith(start) && whole.endsWith(end));
      const cuts = new Set([0, whole.length]);
      let at = 0;
      for (const atom of atomsOf(whole)) cuts.add((at += atom.length));
      assert.ok(cuts.has(start.length) && cuts.has(whole.length - end.length), 'nothing is cut in two');
      const [room, endRoom] = [max - 1 - Math.floor((max - 1) / 3), Math.floor((max - 1) / 3)];
      assert.equal(start.length, Math.max(...[...cuts].filter((cut) => cut <= room)));
      assert.equal(
        end.length,
        whole.length - Math.min(...[...cuts].filter((cut) => cut >= whole.length - endRoom)),
      );
    }),
    { numRuns: 3_000 },
  );
});

test('a chain of code points that form one character without end is cut all the same', () => {
  for (const chain of ['\u1100', '\u{1F3FD}', 'क\u094D']) {
    const shown = safeText(chain.repeat(5_000), 60);
    assert.ok(shown.length > 50 && shown.length <= 60);
  }
});
