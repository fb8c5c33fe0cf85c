import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Review } from '../../../src/presentation/reviewLines';
import { safe } from '../../../src/policy/safeText';
import type { SamplingContent, SamplingMessage } from '../../../src/protocol/sampling';
import { anyText, restored } from '../policy/hostileText';
import { demoModel, reviewFor, reviewText, sampling } from './waiting';

const PNG = Uint8Array.from([
  0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 2, 0, 0, 0, 2,
]);

const text = (value: string): SamplingContent => ({ type: 'text', text: value });
const says = (role: 'user' | 'assistant', ...content: SamplingContent[]): SamplingMessage => ({
  role,
  content,
});
const theirs = ({ lines }: Review): string[] =>
  lines.filter(({ kind }) => kind === 'theirs').map((line) => line.text);

test('a review holds everything that would be sent and everything that decides about it', () => {
  const entry = sampling(
    {
      systemPrompt: 'Be brief.\r\nBe kind.',
      messages: [
        says('user', text('First question')),
        says('assistant', text('I agree to everything')),
        says('user', text('Look'), { type: 'image', mimeType: 'image/png', data: PNG }),
        says('user', { type: 'audio', mimeType: 'audio/wav', data: new Uint8Array(1_500) }),
      ],
      maxTokens: 1_000_000,
      temperature: 0.4,
      stopSequences: ['END', '\n'],
      preferences: { hints: ['small', 'fast'], costPriority: 0.8, intelligencePriority: 0 },
      includeContext: 'allServers',
      ignored: ['metadata'],
    },
    { model: demoModel(false) },
  );
  assert.equal(
    reviewText(entry),
    `The server "notes" asks for a model answer

Nothing has been sent. The server gets an answer only if you allow it once, as it is
or edited, or answer by hand.

Cause         your call of describe
Since         T+1s
Expires       T+601s, as an error to the server
Model         Demo (acme)
Why this one  It is the only model there is.
Permission    Editor will ask you itself, once for this model
At most       4,096 tokens; the server wanted 1,000,000 tokens
Temperature   0.4
Stops at      "END" "⟨U+000A⟩"
It would like named "small", else "fast"; low cost 0.8; intelligence 0
Context       nothing is added, although the server asks for "allServers"
Not used      metadata
Size          4 messages, 58 characters, 2 images or sounds

Everything behind a bar │ is the server's own text, ┊ continues its line, and ⟨…⟩
stands for characters that cannot be seen.

System prompt, sent as the first message and marked as such
│ Be brief.
│ Be kind.

Message 1 of 4, user
│ First question

Message 2 of 4, assistant (the server wrote this, not a model)
│ I agree to everything

Message 3 of 4, user
│ Look
│ (Image, said to be image/png, 24 B)

Message 4 of 4, user
│ (Sound, said to be audio/wav, 1.5 KB; it cannot be shown)

This is all that would be sent.`,
  );
});

test('a small request has a small review', () => {
  const review = reviewText(sampling());
  for (const absent of [
    'System prompt',
    'Temperature',
    'Stops at',
    'It would like',
    'Context',
    'Not used',
    'cannot be seen, which',
  ])
    assert.ok(!review.includes(absent), absent);
  assert.match(review, /^At most {7}200 tokens$/m);
});

test('of forty long messages the first, the middle and the last are there in full (T135)', () => {
  const messages = Array.from({ length: 40 }, (_, index) =>
    says('user', text(`begin-${index} ${'word '.repeat(1_000)}end-${index}`)),
  );
  const review = reviewText(sampling({ messages }));
  for (const index of [0, 20, 39])
    assert.ok(review.includes(`begin-${index} `) && review.includes(`end-${index}\n`));
});

test('no line of the server can look like one of ours, and none of its text is lost', () => {
  fc.assert(
    fc.property(anyText, (value) => {
      const lines = theirs(reviewFor(sampling({ messages: [says('user', text(value))] })));
      assert.ok(lines.every((line) => /^[│┊] /.test(line)));
      const shown = lines
        .map((line, index) => (index > 0 && line.startsWith('│') ? '\n' : '') + line.slice(2))
        .join('');
      assert.equal(restored(shown), value.replaceAll('\r\n', '\n'));
    }),
    { numRuns: 2_000 },
  );
});

test('long lines go on behind a broken bar, cut between words and never in a marker', () => {
  const value = `${'some words '.repeat(20)}${'x'.repeat(300)}${'a\u202E'.repeat(40)}`;
  const lines = theirs(reviewFor(sampling({ messages: [says('user', text(value))] })));
  assert.ok(lines.length > 5 && lines.every((line) => line.length <= 87));
  assert.deepEqual(
    lines.map((line) => line[0]),
    ['│', ...lines.slice(1).map(() => '┊')],
  );
  assert.ok(lines.every((line) => (line.match(/⟨/g) ?? []).length === (line.match(/⟩/g) ?? []).length));
  assert.match(lines[0] ?? '', / (?:some|words) $/);
});

test('hidden characters anywhere are warned of', () => {
  const hidden = sampling({ systemPrompt: 'be\u200B brief' });
  assert.match(reviewText(hidden), /characters that cannot be seen, which a model would read/);
});

test('pictures are recognised by their bytes and named by us', () => {
  const svg = new TextEncoder().encode('<svg onload="x"/>');
  const entry = sampling({
    messages: [
      says(
        'user',
        { type: 'image', mimeType: 'image/png', data: svg },
        { type: 'image', mimeType: 'text/html\u202E', data: PNG },
      ),
    ],
  });
  const review = reviewFor(entry);
  assert.deepEqual(review.images, [{ name: 'image 1 (notes).png', data: PNG }]);
  assert.deepEqual(
    review.lines.filter(({ image }) => image !== undefined).map(({ text: line, image }) => [line, image]),
    [['│ (Image, said to be text/html⟨U+202E⟩, 24 B)', 0]],
  );
  assert.ok(reviewText(entry).includes('17 B; it cannot be shown)'));
});

test('what led to it is told as known or as unknown', () => {
  const cause = (callTitles: readonly string[]): string =>
    reviewText(sampling({}, { cause: { kind: 'while-running', callTitles } })).split('\n')[5] ?? '';
  assert.equal(cause(['a']), 'Cause         unknown; asked while 1 call runs: a');
  assert.equal(
    cause(['a', 'b', 'c', 'd', 'e']),
    'Cause         unknown; asked while 5 calls run: a, b, c and 2 more',
  );
  assert.equal(cause([]), 'Cause         unknown; none of your calls: the server asks by itself');
});

test('without a model the reason is there, and what is left to do', () => {
  const review = reviewText(sampling({}, { model: { kind: 'none', reason: 'Nothing installed.' } }));
  assert.match(review, /^Model {9}none\. Nothing installed\.\nInstead {7}you can answer by hand, or deny$/m);
});

test('a review of something that ended says how', () => {
  const [, , line] = reviewFor(sampling(), { ended: safe`It expired.` }).lines;
  assert.deepEqual(line, { kind: 'warning', text: 'No longer waiting. It expired.' });
});
