/** What a server suggests while a text is typed: asked for when the typing pauses, one question at a time. It knows no editor. */

import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { CompletionResult } from '../../protocol/content';

/** Milliseconds without typing before the server is asked (COMP3, T154). */
const DELAY = 250;

const NOTHING: CompletionResult = { values: [], hasMore: false };

export class Suggestions implements Disposable {
  private running: AbortController | undefined;
  private timer: Disposable | undefined;
  private found = NOTHING;

  /**
   * @param complete asks the server; a failure means that it suggests nothing
   * @param onChange is called when a question leaves and when its answer is there
   */
  constructor(
    private readonly clock: Clock,
    private readonly complete: (text: string, signal: AbortSignal) => Promise<CompletionResult>,
    private readonly onChange: () => void,
  ) {}

  /** The newest suggestions. */
  get latest(): CompletionResult {
    return this.found;
  }

  get isAsking(): boolean {
    return this.running !== undefined;
  }

  /** Asks once nothing more is typed. */
  typed(text: string): void {
    this.timer?.dispose();
    this.timer = this.clock.schedule(DELAY, () => this.askNow(text));
  }

  /** Asks, and takes back the question before. */
  askNow(text: string): void {
    void this.ask(text);
  }

  dispose(): void {
    this.timer?.dispose();
    this.running?.abort();
    this.running = undefined;
  }

  private async ask(text: string): Promise<void> {
    this.running?.abort();
    const mine = new AbortController();
    this.running = mine;
    this.onChange();
    // Suggestions are a convenience: without them the person types.
    const found = await this.complete(text, mine.signal).catch(() => NOTHING);
    if (this.running !== mine) return;
    this.running = undefined;
    this.found = found;
    this.onChange();
  }
}
