/** A server's request for a model answer, in one form for both eras (`sampling/createMessage`, or an input request). */

/** One block of a sampling message that this host can show and pass on. */
export type SamplingContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mimeType: string; readonly data: Uint8Array }
  | { readonly type: 'audio'; readonly mimeType: string; readonly data: Uint8Array };

/** One message of the conversation the server sends. */
export interface SamplingMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly SamplingContent[];
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
  readonly ignored: readonly string[];
}

/** The model's or the person's answer. */
export interface SamplingAnswer {
  readonly role: 'assistant';
  readonly text: string;
  /** The model's name, or `human` when a person typed the answer. */
  readonly model: string;
  /** Left out when the model did not say (SAMP10). */
  readonly stopReason?: 'endTurn' | 'stopSequence' | 'maxTokens';
}
