/** Which addresses a server may ask the person to open (URL10, T144). Nothing is ever fetched from them here. */

import { err, ok, type Result } from '../base/result';
import { isLoopback } from './loopback';

/** Characters of an address, as sent and as it is opened: more cannot be reviewed. */
const MAX_URL = 8_192;

/**
 * Reads an address to open.
 * @returns it as the URL standard writes it, which is what is shown and opened, or why it is refused (our own words).
 */
export function readElicitationUrl(text: string): Result<string, string> {
  if (text.length > MAX_URL) return err(`the URL is longer than ${MAX_URL} characters`);
  // The URL standard drops or encodes some of these silently; nobody who means well sends them.
  if (/[\s\p{C}\p{Z}\\]/u.test(text)) return err('the URL has spaces, control or hidden characters');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return err('the URL cannot be read');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return err('the URL is not one of https');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return err('the URL is one of http, which is taken for this machine only');
  if (url.username !== '' || url.password !== '' || hasUserinfo(text))
    return err('the URL names a user or a password');
  return url.href.length > MAX_URL ? err(`the URL is longer than ${MAX_URL} characters`) : ok(url.href);
}

/** Also an empty one, as in `https://@host`, which the URL standard drops. */
function hasUserinfo(text: string): boolean {
  const [authority = ''] = text.replace(/^[^:]*:\/*/, '').split(/[/?#]/, 1);
  return authority.includes('@');
}
