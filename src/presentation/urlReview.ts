/** What a person should know of an address before it is opened (URL1, URL4, T144). Nothing here ever asks the address itself. */

import { isLoopback } from '../protocol/loopback';
import { exactText, safe, safeText, type SafeText } from '../policy/safeText';

/** Writes a host in the letters it stands for (RFC 3492); the platform's own, handed in. */
export type ToUnicode = (host: string) => string;

/** An address for review. */
interface UrlReview {
  /** The host as the network knows it, with its port when that is not the usual one. */
  readonly host: SafeText;
  /** The host in the letters it stands for, when these are others. */
  readonly inLetters?: SafeText;
  /** All of the address. */
  readonly whole: SafeText;
  readonly warnings: readonly SafeText[];
}

/** A longer address can hide where it leads in its own length. */
const LONG_URL = 512;
const MANY_LABELS = 5;

/** @param url an address that was read by `readElicitationUrl`. */
export function urlReview(url: string, toUnicode: ToUnicode): UrlReview {
  const { hostname, host, port, protocol } = new URL(url);
  const letters = toUnicode(hostname);
  const isEncoded = hostname.split('.').some((label) => label.startsWith('xn--'));
  return {
    host: exactText(host),
    ...(isEncoded && letters !== '' && letters !== hostname ? { inLetters: exactText(letters) } : {}),
    whole: exactText(url),
    warnings: [
      ...(isEncoded
        ? [safe`The host holds letters that can look like others: read it in both ways of writing.`]
        : []),
      ...(isLoopback(hostname)
        ? [safe`It leads to a program on this machine, not to a web site.`]
        : isAddress(hostname)
          ? [safe`The host is a bare number, which no web site of repute uses.`]
          : []),
      ...(hostname.split('.').length >= MANY_LABELS
        ? [safe`The host has many parts. Only its end says who runs it: ${endOf(hostname)}`]
        : []),
      ...(port === '' || isLoopback(hostname) ? [] : [safe`It uses port ${safeText(port)}.`]),
      ...(protocol === 'http:' ? [safe`It is not encrypted.`] : []),
      ...(url.length > LONG_URL ? [safe`The address is ${url.length} characters long.`] : []),
    ],
  };
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host);
}

function endOf(host: string): SafeText {
  return safe`…${safeText(`.${host.split('.').slice(-3).join('.')}`)}`;
}
