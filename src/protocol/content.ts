/**
 * Results in a form that is cheap to hand between threads: text and bytes, never large object graphs.
 * Structured JSON travels as text, because cloning many small objects stalls the receiver and cloning one string does not.
 */

/** Text that is either here or kept by the client, to be pulled in slices. */
export type Text =
  | { readonly kind: 'inline'; readonly text: string }
  | {
      readonly kind: 'held';
      /** Asks the client for slices; valid until released or until the client ends. */
      readonly handle: number;
      /** UTF-8 bytes in all. */
      readonly bytes: number;
      /** The beginning, for a preview. */
      readonly head: string;
    };

/** One block of a tool result or of a prompt message. */
export type ContentBlock =
  | (KnownBlock & {
      /** What it holds beside what is read of it, as pretty-printed JSON: `annotations`, `_meta`, icons, what nobody knows. */
      readonly more?: Text;
    })
  /** A block of a kind this host does not know, or a malformed one, kept as JSON (TOOL12, T131). */
  | { readonly type: 'unknown'; readonly json: Text; readonly reason: string };

/** A block of a kind that the specification has. */
export type KnownBlock =
  | { readonly type: 'text'; readonly text: Text }
  | { readonly type: 'image'; readonly mimeType: string; readonly data: Uint8Array }
  | { readonly type: 'audio'; readonly mimeType: string; readonly data: Uint8Array }
  | {
      readonly type: 'resource_link';
      readonly uri: string;
      readonly name: string;
      readonly title?: string;
      readonly description?: string;
      readonly mimeType?: string;
    }
  | { readonly type: 'resource'; readonly contents: ResourceContents };

/** The content of one resource. */
export interface ResourceContents {
  readonly uri: string;
  readonly mimeType?: string;
  /** Why it could not be read, in our own words; the body is then the whole of it as JSON. */
  readonly malformed?: string;
  /** What it holds beside what is read of it, as pretty-printed JSON: `_meta`, what nobody knows. */
  readonly more?: Text;
  readonly body:
    { readonly kind: 'text'; readonly text: Text } | { readonly kind: 'blob'; readonly data: Uint8Array };
}

/** What a tool call came back with. `isError` is the tool's own failure, not the protocol's. */
export interface ToolCallResult {
  readonly isError: boolean;
  readonly content: readonly ContentBlock[];
  /** `structuredContent` as pretty-printed JSON; present even for null (TOOL7). */
  readonly structured?: Text;
  /** `_meta` as pretty-printed JSON, without what every result of the stateless era carries. */
  readonly meta?: Text;
  /** Members that nobody knows, as pretty-printed JSON. */
  readonly more?: Text;
}

/** What `resources/read` came back with (RSRC2: several, with other URIs, are possible). */
export interface ReadResourceResult {
  readonly contents: readonly ResourceContents[];
  /** `_meta`, as of a tool's result. */
  readonly meta?: Text;
}

/** One message of a prompt. */
export interface PromptMessage {
  readonly role: 'user' | 'assistant';
  readonly content: ContentBlock;
}

/** What `prompts/get` came back with. */
export interface GetPromptResult {
  readonly description?: string;
  readonly messages: readonly PromptMessage[];
  /** `_meta`, and what nobody knows, as of a tool's result. */
  readonly meta?: Text;
  readonly more?: Text;
}

/** Completion values, at most 100 (COMP3). */
export interface CompletionResult {
  readonly values: readonly string[];
  readonly hasMore: boolean;
}
