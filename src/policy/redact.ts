/** Takes secrets out of text on its way to a log, an error or a diagnostic (T158). */

import { MASK, maskSecretShapes } from './secretPatterns';

/** Shorter secrets are not searched for: they would turn half of every text into stars. */
export const MIN_SECRET_LENGTH = 6;

/**
 * Replaces live secret values by `***`, as they are and as they look in JSON, URLs, hexadecimal and base64 (at any
 * alignment, so also inside `Basic` credentials), then everything with the shape of a well-known secret.
 *
 * Works on one text at a time: a secret that is split over two chunks is found only if the caller joins them first.
 * Linear in the text for a given set of secrets.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set<string>();
  for (const secret of secrets) if (secret.length >= MIN_SECRET_LENGTH) addForms(forms, secret);
  let redacted = text;
  // Longest first: a form that contains another one must go as a whole.
  for (const form of [...forms].sort((a, b) => b.length - a.length))
    redacted = redacted.replaceAll(form, () => MASK);
  return maskSecretShapes(redacted);
}

function addForms(forms: Set<string>, secret: string): void {
  const bytes = new TextEncoder().encode(secret);
  const add = (form: string): void => {
    if (form.length >= MIN_SECRET_LENGTH) forms.add(form);
  };
  add(secret);
  add(secret.trim());
  add(JSON.stringify(secret).slice(1, -1));
  const percent = percentEncode(bytes);
  add(percent);
  add(percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  add(percent.replaceAll('%20', '+'));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  add(hex);
  add(hex.toUpperCase());
  for (const shift of [0, 1, 2]) {
    const base64 = base64Core(bytes, shift);
    add(base64);
    add(base64.replaceAll('+', '-').replaceAll('/', '_'));
  }
}

/** As `encodeURIComponent`, which would throw on lone surrogates. */
function percentEncode(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9\-_.!~*'()]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** The base64 characters that depend on these bytes alone when `shift` bytes stand before them in a group of three. */
function base64Core(bytes: Uint8Array, shift: number): string {
  let binary = '\0'.repeat(shift);
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor((binary.length * 8) / 6);
  return btoa(binary).slice(first, end);
}
