/** Work that is done a little at a time, so that the main thread is never held up for long. */

/** Milliseconds of work in one turn. */
export const SLICE_MS = 8;

const waiting: (() => void)[] = [];

/** One turn of the main thread for each that waits, in turn: what several make does not add up in one of them. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(beginTurn);
  });
}

function beginTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(beginTurn);
}
