/** How many tokens a text is for a model, where no model is asked: an estimate that errs on the side of more. */

/** Letters of alphabets take about a quarter of a token, characters of scripts without spaces one each. */
const DENSE = /[\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\u{20000}-\u{3FFFF}]/gu;

/** @returns tokens; 0 only for an empty text */
export function estimateTokens(text: string): number {
  const dense = text.match(DENSE)?.length ?? 0;
  return Math.ceil((text.length - dense) / 4) + dense;
}
