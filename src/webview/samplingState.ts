/** What the page remembers of itself, and how it reads that, which may be anything. */

/** An object with names. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Pairs of a key and a text; whatever is none is left out. */
export function readPairs(value: unknown, key: 'number'): readonly (readonly [number, string])[];
export function readPairs(value: unknown, key: 'string'): readonly (readonly [string, string])[];
export function readPairs(value: unknown, key: 'number' | 'string'): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly unknown[]).filter(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && typeof pair[0] === key && typeof pair[1] === 'string',
  );
}

/** What was typed in one stage of one request. */
interface Draft {
  readonly key: string;
  readonly conversation: number;
  /** For the stage itself, when it is drawn again. */
  readonly draft: unknown;
  /** Its texts, for when there is nothing to be done with them any more but to copy them. */
  readonly typed: readonly string[];
}

/** Where the editor keeps it: while the page is hidden, and over a reload of the window. */
interface Memory {
  getState(): unknown;
  setState(state: unknown): void;
}

/** All that was typed: of what is shown, and of what else waits. */
export class Drafts {
  private kept: readonly Draft[];

  constructor(private readonly memory: Memory) {
    const state = memory.getState();
    const drafts = isRecord(state) ? state['drafts'] : undefined;
    this.kept = (Array.isArray(drafts) ? (drafts as readonly unknown[]) : []).filter(isDraft);
  }

  of(key: string): unknown {
    return this.kept.find((one) => one.key === key)?.draft;
  }

  /** @param conversation or whatever is kept */
  typedIn(conversation: number | undefined): readonly string[] {
    return this.kept.flatMap((one) =>
      conversation === undefined || one.conversation === conversation ? one.typed : [],
    );
  }

  put(draft: Draft): void {
    this.set([...this.kept.filter(({ key }) => key !== draft.key), draft]);
  }

  /** Forgets what is of none of these, such as what was sent. */
  keepOnly(conversations: ReadonlySet<number>): void {
    const left = this.kept.filter(({ conversation }) => conversations.has(conversation));
    if (left.length !== this.kept.length) this.set(left);
  }

  private set(drafts: readonly Draft[]): void {
    this.kept = drafts;
    this.memory.setState({ drafts });
  }
}

function isDraft(value: unknown): value is Draft {
  if (!isRecord(value)) return false;
  const typed = value['typed'];
  return (
    typeof value['key'] === 'string' &&
    typeof value['conversation'] === 'number' &&
    Array.isArray(typed) &&
    typed.every((text) => typeof text === 'string')
  );
}
