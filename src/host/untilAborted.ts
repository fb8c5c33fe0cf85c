/** Waiting for work that may not notice, or not in time, that nobody wants it any more. */

/**
 * Waits for `work`, but no longer than until `signal` aborts; what comes of it later is ignored.
 * @returns undefined when aborted.
 * @throws what `work` rejects with before that.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
