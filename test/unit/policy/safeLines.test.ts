import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { safeLines } from '../../../src/policy/safeText';
import { anyText, hostile, restored } from './hostileText';

test('documents keep indentation, tabs and brackets', () => {
  const text = '{\n\t"a": "[x](y)",\r\n        "b": 1\n}';
  assert.deepEqual(safeLines(text, { maxLines: 100, maxColumns: 100 }), [
    '{',
    '\t"a": "[x](y)",',
    '        "b": 1',
    '}',
  ]);
});

test('documents show a line end at the end of the text', () => {
  assert.deepEqual(safeLines('a\n', { maxLines: 9, maxColumns: 80 }), ['a', '']);
  assert.deepEqual(safeLines('', { maxLines: 9, maxColumns: 80 }), ['']);
  assert.deepEqual(safeLines('a\nb\n', { maxLines: 2, maxColumns: 80 }), ['a', 'b']);
});

test('long lines go on in the next line, and nothing is lost', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = safeLines(text.repeat(3), { maxLines: 10_000, maxColumns: 30 });
      assert.ok(lines.every((line) => line.length <= 30));
      assert.equal(restored(lines.join('')), text.repeat(3).replaceAll(/\r?\n/g, ''));
    }),
  );
});

test('too many lines end with a line that says so', () => {
  const lines = safeLines('x\n'.repeat(5_000), { maxLines: 12, maxColumns: 80 });
  assert.equal(lines.length, 12);
  assert.equal(lines.at(-1), '⟨… cut here, 10000 characters in all⟩');
  assert.equal(
    safeLines('y'.repeat(1e6), { maxLines: 3, maxColumns: 80 }).at(-1),
    '⟨… cut here, 1000000 characters in all⟩',
  );
});

test('the number of lines never passes the bound', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 8 }), (text, maxLines) => {
      assert.ok(safeLines(text.repeat(4), { maxLines, maxColumns: 24 }).length <= maxLines);
    }),
  );
});

test('logs break links, icons, file URLs and network paths when asked', () => {
  const [line] = safeLines('[a](command:b) $(x) FILE:///c:/e.cmd \\\\evil\\share', {
    maxLines: 1,
    maxColumns: 200,
    breakLinks: true,
  });
  assert.equal(line, '[a]\u200A(command:b) $\u200A(x) FILE\u200A:///c:/e.cmd \\\u200A\\evil\\share');
});

test('no more of a line is made safe than is shown of it, also where each character becomes a marker', (t) => {
  const padded = t.mock.method(String.prototype, 'padStart');
  const lines = safeLines('\u202E\u202D'.repeat(1_000), { maxLines: 3, maxColumns: 80 });
  const markers = padded.mock.callCount();
  t.mock.restoreAll();
  const shown = '⟨U+202E⟩⟨U+202D⟩'.repeat(5);
  assert.deepEqual(lines, [shown, shown, '⟨… cut here, 2000 characters in all⟩']);
  // Four lines of ten, and one more: that shows that it goes on.
  assert.ok(markers <= 41, `${markers} markers`);
});
