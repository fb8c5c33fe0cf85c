/** Long texts that stay with the client as bytes, outside its JavaScript heap, until they are pulled or pushed out by newer ones. */

import type { Text } from '../protocol/content';
import { cutText } from '../protocol/cutText';
import { refused } from '../protocol/failure';
import type { KeepText } from '../protocol/readContent';

/** Up to this many characters of one result travel whole: cloning a few strings is cheap. */
const INLINE_CHARS = 8_388_608;
/** Texts up to this size travel whole in any case. */
const SMALL_CHARS = 4_096;
/** Characters of the preview of a held text. */
const HEAD_CHARS = 65_536;
/** Bytes held in all; the oldest give way. */
const BUDGET_BYTES = 268_435_456;
/** Bytes of one slice. */
const MAX_SLICE = 1_048_576;

/** The held texts of one client. */
export class HeldTexts {
  private readonly texts = new Map<number, Buffer>();
  private nextHandle = 1;
  private bytes = 0;

  /** Decides how the texts of one result travel. */
  keeper(): KeepText {
    let left = INLINE_CHARS;
    return (text) => {
      if (text.length > left && text.length > SMALL_CHARS) {
        const held = this.hold(text, Math.min(HEAD_CHARS, Math.max(SMALL_CHARS, left)));
        left -= held.head.length;
        return held;
      }
      left -= text.length;
      return { kind: 'inline', text };
    };
  }

  private hold(text: string, headChars: number): Extract<Text, { kind: 'held' }> {
    const held = Buffer.from(text, 'utf8');
    const handle = this.nextHandle++;
    this.texts.set(handle, held);
    this.bytes += held.byteLength;
    this.makeRoom(handle);
    return { kind: 'held', handle, bytes: held.byteLength, head: cutText(text, headChars) };
  }

  /**
   * A slice of a held text, at most 1 MiB, as bytes of its own.
   * @throws FailureError `refused` when the text was released or pushed out.
   */
  read(handle: number, offset: number, length: number): Uint8Array {
    const held = this.texts.get(handle);
    if (!held) throw refused('This part of the result is no longer kept. Run the call again.');
    const start = Math.max(0, Math.floor(offset));
    return new Uint8Array(held.subarray(start, start + Math.min(Math.max(0, Math.floor(length)), MAX_SLICE)));
  }

  /** Frees a text; unknown handles are ignored. */
  release(handle: number): void {
    const held = this.texts.get(handle);
    if (!held) return;
    this.texts.delete(handle);
    this.bytes -= held.byteLength;
  }

  private makeRoom(newest: number): void {
    for (const handle of this.texts.keys()) {
      if (this.bytes <= BUDGET_BYTES || handle === newest) return;
      this.release(handle);
    }
  }
}
