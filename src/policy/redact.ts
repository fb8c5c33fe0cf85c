/** Takes secrets out of text on its way to a log, an error or a diagnostic (T158). */

import { MASK, maskSecretShapes } from './secretPatterns';

/** Shorter secrets are not searched for: they would turn half of every text into stars. */
const MIN_SECRET_LENGTH = 6;

/**
 * Replaces live secret values by `***`, as they are and as they look in JSON, URLs, hexadecimal and base64 (at any
 * alignment, so also inside `Basic` credentials), then everything with the shape of a well-known secret.
 *
 * Works on one text at a time: a secret that is split over two chunks is found only if the caller joins them first.
 * Linear in the text for a given set of secrets.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = new Set(secrets.flatMap(secretForms));
  return redactForms(
    text,
    [...forms].sort((a, b) => b.length - a.length),
  );
}

/** Every form in which a secret is looked for; none for a short one. */
export function secretForms(secret: string): readonly string[] {
  const forms = new Set<string>();
  if (secret.length >= MIN_SECRET_LENGTH) addForms(forms, secret);
  return [...forms];
}

/**
 * As {@link redact}, with forms that were made before. A text may have been cut in the middle of one, so the beginning of a form at the end
 * of the text goes too.
 * @param forms longest first: a form that contains another one must go as a whole.
 */
export function redactForms(text: string, forms: readonly string[]): string {
  let redacted = text;
  for (const form of forms) redacted = redacted.replaceAll(form, () => MASK);
  const mark = redacted.endsWith(CUT) ? CUT : '';
  redacted = redacted.slice(0, redacted.length - mark.length);
  for (const form of forms) redacted = withoutBeginning(redacted, form);
  return maskSecretShapes(redacted + mark);
}

/** What a text may end with that was cut. */
const CUT = '…';

/** As much of a secret at the end of a text as is taken for one: less may be any word. */
const MIN_BEGINNING = 12;

function withoutBeginning(text: string, form: string): string {
  const least = Math.max(MIN_SECRET_LENGTH, Math.min(MIN_BEGINNING, Math.ceil(form.length / 2)));
  const head = form.slice(0, least);
  for (let at = text.indexOf(head, text.length - form.length); at !== -1; at = text.indexOf(head, at + 1))
    if (form.startsWith(text.slice(at))) return text.slice(0, at) + MASK;
  return text;
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
