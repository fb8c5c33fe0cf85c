import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { safe } from '../../../src/policy/safeText';
import { anyText, restored } from '../policy/hostileText';
import { reviewFor, reviewText, samplingAnswer } from './waiting';

test('the review of an answer holds all of it, for whom it is and how it came about', () => {
  const entry = samplingAnswer({ text: 'Hi\nthere', stopReason: 'maxTokens' }, { edited: true });
  assert.equal(
    reviewText(entry),
    `A model's answer for the server "notes" waits for your review

The server has got nothing of it. It gets it only if you return it, as it is or
edited.

Cause         your call of describe
Since         T+1s
Expires       T+601s, as an error to the server
Model         Demo
Request       1 message, 5 characters; edited by you
Ended         at the limit of tokens, so it may be cut off
Size          8 characters

Everything behind a bar │ is the model's own text, ┊ continues its line, and ⟨…⟩
stands for characters that cannot be seen.

Answer
│ Hi
│ there

This is all that would go to the server, with the name of the model and, when it is
known, why it ended.`,
  );
});

test('what is not known is not said, and an empty answer is told as such', () => {
  const text = reviewText(samplingAnswer({ text: '' }));
  assert.doesNotMatch(text, /Ended|edited by you/);
  assert.match(text, /^The answer is empty$/m);
});

test('no line of an answer can look like one of ours, and none of it is lost', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      const { lines } = reviewFor(samplingAnswer({ text: value }));
      const theirs = lines.filter(({ kind }) => kind === 'theirs').map(({ text }) => text);
      assert.ok(theirs.every((line) => /^[│┊] /.test(line)));
      const shown = theirs
        .map((line, index) => (index > 0 && line.startsWith('│') ? '\n' : '') + line.slice(2))
        .join('');
      assert.equal(restored(shown), value.replaceAll('\r\n', '\n'));
    }),
    { numRuns: 1_000 },
  );
});

test('hidden characters of an answer are warned of', () => {
  const review = reviewText(samplingAnswer({ text: 'a\u200Bb' }));
  assert.match(review, /cannot be seen, which the server would get/);
});

test('the review of an answer that ended says how', () => {
  const [, , line] = reviewFor(samplingAnswer(), { ended: safe`It expired.` }).lines;
  assert.deepEqual(line, { kind: 'warning', text: 'No longer waiting. It expired.' });
});
