/** What a request and its answer cost, as the model itself counts. Knows nothing of the editor; a model need not be able to count. */

import type { Clock } from '../base/clock';
import type { TokenUsage } from '../host/ports';

/** A server does not wait longer than this for a number that only the person reads, in milliseconds. */
const DEADLINE_MS = 1_000;
/** No tokenizer packs more into a token, so who counts less does not count. */
const MAX_CHARACTERS_PER_TOKEN = 64;

/** One text or message. */
interface Counted {
  readonly characters: number;
  /** May fail, hang or make things up. */
  readonly count: () => PromiseLike<number>;
}

/**
 * Counts both. What the model does not count, or not in time, is absent.
 * @param input every message that was sent
 */
export async function countUsage(
  input: readonly Counted[],
  output: Counted,
  clock: Clock,
): Promise<TokenUsage> {
  const [sent, answered] = await Promise.all([
    inTime(Promise.all(input.map(countOne)), clock),
    inTime(countOne(output), clock),
  ]);
  const counted = sent?.filter((count) => count !== undefined);
  return {
    ...(counted !== undefined && counted.length === input.length
      ? { input: counted.reduce((sum, count) => sum + count, 0) }
      : {}),
    ...(answered === undefined ? {} : { output: answered }),
  };
}

async function countOne({ characters, count }: Counted): Promise<number | undefined> {
  try {
    const tokens = Math.ceil(await count());
    return Number.isSafeInteger(tokens) && tokens >= characters / MAX_CHARACTERS_PER_TOKEN
      ? tokens
      : undefined;
  } catch {
    return undefined;
  }
}

async function inTime<T>(work: Promise<T>, clock: Clock): Promise<T | undefined> {
  let timer: { dispose(): void } | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = clock.schedule(DEADLINE_MS, () => resolve(undefined));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer?.dispose();
  }
}
