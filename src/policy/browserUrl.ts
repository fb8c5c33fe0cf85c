/** Which addresses a browser may be sent to. They come from servers (T079). Pure. */

import { isLoopback } from '../protocol/loopback';

const MAX_LENGTH = 8_192;

/** Why an address is not opened, in a sentence of our own; undefined when it may be, after the person's click. */
export function browserTrouble(address: string): string | undefined {
  if (address.length > MAX_LENGTH) return 'The address to open in a browser is too long.';
  if (!/^[\x21-\x7e]+$/.test(address) || !URL.canParse(address))
    return 'The address to open in a browser is not a valid one.';
  const url = new URL(address);
  const isWeb = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  if (!isWeb) return 'The address to open in a browser does not start with https.';
  if (url.username !== '' || url.password !== '')
    return 'The address to open in a browser holds a user name or password.';
  // A host that a shell would read otherwise is nobody's name.
  if (!/^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/.test(url.hostname))
    return 'The address to open in a browser has no proper host.';
  return undefined;
}
