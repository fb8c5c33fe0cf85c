import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { systemClock, type Clock } from '../../../src/base/clock';
import { ModelError } from '../../../src/host/ports';
import { readAnswer, type AnswerLimits } from '../../../src/platform/modelAnswer';

/** One token per character. */
const perCharacter = (text: string): Promise<number> => Promise.resolve(text.length);

function limits(given: Partial<AnswerLimits> = {}): AnswerLimits {
  return {
    maxTokens: 1_000,
    stopSequences: [],
    countTokens: perCharacter,
    silenceMs: 60_000,
    signal: new AbortController().signal,
    clock: systemClock,
    ...given,
  };
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) yield await Promise.resolve(text);
}

/** A stream that says when it was left. */
function endless(text: string): { stream: AsyncIterable<string>; left: Promise<void> } {
  let leave: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  async function* run(): AsyncGenerator<string> {
    try {
      for (;;) yield await Promise.resolve(text);
    } finally {
      leave();
    }
  }
  return { stream: run(), left };
}

/** A stream that never sends anything and never ends. */
const silent: AsyncIterable<string> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
};

test('a whole answer claims no reason for its end', async () => {
  assert.deepEqual(await readAnswer(chunks('Hello ', 'world'), limits()), { text: 'Hello world' });
  assert.deepEqual(await readAnswer(chunks(), limits()), { text: '' });
});

test('a stop sequence cuts the text, also across chunks and at the earliest place', async () => {
  const stopSequences = ['END', '\n\n'];
  assert.deepEqual(await readAnswer(chunks('one E', 'N', 'D two'), limits({ stopSequences })), {
    text: 'one ',
    stopReason: 'stopSequence',
  });
  assert.deepEqual(await readAnswer(chunks('a\n', '\nb END'), limits({ stopSequences })), {
    text: 'a',
    stopReason: 'stopSequence',
  });
});

test('however an answer is split into chunks, its first stop sequence ends it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'S', 'T') }), { maxLength: 12 }),
      async (parts) => {
        const whole = parts.join('');
        const { text } = await readAnswer(chunks(...parts), limits({ stopSequences: ['ST', 'TSb'] }));
        const found = ['ST', 'TSb'].map((stop) => whole.indexOf(stop)).filter((index) => index !== -1);
        assert.equal(text, found.length === 0 ? whole : whole.slice(0, Math.min(...found)));
      },
    ),
  );
});

test('an endless stream is cut at the limit and left (T140)', async () => {
  const { stream, left } = endless('abc');
  assert.deepEqual(await readAnswer(stream, limits({ maxTokens: 10 })), {
    text: 'abcabcabca',
    stopReason: 'maxTokens',
  });
  await left;
});

test('a cut does not split a character', async () => {
  const { text } = await readAnswer(chunks('ab😀😀'), limits({ maxTokens: 3 }));
  assert.equal(text, 'ab');
});

test('an answer that ends at the limit was ended by it', async () => {
  assert.deepEqual(await readAnswer(chunks('abcd'), limits({ maxTokens: 4 })), {
    text: 'abcd',
    stopReason: 'maxTokens',
  });
});

test('a provider that cannot count, or counts nothing, does not make an answer endless', async () => {
  for (const countTokens of [
    () => Promise.reject(new Error('no')),
    () => Promise.resolve(0),
    () => Promise.resolve(Number.NaN),
  ]) {
    const { stream } = endless('0123456789');
    const { text, stopReason } = await readAnswer(stream, limits({ maxTokens: 5, countTokens }));
    assert.equal(stopReason, 'maxTokens');
    assert.ok(text.length <= 5 * 64, `${text.length} characters`);
  }
});

test('tokens are counted seldom, not once per chunk', async () => {
  let counted = 0;
  const countTokens = (text: string): Promise<number> => {
    counted += 1;
    return Promise.resolve(text.length / 4);
  };
  await readAnswer(
    chunks(...Array.from({ length: 1_000 }, () => 'word')),
    limits({ maxTokens: 2_000, countTokens }),
  );
  assert.ok(counted < 20, `${counted} times`);
});

test('an abort ends the wait although the stream never does', async () => {
  const abort = new AbortController();
  const answer = readAnswer(silent, limits({ signal: abort.signal }));
  abort.abort();
  await assert.rejects(answer, ModelError);
});

test('a stream that is silent for too long has failed', async () => {
  const due: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    schedule: (_ms, task) => {
      due.push(task);
      return { dispose: () => undefined };
    },
  };
  const answer = readAnswer(silent, limits({ clock, silenceMs: 30_000 }));
  due[0]?.();
  await assert.rejects(answer, /nothing for 30 seconds/);
});

test('what the stream throws is passed on', async () => {
  async function* failing(): AsyncGenerator<string> {
    yield await Promise.resolve('a');
    throw new Error('quota');
  }
  await assert.rejects(readAnswer(failing(), limits()), /quota/);
});

test('the beginning of an answer is told whenever it grows, and never what lies behind its end', async () => {
  const told: string[] = [];
  const onText = (text: string): number => told.push(text);
  await readAnswer(chunks('He', '', 'llo END', ' more'), limits({ onText, stopSequences: ['END'] }));
  assert.deepEqual(told, ['He']);
  told.length = 0;
  await readAnswer(chunks('a', 'b', '', 'c'), limits({ onText }));
  assert.deepEqual(told, ['a', 'ab', 'abc']);
});
