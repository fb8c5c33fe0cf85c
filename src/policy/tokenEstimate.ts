/** How many tokens a text is for a model, where no model counts them: the one estimate of this product, which errs on the side of more. */

/** Most languages need fewer tokens than this many bytes of UTF-8 suggest: a third of a letter of English, one for a sign of Chinese. */
const BYTES_PER_TOKEN = 3;

/** @returns tokens; 0 only for an empty text */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
