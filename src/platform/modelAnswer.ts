/**
 * Reads a model's stream into one answer and enforces what the request asked for, because providers may ignore it: stop
 * sequences, the token limit, and an end when nobody waits any more. Knows nothing of the editor.
 */

import type { Clock } from '../base/clock';
import type { SamplingAnswer } from '../protocol/sampling';
import { ModelError, type OnText } from '../host/ports';

/** What bounds an answer. */
export interface AnswerLimits {
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
  /** Counts the tokens of a text as the model does. A failure is answered with an estimate. */
  readonly countTokens: (text: string) => PromiseLike<number>;
  /** A stream that is silent this long has failed, in milliseconds. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly onText?: OnText | undefined;
  /** What the stream itself said about why it ended, for streams that say so at all. Asked when it has ended by itself. */
  readonly endReason?: () => SamplingAnswer['stopReason'];
}

/** Text and, where it is certain, why it ended. */
type AnswerText = Pick<SamplingAnswer, 'text' | 'stopReason'>;

/** Usual ratio, for providers that cannot count. */
const CHARACTERS_PER_TOKEN = 4;
/** No tokenizer packs more into a token; holds also against providers that count nothing. */
const MAX_CHARACTERS_PER_TOKEN = 64;

/**
 * Reads until the stream, a stop sequence or the limit ends it; what comes after is not waited for.
 * @throws ModelError when it is cancelled or silent for too long, and whatever the stream throws.
 */
export async function readAnswer(stream: AsyncIterable<string>, limits: AnswerLimits): Promise<AnswerText> {
  const chunks = stream[Symbol.asyncIterator]();
  let text = '';
  /** Below this length the text cannot have reached the limit: a token is at least one character. */
  let countAt = limits.maxTokens;
  try {
    for (;;) {
      const { done, value } = await nextChunk(chunks, limits);
      if (done === true) break;
      const searchFrom = Math.max(0, text.length - longest(limits.stopSequences));
      text += value;
      const stop = firstStop(text, limits.stopSequences, searchFrom);
      if (stop !== undefined) {
        const kept = await cutToLimit(text.slice(0, stop), limits);
        return { text: kept.text, stopReason: kept.reached ? 'maxTokens' : 'stopSequence' };
      }
      if (value !== '') limits.onText?.(text);
      if (text.length < countAt) continue;
      const tokens = await count(text, limits);
      if (tokens > limits.maxTokens)
        return { text: (await cutToLimit(text, limits)).text, stopReason: 'maxTokens' };
      countAt = text.length + Math.max(1, limits.maxTokens - tokens);
    }
  } finally {
    // Tells the provider to stop; it may never confirm that, and its complaints concern nobody.
    void Promise.resolve(chunks.return?.()).catch(() => undefined);
  }
  if (limits.endReason) {
    const stopReason = limits.endReason();
    return stopReason === undefined ? { text } : { text, stopReason };
  }
  const reached = text !== '' && (await count(text, limits)) >= limits.maxTokens;
  // A stream of the editor does not say why it ended, so nothing is claimed beyond what the count shows (SAMP10).
  return reached ? { text, stopReason: 'maxTokens' } : { text };
}

async function nextChunk(
  chunks: AsyncIterator<string>,
  { signal, silenceMs, clock }: AnswerLimits,
): Promise<IteratorResult<string, unknown>> {
  if (signal.aborted) throw cancelled();
  let release: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(cancelled());
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = clock.schedule(silenceMs, () =>
      reject(new ModelError(`The model sent nothing for ${Math.round(silenceMs / 1_000)} seconds.`)),
    );
    release = () => {
      signal.removeEventListener('abort', onAbort);
      timer.dispose();
    };
  });
  const next = chunks.next();
  // When it loses the race it must not become an unhandled rejection later.
  next.catch(() => undefined);
  try {
    return await Promise.race([next, ended]);
  } finally {
    release();
  }
}

function cancelled(): ModelError {
  return new ModelError('The request was cancelled.');
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function firstStop(text: string, stops: readonly string[], from: number): number | undefined {
  const found = stops.map((stop) => text.indexOf(stop, from)).filter((index) => index !== -1);
  return found.length === 0 ? undefined : Math.min(...found);
}

/** Shortens the text until it is within the limit, without splitting a character. */
async function cutToLimit(
  text: string,
  limits: AnswerLimits,
): Promise<{ readonly text: string; readonly reached: boolean }> {
  if ((await count(text, limits)) <= limits.maxTokens) return { text, reached: false };
  let fits = 0;
  let tooLong = text.length;
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if ((await count(text.slice(0, middle), limits)) <= limits.maxTokens) fits = middle;
    else tooLong = middle;
  }
  const splits = (text.charCodeAt(fits - 1) & 0xfc00) === 0xd800;
  return { text: text.slice(0, splits ? fits - 1 : fits), reached: true };
}

async function count(text: string, { countTokens }: AnswerLimits): Promise<number> {
  const atLeast = text.length / MAX_CHARACTERS_PER_TOKEN;
  try {
    const counted = await countTokens(text);
    if (Number.isFinite(counted) && counted >= 0) return Math.max(counted, atLeast);
  } catch {
    // Providers need not be able to count; the estimate below bounds the answer all the same.
  }
  return text.length / CHARACTERS_PER_TOKEN;
}
