/** What an OpenAI-compatible endpoint can be asked at all. Tables only; known before a model is chosen, so before anything else of it is loaded. */

import { plainParts, type SamplingRequest } from '../../protocol/sampling';

/** What the interface takes. Local servers take fewer, and say so themselves. */
const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);
const AUDIO_FORMATS: ReadonlyMap<string, string> = new Map([
  ['audio/wav', 'wav'],
  ['audio/wave', 'wav'],
  ['audio/x-wav', 'wav'],
  ['audio/vnd.wave', 'wav'],
  ['audio/mpeg', 'mp3'],
  ['audio/mp3', 'mp3'],
]);
/** What a tool may be called there. */
const TOOL_NAME = /^[\w-]{1,64}$/;

/** Why an endpoint cannot be asked this, in a sentence for the person; undefined when it can. */
export function whyNotSendable(request: SamplingRequest): string | undefined {
  const { messages, tools } = request;
  const blocks = plainParts(request);
  if (blocks.some((block) => block.type === 'audio' && audioFormat(block.mimeType) === undefined))
    return 'The request holds audio of a type that a model endpoint does not take: only WAV and MP3 are.';
  if (blocks.some((block) => block.type === 'image' && !IMAGE_TYPES.has(block.mimeType.toLowerCase())))
    return 'The request holds an image of a type that a model endpoint does not take.';
  const isMedia = ({ type }: { readonly type: string }): boolean => type === 'image' || type === 'audio';
  if (messages.some(({ role, content }) => role === 'assistant' && content.some(isMedia)))
    return 'The request holds an image or a sound in a message of the assistant, which a model endpoint does not take.';
  const results = messages.flatMap(({ content }) => content.filter((block) => block.type === 'tool_result'));
  if (results.some(({ content }) => content.some(isMedia)))
    return 'The request holds an image or a sound in the result of a tool, which a model endpoint does not take.';
  const names = [
    ...(tools?.list ?? []).map(({ name }) => name),
    ...messages.flatMap(({ content }) =>
      content.flatMap((block) => (block.type === 'tool_use' ? [block.name] : [])),
    ),
  ];
  return names.every((name) => TOOL_NAME.test(name))
    ? undefined
    : 'The request holds a tool whose name a model endpoint does not take: only letters, digits, "_" and "-" are, at most 64.';
}

/** The name of an audio type there; undefined for one that is not taken. */
export function audioFormat(mimeType: string): string | undefined {
  return AUDIO_FORMATS.get(mimeType.toLowerCase());
}
