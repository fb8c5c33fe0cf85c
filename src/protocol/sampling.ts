/** A server's request for a model answer, in one form for both eras (`sampling/createMessage`, or an input request). */

/** A part of a message that this host can show and pass on as it is. */
export type SamplingPlain =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mimeType: string; readonly data: Uint8Array }
  | { readonly type: 'audio'; readonly mimeType: string; readonly data: Uint8Array };

/** A tool that the model wants used. The server uses it, never this host (SAMP9). */
export interface SamplingToolUse {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  /** A JSON object, as text: many small objects are expensive to hand between threads. */
  readonly input: string;
}

/** What the server's tool came back with. What a model takes as neither text, image nor sound is text: its JSON. */
export interface SamplingToolResult {
  readonly type: 'tool_result';
  readonly toolUseId: string;
  readonly content: readonly SamplingPlain[];
  readonly isError: boolean;
}

/** One block of a sampling message. */
export type SamplingContent = SamplingPlain | SamplingToolUse | SamplingToolResult;

/** One message of the conversation the server sends. */
export interface SamplingMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly SamplingContent[];
}

/** A tool of the server that the model may ask for, within this request only. */
export interface SamplingTool {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of its input, as JSON text. */
  readonly inputSchema: string;
}

/** The tools of a request, one at least, and whether the model must use one of them. */
export interface SamplingTools {
  readonly list: readonly SamplingTool[];
  readonly choice: 'auto' | 'required' | 'none';
}

/** Which model the server would like (SAMP5). Priorities are 0 to 1. */
export interface ModelPreferences {
  readonly hints: readonly string[];
  readonly costPriority?: number;
  readonly speedPriority?: number;
  readonly intelligencePriority?: number;
}

/** `sampling/createMessage` params. Fields this host does not act on are named in `ignored`, so that a review can say so. */
export interface SamplingRequest {
  readonly messages: readonly SamplingMessage[];
  readonly systemPrompt?: string;
  readonly maxTokens: number;
  readonly temperature?: number;
  readonly stopSequences: readonly string[];
  readonly preferences: ModelPreferences;
  /** As sent; nothing is ever added (T139). */
  readonly includeContext?: string;
  readonly tools?: SamplingTools;
  readonly ignored: readonly string[];
}

/** The model's or the person's answer. */
export interface SamplingAnswer {
  readonly role: 'assistant';
  readonly text: string;
  /** Tools that the model wants used, for the server. */
  readonly toolUses?: readonly SamplingToolUse[];
  /** The model's name, or `human` when a person typed the answer. */
  readonly model: string;
  /** Left out when the model did not say (SAMP10). */
  readonly stopReason?: 'endTurn' | 'stopSequence' | 'maxTokens' | 'toolUse';
}

/** True for a request that only a model that knows tools can answer: it brings some, or goes on after some were used. */
export function usesTools({ tools, messages }: SamplingRequest): boolean {
  return (
    tools !== undefined ||
    messages.some(({ content }) => content.some(({ type }) => type === 'tool_use' || type === 'tool_result'))
  );
}

/** The parts of a request that are text, image or sound, those of tool results among them. */
export function plainParts({ messages }: Pick<SamplingRequest, 'messages'>): readonly SamplingPlain[] {
  return messages.flatMap(({ content }) =>
    content.flatMap((block): readonly SamplingPlain[] => {
      if (block.type === 'tool_use') return [];
      return block.type === 'tool_result' ? block.content : [block];
    }),
  );
}
