/**
 * Reads what an OpenAI-compatible endpoint answers, chunk by chunk or whole, into text, uses of tools and the reason of its end. It knows
 * the format only; what it reads is foreign.
 */

import { isObject, own, ownString, parseJson, type JsonObject, type JsonValue } from '../../base/json';
import { ModelError } from '../../host/ports';
import type { SamplingAnswer, SamplingRequest, SamplingToolUse } from '../../protocol/sampling';

/** Uses of tools in one answer, and characters of what they hold in all. */
const MAX_CALLS = 64;
const MAX_CALL_TEXT = 1_048_576;
/** No tokenizer packs so many characters into most of its tokens; for endpoints that send much in one chunk. */
const MAX_CHARACTERS_PER_TOKEN = 16;

interface Call {
  id: string;
  name: string;
  input: string;
}

export class ChatAnswer {
  private readonly calls = new Map<number, Call>();
  private callText = 0;
  /** Where each chunk of text began: no chunk is less than a token. */
  private readonly starts: number[] = [];
  private length = 0;
  private sawChoice = false;
  private finish: string | undefined;
  private matchedStop: string | undefined;

  /** @param request what it answers: uses of tools count only where it brings some */
  constructor(
    private readonly host: string,
    private readonly request: Pick<SamplingRequest, 'stopSequences' | 'tools'>,
  ) {}

  /**
   * Takes one chunk, or a whole answer.
   * @returns the text that it adds
   * @throws ModelError for an error that it holds, and for what is no answer
   */
  take(json: string): string {
    const value = parseJson(json);
    if (!isObject(value)) throw this.nonsense();
    const error = own(value, 'error');
    if (error !== undefined && error !== null) throw new EndpointSaid(error);
    const choices = own(value, 'choices');
    if (choices !== undefined && choices !== null && !Array.isArray(choices)) throw this.nonsense();
    const [choice] = Array.isArray(choices) ? (choices as readonly JsonValue[]) : [];
    // The last chunk may only tell what was used.
    if (choice === undefined) return '';
    if (!isObject(choice)) throw this.nonsense();
    this.sawChoice = true;
    this.finish = ownString(choice, 'finish_reason') ?? this.finish;
    this.matchedStop = ownString(choice, 'stop_reason') ?? this.matchedStop;
    const said = own(choice, 'delta') ?? own(choice, 'message');
    return isObject(said) ? this.takeSaid(said) : '';
  }

  /**
   * To be called at the end.
   * @throws ModelError when nothing of an answer came
   */
  check(): void {
    if (!this.sawChoice) throw this.nonsense();
  }

  /** Tokens of a beginning of the text, at least. */
  tokensOf(text: string): number {
    const chunks = this.starts.findIndex((start) => start >= text.length);
    return Math.max(chunks === -1 ? this.starts.length : chunks, text.length / MAX_CHARACTERS_PER_TOKEN);
  }

  /** Why it ended, where that is certain (SAMP10). A stop may be the model's own or one of the request's, which few endpoints tell apart. */
  get stopReason(): SamplingAnswer['stopReason'] {
    const { stopSequences } = this.request;
    if (this.finish === 'length') return 'maxTokens';
    if (this.calls.size > 0) return 'toolUse';
    if (this.finish !== 'stop') return undefined;
    if (stopSequences.length === 0) return 'endTurn';
    return this.matchedStop !== undefined && stopSequences.includes(this.matchedStop)
      ? 'stopSequence'
      : undefined;
  }

  /** The uses of tools that the model wants. @throws ModelError when one of them cannot be understood */
  toolUses(): readonly SamplingToolUse[] {
    return [...this.calls.values()].map(({ id, name, input }, index) => {
      const value = parseJson(input.trim() === '' ? '{}' : input);
      if (name === '' || !isObject(value))
        throw new ModelError('The model wants a tool used, but not in a way that can be understood.');
      return {
        type: 'tool_use',
        id: id === '' ? `call_${index + 1}` : id,
        name,
        input: JSON.stringify(value),
      };
    });
  }

  private takeSaid(said: JsonObject): string {
    const calls = this.request.tools === undefined ? undefined : own(said, 'tool_calls');
    if (Array.isArray(calls))
      for (const [place, call] of (calls as readonly JsonValue[]).entries()) this.takeCall(call, place);
    const text = textOf(own(said, 'content')) + (ownString(said, 'refusal') ?? '');
    if (text !== '') this.starts.push(this.length);
    this.length += text.length;
    return text;
  }

  private takeCall(raw: JsonValue, place: number): void {
    if (!isObject(raw)) throw this.nonsense();
    const given = own(raw, 'index');
    const index = typeof given === 'number' ? given : place;
    const known = this.calls.get(index);
    const call = known ?? { id: '', name: '', input: '' };
    if (!known) this.calls.set(index, call);
    const made = own(raw, 'function');
    const name = isObject(made) ? (ownString(made, 'name') ?? '') : '';
    const input = isObject(made) ? (ownString(made, 'arguments') ?? '') : '';
    // Ids and names come once, whole; some endpoints repeat them.
    if (call.id === '') call.id = ownString(raw, 'id') ?? '';
    if (call.name === '') call.name = name;
    call.input += input;
    this.callText += call.id.length + name.length + input.length;
    if (this.calls.size > MAX_CALLS || this.callText > MAX_CALL_TEXT)
      throw new ModelError(`The model wants more tools used than MCP Host takes in one answer.`);
  }

  private nonsense(): ModelError {
    return new ModelError(`The model endpoint ${this.host} sent something that is no answer of a model.`);
  }
}

/** An error within an answer, in the endpoint's own form. */
export class EndpointSaid extends Error {
  override readonly name = 'EndpointSaid';

  constructor(readonly error: JsonValue) {
    super('the endpoint tells of an error');
  }
}

/** A text, or a list of parts of which some are texts. */
function textOf(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return (content as readonly JsonValue[])
    .map((part) => (isObject(part) && own(part, 'type') === 'text' ? (ownString(part, 'text') ?? '') : ''))
    .join('');
}
