/** Writes content blocks of results and prompts into a document: texts as they are, everything else named and linked. */

import type { ContentBlock, ResourceContents, Text } from '../protocol/content';
import { safeLines, safeText } from '../policy/safeText';
import { binaryName, mediaName, safeBaseName, stem, textName } from './documentNames';
import type { DocumentWriter, Span } from './documentWriter';
import { essenceOf, isTextType, languageFor } from './languages';
import { formatBytes, isShowable, sniffMedia } from './media';

/** Longer embedded texts are shown in a document of their own only. */
const MAX_EMBEDDED_CHARS = 20_000;

/** Characters of an address that are shown, and lines of a description; fewer in a document that holds many long ones. */
const MAX_URI = 1_000;
const SHORT_URI = 300;
const MAX_LINES = 12;
const SHORT_LINES = 2;
const LINE_COLUMNS = 160;

/** What the names of the files beside a document are made of. */
export interface BlockContext {
  /** The server's key. */
  readonly server: string;
  /** What the parts came from, for the names of files. */
  readonly source: string;
}

/** Writes one block, with a heading of this level when `heading` is not 0. */
export function writeBlock(
  writer: DocumentWriter,
  block: ContentBlock,
  context: BlockContext,
  heading: number,
): void {
  if (heading > 0) writer.line(`${'#'.repeat(heading)} ${TITLES[block.type]}`).line('');
  switch (block.type) {
    case 'text':
      writeText(writer, block.text, context);
      break;
    case 'image':
    case 'audio':
      writeData(writer, block.data, block.mimeType, block.type, context);
      break;
    case 'resource_link':
      writeResourceLink(writer, block);
      break;
    case 'resource':
      writeEmbedded(writer, block.contents, context);
      break;
    case 'unknown':
      writer.line(`This part is shown as the server sent it (${safeText(block.reason, 200)}).`).line('');
      writeJson(writer, block.json, context);
  }
  writeMore(writer, block, context);
}

const TITLES: Readonly<Record<ContentBlock['type'], string>> = {
  text: 'Text',
  image: 'Image',
  audio: 'Audio',
  resource_link: 'Resource link',
  resource: 'Embedded resource',
  unknown: 'Content that cannot be read',
};

/** Writes what a block holds beside what is shown of it. */
export function writeMore(writer: DocumentWriter, block: ContentBlock, context: BlockContext): void {
  if (block.type === 'unknown' || block.more === undefined) return;
  writer.line('').line('The server sent with it:').line('');
  writeJson(writer, block.more, context);
}

/** Writes a text as it is; one that is JSON as a JSON block. */
export function writeText(writer: DocumentWriter, text: Text, context: BlockContext): void {
  if (text.kind === 'inline' && isJson(writer, text.text)) writeFenced(writer, text.text, 'json');
  else if (text.kind === 'inline') writer.raw(withoutLineEnds(text.text));
  else writeHeld(writer, text, context, (head) => writer.raw(head));
}

/** Writes JSON text as a highlighted block. */
export function writeJson(writer: DocumentWriter, json: Text, context: BlockContext): void {
  if (json.kind === 'inline') writeFenced(writer, json.text, 'json');
  else writeHeld(writer, json, context, (head) => writeFenced(writer, head, 'json'));
}

/** A fence that the text cannot close. */
export function writeFenced(writer: DocumentWriter, text: string, language: string): void {
  let longest = 2;
  for (const [run] of text.matchAll(/`{3,}/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  writer
    .line(fence + language)
    .raw(text)
    .line(fence);
}

function writeHeld(
  writer: DocumentWriter,
  text: Extract<Text, { kind: 'held' }>,
  { server, source }: BlockContext,
  writeHead: (head: string) => void,
): void {
  const held = writer.addHeld({ text, name: textName(safeBaseName(source, 'text'), server) });
  const size = formatBytes(text.bytes);
  writer.line(
    `The beginning of ${size}.  `,
    { words: `Show all (${size})`, target: { kind: 'show-all', held } },
    '  ',
    { words: 'Save as…', target: { kind: 'save-as', held } },
  );
  writer.line('');
  writeHead(text.head);
  writer.line('').line(`⟨… cut here, ${size} in all⟩`);
}

function writeData(
  writer: DocumentWriter,
  data: Uint8Array,
  mimeType: string | undefined,
  base: string,
  { server, source }: BlockContext,
): void {
  const media = sniffMedia(data);
  const showable = media && isShowable(media, data.byteLength);
  const wanted = base === 'image' || base === 'audio' ? `${stem(safeBaseName(source, base))} ${base}` : base;
  const name = showable ? mediaName(wanted, server, media.extension) : binaryName(wanted, server);
  const target = writer.addFile({ name, content: data, isMedia: showable === true });
  const facts = [
    ...(mimeType === undefined ? [] : [safeText(mimeType, 100)]),
    ...(media?.size ? [`${media.size.width} x ${media.size.height} pixels`] : []),
    formatBytes(data.byteLength),
  ];
  writer.line({ words: showable ? `Open ${media.kind}` : 'Open bytes', target }, `  ${facts.join(', ')}`);
  if (showable) return;
  const claimed = essenceOf(mimeType)?.type;
  if (media) writer.line('Too large for a preview.');
  else if (claimed === 'image' || claimed === 'audio')
    writer.line(`This is no ${claimed} that can be shown here.`);
}

function writeResourceLink(
  writer: DocumentWriter,
  block: Extract<ContentBlock, { type: 'resource_link' }>,
): void {
  const title = safeText(block.title ?? block.name, 120);
  const spans: Span[] = [{ words: `Open ${title}`, target: { kind: 'resource', uri: block.uri } }];
  if (isHttps(block.uri))
    spans.push('  ', { words: 'Open in browser', target: { kind: 'browser', url: block.uri } });
  writer.line(...spans, ...(block.mimeType === undefined ? [] : [`  ${safeText(block.mimeType, 100)}`]));
  writer.line(inertUri(writer, block.uri));
  if (block.description !== undefined) writeDescription(writer, block.description);
}

function writeDescription(writer: DocumentWriter, description: string): void {
  const shown = Math.min(description.length, MAX_LINES * LINE_COLUMNS);
  const isWhole = shown <= LINE_COLUMNS || writer.mayDetail(shown);
  const maxLines = isWhole ? MAX_LINES : SHORT_LINES;
  for (const line of safeLines(description, { maxLines, maxColumns: LINE_COLUMNS })) writer.line(line);
}

function writeEmbedded(writer: DocumentWriter, contents: ResourceContents, context: BlockContext): void {
  const { uri, mimeType, body } = contents;
  const base = safeBaseName(uri);
  const about = [inertUri(writer, uri), ...(mimeType === undefined ? [] : [safeText(mimeType, 100)])].join(
    ', ',
  );
  if (body.kind === 'blob') {
    const text = isTextType(mimeType) ? decodeUtf8(body.data) : undefined;
    if (text === undefined) {
      writer.line(about).line('');
      writeData(writer, body.data, mimeType, base, context);
      return;
    }
    writeEmbeddedText(writer, { kind: 'inline', text }, about, base, mimeType, context);
    return;
  }
  writeEmbeddedText(writer, body.text, about, base, mimeType, context);
}

function writeEmbeddedText(
  writer: DocumentWriter,
  text: Text,
  about: string,
  base: string,
  mimeType: string | undefined,
  context: BlockContext,
): void {
  if (text.kind === 'held') {
    writer.line(about).line('');
    writeHeld(writer, text, { ...context, source: base }, (head) => writer.raw(head));
    return;
  }
  const language = languageFor(mimeType, base);
  const target = writer.addFile({
    name: textName(base, context.server),
    content: text.text,
    ...(language === undefined ? {} : { language }),
    isMedia: false,
  });
  writer.line({ words: 'Open as a document', target }, `  ${about}`).line('');
  if (text.text.length <= MAX_EMBEDDED_CHARS) writeText(writer, text, context);
  else writer.line(`${formatBytes(text.text.length)}, shown in a document of its own.`);
}

/** A URI that an editor does not turn into a link to this machine's own files. */
function inertUri(writer: DocumentWriter, uri: string): string {
  const shown = Math.min(uri.length, MAX_URI);
  const max = shown <= SHORT_URI || writer.mayDetail(shown) ? MAX_URI : SHORT_URI;
  const [line = ''] = safeLines(safeText(uri, max), { maxLines: 1, maxColumns: 2_000, breakLinks: true });
  return line;
}

function isHttps(uri: string): boolean {
  return /^https:\/\/[^/\\@\s]+(?:\/|$|\?|#)/i.test(uri) && uri.length <= 2_000;
}

function isJson(writer: DocumentWriter, text: string): boolean {
  if (!/^\s*[[{]/.test(text) || !writer.mayParse(text.length)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    // Ordinary text.
    return false;
  }
}

/** Step by step: a pattern for the end of a text begins anew at each line end before it. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (text[end - 1] === '\n') end -= text[end - 2] === '\r' ? 2 : 1;
  return text.slice(0, end);
}

/** The text of bytes that are valid UTF-8 and hold no NUL. */
export function decodeUtf8(data: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
    return text.includes('\0') ? undefined : text;
  } catch {
    // Not text.
    return undefined;
  }
}
