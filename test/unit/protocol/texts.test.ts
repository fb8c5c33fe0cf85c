import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import type { JsonValue } from '../../../src/base/json';
import { decodeBase64 } from '../../../src/protocol/base64';
import { cutText } from '../../../src/protocol/cutText';
import { prettyJson } from '../../../src/protocol/prettyJson';

test('base64 of any bytes comes back, in memory of its own', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      for (const form of [text, text.replace(/=+$/, ''), text.replace(/(.{20})/g, '$1\r\n')]) {
        const decoded = decodeBase64(form);
        assert.ok(decoded);
        assert.deepEqual(decoded, bytes);
        assert.equal(decoded.byteLength, decoded.buffer.byteLength);
      }
    }),
  );
});

test('what is not base64 is refused', () => {
  for (const text of ['*', 'AQ=D', 'AQ===', 'A Q', 'AQ-_', 'é', '==A', '\u0000'])
    assert.equal(decodeBase64(text), undefined, JSON.stringify(text));
  assert.equal(decodeBase64('')?.byteLength, 0);
});

test('refusing a long text takes no longer than its length', () => {
  const started = process.cpuUsage();
  for (const filler of ['\n', 'A', '=\n'])
    assert.equal(decodeBase64(`${filler.repeat(2_000_000)}*`), undefined);
  assert.ok(process.cpuUsage(started).user < 5_000_000, 'a quadratic check would take hours');
});

test('a cut never leaves half a character, and keeps what fits', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 50 }),
      fc.integer({ min: 1, max: 60 }),
      (text, max) => {
        const cut = cutText(text, max);
        assert.ok(text.startsWith(cut));
        assert.ok(cut.length <= max && cut.length >= Math.min(text.length, max - 1));
        if (text.length <= max) assert.equal(cut, text);
        else assert.doesNotMatch(cut, /[\ud800-\udbff]$/);
      },
    ),
  );
  assert.equal(cutText('\ud800abc', 2), '\ud800a', 'a broken original stays as it is');
});

test('JSON is indented as always', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(prettyJson(value as JsonValue), JSON.stringify(value, null, 2));
    }),
  );
});

test('JSON that indentation would blow up stays on one line', () => {
  let deep: JsonValue = Array<JsonValue>(200_000).fill(0);
  for (let level = 0; level < 190; level++) deep = [deep];
  const text = prettyJson(deep);
  assert.equal(text, JSON.stringify(deep));
  const wide: JsonValue = Array<JsonValue>(200_000).fill({
    name: 'an ordinary value',
    text: 'with "quotes\\" , [ {',
  });
  assert.equal(prettyJson(wide), JSON.stringify(wide, null, 2), 'what grows little is indented');
  const tricky: JsonValue = { ['\\']: '\\\\"[[[[{{{{,,,,'.repeat(200_000) };
  assert.equal(prettyJson(tricky), JSON.stringify(tricky, null, 2), 'what strings hold costs nothing');
});
