/** Which addresses lie on this machine or in a private network, by number and never by name (T080). */

import { BlockList, isIP } from 'node:net';

/** Where an address lies. Link-local counts as private: clouds keep credentials there. */
export type AddressKind = 'loopback' | 'private' | 'public';

const LOOPBACK = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
]);

/** RFC 6890 and later: everything that is not reachable over the public Internet. */
const PRIVATE = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
]);

/** @param address an IP address; anything else counts as private. */
export function addressKind(address: string): AddressKind {
  const inner = embeddedIPv4(address) ?? address;
  const family = isIP(inner);
  if (family === 0) return 'private';
  const type = family === 4 ? 'ipv4' : 'ipv6';
  if (LOOPBACK.check(inner, type)) return 'loopback';
  return PRIVATE.check(inner, type) ? 'private' : 'public';
}

/** The address that a URL's host is by itself, without brackets; undefined for a name. */
export function literalAddress(hostname: string): string | undefined {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? undefined : host;
}

/** The IPv4 address inside a mapped (`::ffff:`), compatible or NAT64 (`64:ff9b::`) address. */
function embeddedIPv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const words = wordsOf(address);
  const head = words.slice(0, 6).join(':');
  const isEmbedded = head === '0:0:0:0:0:65535' || head === '100:65435:0:0:0:0' || head === '0:0:0:0:0:0';
  const [high = 0, low = 0] = words.slice(6);
  // `::` and `::1` are addresses of their own.
  if (!isEmbedded || (head === '0:0:0:0:0:0' && high === 0 && low < 2)) return undefined;
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight words of an IPv6 address, in numbers. */
function wordsOf(address: string): readonly number[] {
  const [bare = ''] = address.split('%');
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(bare);
  const hex = dotted
    ? bare.slice(0, dotted.index) +
      [0, 2].map((at) => (Number(dotted[at + 1]) * 256 + Number(dotted[at + 2])).toString(16)).join(':')
    : bare;
  const [left = '', right] = hex.split('::');
  const parse = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => parseInt(word, 16));
  const [start, end] = [parse(left), right === undefined ? [] : parse(right)];
  return [...start, ...Array.from({ length: 8 - start.length - end.length }, () => 0), ...end];
}

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, type] of subnets) list.addSubnet(net, prefix, type);
  return list;
}
