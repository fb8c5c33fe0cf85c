/** Which addresses a remote server may have (T074). Pure. */

import { isLoopback } from '../protocol/loopback';
import { safe, safeText, type SafeText } from './safeText';

/**
 * Why an address cannot be used, or undefined. To be asked again once its variables are replaced. Credentials in an address end up
 * in logs.
 */
export function urlTrouble(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be a complete URL such as https://example.com/mcp';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `must start with https://, not ${safeText(url.protocol, 40)}`;
  if (url.username !== '' || url.password !== '')
    return 'must not hold a user name or password; use a header';
  if (url.port === '0') return 'must not name port 0';
  if (url.hash !== '') return 'must not hold a fragment (#…), which is never sent';
  return undefined;
}

/**
 * Why plain http is not used for an address, or undefined: everyone on the way could read and change it.
 * @param insecureHosts hosts, with their port where it is not 80, that the person allows it for.
 */
export function plainHttpTrouble(text: string, insecureHosts: readonly string[]): string | undefined {
  const { protocol, hostname, host } = new URL(text);
  if (protocol !== 'http:' || isLoopback(hostname)) return undefined;
  if (insecureHosts.some((allowed) => allowed.toLowerCase() === host)) return undefined;
  return `must start with https:// unless the server runs on this machine, or your setting mcpHost.insecureHosts names ${safeText(host, 100)}`;
}

/** What a person should look at twice in an address: one that is not what it looks like, or that is read on the way. */
export function addressNotes(
  address: string,
): readonly { readonly kind: 'foreign-letters' | 'plain-http'; readonly text: SafeText }[] {
  const { hostname, protocol } = new URL(address);
  const foreign = safe`Its host holds letters of another alphabet; its real name is ${safeText(hostname, 300)}.`;
  const plain = safe`Is not encrypted: everyone on the way can read and change what is sent.`;
  return [
    ...(/(?:^|\.)xn--/.test(hostname) ? [{ kind: 'foreign-letters', text: foreign } as const] : []),
    ...(protocol === 'http:' && !isLoopback(hostname) ? [{ kind: 'plain-http', text: plain } as const] : []),
  ];
}
