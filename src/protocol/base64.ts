/** Base64 as results carry it, decoded into bytes whose buffer may be handed to another thread. */

/** Base64 (RFC 4648 §4), with or without padding; line breaks are tolerated, as MIME encoders write them. Linear: no part overlaps. */
const ALPHABET = /^[A-Za-z0-9+/\r\n]*(?:=[\r\n]*){0,2}$/;

/**
 * Decodes base64.
 * @returns undefined when the text is not base64; otherwise bytes that own their whole buffer.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (!ALPHABET.test(text)) return undefined;
  const decoded = Buffer.from(text, 'base64');
  // Small Buffers share a pool; a copy can be transferred without taking strangers along.
  return new Uint8Array(decoded.byteLength === decoded.buffer.byteLength ? decoded.buffer : decoded);
}
