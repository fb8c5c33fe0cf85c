/** What the page of a server's request for input and its panel say to each other. Plain data; a page is as foreign as anything else that sends messages. */

/** What stands in one control of the page. */
export type Entered =
  | { readonly kind: 'text'; readonly text: string }
  /** `index` of the choice; absent while none is chosen. */
  | { readonly kind: 'one'; readonly index?: number }
  /** Indexes in ascending order. */
  | { readonly kind: 'several'; readonly indexes: readonly number[] };

/** One value to choose. */
export interface PageChoice {
  readonly label: string;
  /** The value itself, where the label is another text. */
  readonly value?: string;
}

/** How a field is answered. */
export type PageControl =
  | {
      readonly kind: 'text';
      /** A text of several lines; Shift+Enter begins the next one. */
      readonly severalLines: boolean;
      readonly numeric: boolean;
      readonly example?: string;
    }
  | {
      readonly kind: 'one';
      readonly choices: readonly PageChoice[];
      /** How not answering is called, where that is possible. */
      readonly none?: string;
      /** Too many to be all on the page. */
      readonly isLong: boolean;
    }
  | { readonly kind: 'several'; readonly choices: readonly PageChoice[] };

/** One field as it is asked. */
export interface PageInput {
  readonly name: string;
  /** The name that the server knows it by, where it is shown under another one. */
  readonly key?: string;
  readonly description?: string;
  readonly required: boolean;
  /** What is accepted, in our words; may be empty. */
  readonly accepts: string;
  /** Our own sentences about it, such as that it looks like a question for a secret. */
  readonly warnings: readonly string[];
  readonly control: PageControl;
  /** What stands in it when the page opens: what the server proposes, or what the person had entered before. */
  readonly entered: Entered;
}

/** What is known of one field's answer. */
export interface PageAnswer {
  /** Why it cannot be sent like this. */
  readonly problem?: string;
  /** Our own sentence about what was entered. */
  readonly warning?: string;
  /** It is what the server proposed, untouched. */
  readonly isProposed: boolean;
}

/** All that changes while the person fills the form in. */
export interface FormState {
  /** The change of the page that this is the answer to. */
  readonly revision: number;
  readonly answers: readonly PageAnswer[];
  readonly canSubmit: boolean;
  readonly summary: string;
  /** What would be sent, as JSON. */
  readonly preview: string;
  /** Fields that look like secrets: set while the person is asked whether to send them all the same. */
  readonly confirm?: readonly string[];
}

/** An address with its host apart, and what is to be known of it. */
export interface PageAddress {
  readonly before: string;
  readonly host: string;
  readonly after: string;
  /** The host in its own letters, when these are others. */
  readonly inLetters?: string;
  readonly warnings: readonly string[];
}

/** All that the page shows. */
export interface InputPage {
  readonly title: string;
  /** Who asks, why, and since when. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly expiry: string;
  /** What the person should know before they answer. */
  readonly intro: string;
  readonly message: string;
  readonly messageWarning?: string;
  /** After it is shown the buttons do nothing for this long, in milliseconds. */
  readonly settleMs: number;
  readonly content:
    | { readonly kind: 'form'; readonly inputs: readonly PageInput[]; readonly state: FormState }
    | { readonly kind: 'address'; readonly address: PageAddress };
}

/** From the panel to the page. */
export type InputPanelMessage =
  | { readonly type: 'show'; readonly page: InputPage }
  | { readonly type: 'state'; readonly state: FormState }
  | { readonly type: 'expiry'; readonly expiry: string };

/** From the page to the panel. `revision` counts the changes of the page. */
export type InputPageMessage =
  /** The page runs and wants to be told what to show. */
  | { readonly type: 'ready' }
  | { readonly type: 'edit'; readonly revision: number; readonly field: number; readonly entered: Entered }
  /** These fields were in view. */
  | { readonly type: 'seen'; readonly fields: readonly number[] }
  | { readonly type: 'submit'; readonly revision: number; readonly anyway: boolean }
  /** Back from the question whether secrets are to be sent. */
  | { readonly type: 'back' }
  | { readonly type: 'open' }
  | { readonly type: 'decline' }
  | { readonly type: 'cancel' };

/** What a field takes, as far as messages about it are concerned. */
export type ControlShape = Pick<PageControl, 'kind'> & { readonly choices?: readonly unknown[] };

/** Longer texts are no answer to anything; controls of the page take no more. */
const MAX_TYPED = 100_000;

/**
 * Reads a message of the page (T116).
 * @param controls of the form, in its order; none for an address.
 * @returns undefined unless it is exactly what a page of ours sends.
 */
export function readInputMessage(
  raw: unknown,
  controls: readonly ControlShape[],
): InputPageMessage | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(raw));
  const type = fields.get('type');
  switch (type) {
    case 'ready':
    case 'back':
    case 'open':
    case 'decline':
    case 'cancel':
      return fields.size === 1 ? { type } : undefined;
    case 'seen': {
      const seen = readIndexes(fields.get('fields'), controls.length);
      return fields.size === 2 && seen ? { type, fields: seen } : undefined;
    }
    case 'submit': {
      const revision = readIndex(fields.get('revision'), Number.MAX_SAFE_INTEGER);
      const anyway = fields.get('anyway');
      return fields.size === 3 && revision !== undefined && typeof anyway === 'boolean'
        ? { type, revision, anyway }
        : undefined;
    }
    case 'edit':
      return fields.size === 4 ? readEdit(fields, controls) : undefined;
    default:
      return undefined;
  }
}

function readEdit(
  fields: ReadonlyMap<string, unknown>,
  controls: readonly ControlShape[],
): InputPageMessage | undefined {
  const revision = readIndex(fields.get('revision'), Number.MAX_SAFE_INTEGER);
  const field = readIndex(fields.get('field'), controls.length);
  const control = field === undefined ? undefined : controls[field];
  const entered = control && readEntered(fields.get('entered'), control);
  return revision !== undefined && field !== undefined && entered
    ? { type: 'edit', revision, field, entered }
    : undefined;
}

function readEntered(raw: unknown, { kind, choices = [] }: ControlShape): Entered | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const fields = new Map<string, unknown>(Object.entries(raw));
  if (fields.get('kind') !== kind) return undefined;
  if (kind === 'one') {
    if (fields.size === 1) return { kind };
    const index = readIndex(fields.get('index'), choices.length);
    return fields.size === 2 && index !== undefined ? { kind, index } : undefined;
  }
  if (fields.size !== 2) return undefined;
  if (kind === 'several') {
    const indexes = readIndexes(fields.get('indexes'), choices.length);
    return indexes && { kind, indexes };
  }
  const text = fields.get('text');
  return typeof text === 'string' && text.length <= MAX_TYPED ? { kind, text } : undefined;
}

/** Ascending, so each at most once. */
function readIndexes(raw: unknown, end: number): readonly number[] | undefined {
  if (!Array.isArray(raw) || raw.length > end) return undefined;
  const found: number[] = [];
  for (const each of raw as readonly unknown[]) {
    const index = readIndex(each, end);
    if (index === undefined || index <= (found.at(-1) ?? -1)) return undefined;
    found.push(index);
  }
  return found;
}

function readIndex(raw: unknown, end: number): number | undefined {
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0 && raw < end ? raw : undefined;
}
