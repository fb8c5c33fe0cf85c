/** The texts, pictures and tools of a request for a model answer as blocks of a page: in full, or as much as a page holds, and said so. */

import { exactText, safe, safeText, type SafeText } from '../policy/safeText';
import type {
  SamplingAnswer,
  SamplingContent,
  SamplingMessage,
  SamplingPlain,
  SamplingRequest,
  SamplingToolUse,
} from '../protocol/sampling';
import { countOf } from './consentTexts';
import { formatBytes, isShowable, sniffMedia } from './media';
import type { PageBlock, PagePart, PageText } from './samplingPageMessages';
import { pretty } from './samplingToolLines';
import { SYSTEM_PLACE } from './samplingPageEdit';
import type { VisibleTexts } from './visibleText';

/** Characters of foreign text on one page, as they are shown, at first and when the person wants all; and bytes of all its pictures. */
const MAX_CHARACTERS = 262_144;
export const MOST_CHARACTERS = 4_194_304;
const MAX_PICTURES = 6_291_456;

/** Types under which the browser takes what was recognised. */
const PICTURE_TYPES: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
]);

/** How much a page still holds. */
export class PageRoom {
  private characters: number;
  private pictures = MAX_PICTURES;
  private whole = true;

  /** @param texts makes them visible */
  constructor(
    private readonly texts: VisibleTexts,
    characters = MAX_CHARACTERS,
  ) {
    this.characters = characters;
  }

  /** Everything has found room so far. */
  get holdsAll(): boolean {
    return this.whole;
  }

  /** As much of a text as there is room for, with markers for what cannot be seen. */
  text(text: string): PageText {
    const taken = this.texts.take(text, this.characters);
    if (taken.left === 0) {
      this.characters -= taken.text.length;
      return { text: taken.text };
    }
    this.characters = 0;
    this.whole = false;
    return { text: taken.text, more: safe`${countOf(taken.left, 'more character')} not shown` };
  }

  /** The same for JSON, as it is read best. */
  json(text: string): PageText {
    return this.text(this.texts.formed(text, pretty));
  }

  /** The address of a picture that is what it is taken for, and that there is room for. */
  picture(data: Uint8Array): string | undefined {
    const media = sniffMedia(data);
    const type = media?.kind === 'image' ? PICTURE_TYPES.get(media.extension) : undefined;
    if (!media || type === undefined || !isShowable(media, data.byteLength)) return undefined;
    if (data.byteLength > this.pictures) return undefined;
    this.pictures -= data.byteLength;
    return `data:${type};base64,${Buffer.from(data).toString('base64')}`;
  }
}

/** Everything that goes to the model. @param editable with what editing it needs @param systemRole the model takes a system prompt as that */
export function requestBlocks(
  request: SamplingRequest,
  room: PageRoom,
  { editable, systemRole }: { readonly editable: boolean; readonly systemRole: boolean },
): readonly PageBlock[] {
  const { systemPrompt = '', messages, tools } = request;
  let place = SYSTEM_PLACE;
  const title = systemRole
    ? safe`System prompt`
    : safe`System prompt, sent as the first message and marked as such`;
  return [
    ...(systemPrompt === '' && !editable
      ? []
      : [block(title, 'system', [textPart(systemPrompt, room, editable ? place : undefined)])]),
    ...(tools?.list ?? []).map(({ name, description = '', inputSchema }) =>
      block(safe`Tool "${exactText(name)}"`, 'tool', [
        ...(description === '' ? [] : [textPart(description, room)]),
        codePart('Its input', inputSchema, room),
      ]),
    ),
    ...messages.map(({ role, content }, index) =>
      block(
        safe`Message ${index + 1} of ${messages.length}, ${roleText(role)}`,
        role,
        content.flatMap((part) => {
          if (part.type !== 'text') return partsOf(part, room);
          place += 1;
          return [textPart(part.text, room, editable ? place : undefined)];
        }),
        editable ? index : undefined,
      ),
    ),
  ];
}

/** What a model answered. */
export function answerParts({ text, toolUses = [] }: SamplingAnswer, room: PageRoom): readonly PagePart[] {
  return [textPart(text, room, 0), ...toolUses.map((use) => usePart(use, room))];
}

function block(
  title: string,
  role: PageBlock['role'],
  parts: readonly PagePart[],
  message?: number,
): PageBlock {
  return { title, role, parts, ...(message === undefined ? {} : { message }) };
}

function roleText(role: SamplingMessage['role']): SafeText {
  return role === 'user' ? safe`user` : safe`assistant (the server wrote this, not a model)`;
}

function partsOf(block: Exclude<SamplingContent, { type: 'text' }>, room: PageRoom): readonly PagePart[] {
  switch (block.type) {
    case 'image':
    case 'audio':
      return [mediaPart(block, room)];
    case 'tool_use':
      return [usePart(block, room)];
    case 'tool_result': {
      const failed = block.isError ? safe`, which failed` : safe``;
      const label = safe`Result of the tool use ${exactText(block.toolUseId)}${failed}`;
      return block.content.map((part) =>
        part.type === 'text'
          ? { kind: 'code', label, shown: room.text(part.text) }
          : mediaPart(part, room, `${label}: `),
      );
    }
  }
}

function textPart(text: string, room: PageRoom, place?: number): PagePart {
  const shown = room.text(text);
  const isWhole = shown.more === undefined;
  return { kind: 'text', shown, ...(place === undefined || !isWhole ? {} : { edit: { place, raw: text } }) };
}

function codePart(label: string, json: string, room: PageRoom): PagePart {
  return { kind: 'code', label, shown: room.json(json) };
}

function usePart({ id, name, input }: SamplingToolUse, room: PageRoom): PagePart {
  return codePart(safe`Use of the tool "${exactText(name)}" (${exactText(id)})`, input, room);
}

function mediaPart(part: Exclude<SamplingPlain, { type: 'text' }>, room: PageRoom, before = ''): PagePart {
  const size = safeText(formatBytes(part.data.byteLength));
  const what = part.type === 'image' ? safe`Image` : safe`Sound`;
  const source = part.type === 'image' ? room.picture(part.data) : undefined;
  const label = safe`${what}, said to be ${safeText(part.mimeType, 80)}, ${size}`;
  return source === undefined
    ? { kind: 'media', label: `${before}${label}; it cannot be shown here` }
    : { kind: 'media', label: `${before}${label}`, source };
}
