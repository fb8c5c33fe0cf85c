/** What bytes really are, told from their first bytes and never from a claimed type (T130). */

/** A picture or sound that the editor can show or play. */
interface Media {
  readonly kind: 'image' | 'audio';
  /** The extension that opens it in the right preview. */
  readonly extension: 'png' | 'jpg' | 'gif' | 'webp' | 'bmp' | 'ico' | 'wav' | 'mp3' | 'ogg';
  /** Pixels, as far as the header tells. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** Larger pictures, in pixels of one side and in bytes, are not handed to a preview. */
const MAX_PIXELS = 8_192;
const MAX_BYTES = 10_485_760;

/** Recognises media by magic bytes; undefined for everything else, SVG included (it is text). */
export function sniffMedia(bytes: Uint8Array): Media | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]))
    return image(
      'png',
      bytes.length >= 24 ? { width: view.getUint32(16), height: view.getUint32(20) } : undefined,
    );
  if (starts(bytes, [0xff, 0xd8, 0xff])) return image('jpg', jpegSize(view));
  if (ascii(bytes, 0, 6) === 'GIF87a' || ascii(bytes, 0, 6) === 'GIF89a')
    return image(
      'gif',
      bytes.length >= 10 ? { width: view.getUint16(6, true), height: view.getUint16(8, true) } : undefined,
    );
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WEBP')
    return image('webp', webpSize(bytes, view));
  if (ascii(bytes, 0, 2) === 'BM' && bytes.length >= 26)
    return image('bmp', {
      width: Math.abs(view.getInt32(18, true)),
      height: Math.abs(view.getInt32(22, true)),
    });
  if (starts(bytes, [0, 0, 1, 0]) && bytes.length >= 22) return image('ico', undefined);
  if (ascii(bytes, 0, 4) === 'RIFF' && ascii(bytes, 8, 12) === 'WAVE')
    return { kind: 'audio', extension: 'wav' };
  if (ascii(bytes, 0, 4) === 'OggS') return { kind: 'audio', extension: 'ogg' };
  const frame = bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe6) === 0xe2;
  if (ascii(bytes, 0, 3) === 'ID3' || frame) return { kind: 'audio', extension: 'mp3' };
  return undefined;
}

/** True when a preview may decode it: not too many bytes, not too many pixels. */
export function isShowable(media: Media, byteLength: number): boolean {
  if (byteLength > MAX_BYTES) return false;
  if (media.kind === 'audio' || media.extension === 'ico') return true;
  return media.size !== undefined && media.size.width <= MAX_PIXELS && media.size.height <= MAX_PIXELS;
}

/** `1 B`, `1.2 KB`, `3.4 MB`, `5.6 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} KB`;
  if (bytes < 1_000_000_000) return `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}

function image(extension: Media['extension'], size: Media['size']): Media {
  return { kind: 'image', extension, ...(size === undefined ? {} : { size }) };
}

/** Walks the JPEG segments up to the frame header (ITU T.81 §B.2.2). */
function jpegSize(view: DataView): Media['size'] {
  let offset = 2;
  for (let segments = 0; segments < 1_000 && offset + 9 <= view.byteLength; segments += 1) {
    if (view.getUint8(offset) !== 0xff) return undefined;
    const marker = view.getUint8(offset + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { width: view.getUint16(offset + 7), height: view.getUint16(offset + 5) };
    offset += marker === 0xff ? 1 : 2 + view.getUint16(offset + 2);
  }
  return undefined;
}

/** The three forms of a WebP header (RFC 9649 §2). */
function webpSize(bytes: Uint8Array, view: DataView): Media['size'] {
  if (bytes.length < 30) return undefined;
  switch (ascii(bytes, 12, 16)) {
    case 'VP8X':
      return { width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
    case 'VP8 ':
      return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const bits = view.getUint32(21, true);
      return { width: 1 + (bits & 0x3fff), height: 1 + ((bits >> 14) & 0x3fff) };
    }
    default:
      return undefined;
  }
}

function uint24(view: DataView, offset: number): number {
  return view.getUint16(offset, true) + (view.getUint8(offset + 2) << 16);
}

function starts(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}

function ascii(bytes: Uint8Array, from: number, to: number): string {
  return bytes.length < to ? '' : String.fromCharCode(...bytes.subarray(from, to));
}
