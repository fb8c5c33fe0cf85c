/** What one content of a resource becomes as a document: a text, a picture, or bytes. The content itself is never changed. */

import type { LanguageId } from '../contributions/ids';
import type { ResourceContents } from '../protocol/content';
import { decodeUtf8 } from './contentBlocks';
import { binaryName, mediaName, safeBaseName, textName } from './documentNames';
import { isTextType, languageFor } from './languages';
import { isShowable, sniffMedia } from './media';

/** A document to be: its name, its language, and how it opens. */
export interface ResourceFile {
  readonly name: string;
  readonly language?: LanguageId;
  readonly kind: 'text' | 'media' | 'bytes';
}

/**
 * Decides by what the bytes are; a claimed type only chooses a language and whether bytes are meant as text.
 * @param server the server's key.
 * @param claimed the type that the list gave, for contents that give none.
 */
export function resourceFile(contents: ResourceContents, server: string, claimed?: string): ResourceFile {
  const { uri, body } = contents;
  const base = safeBaseName(uri);
  const mimeType = contents.mimeType ?? claimed;
  if (body.kind === 'blob') {
    const media = sniffMedia(body.data);
    if (media && isShowable(media, body.data.byteLength))
      return { kind: 'media', name: mediaName(base, server, media.extension) };
    if (media || !isTextType(mimeType) || decodeUtf8(body.data) === undefined)
      return { kind: 'bytes', name: binaryName(base, server) };
  }
  const language = languageFor(mimeType, base);
  return { kind: 'text', name: textName(base, server), ...(language === undefined ? {} : { language }) };
}
