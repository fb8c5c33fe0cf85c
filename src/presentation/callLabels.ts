/** Words and numbers about calls, as people read them. */

/** `0.3 s`, `12 s`, `2 min 5 s`. */
export function formatTook(ms: number): string {
  if (ms < 10_000) return `${(Math.max(0, ms) / 1_000).toFixed(ms < 100 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
