/** Where a host lies, by the addresses of its name. A first look only: what is connected to is checked again in that moment. */

import { lookup } from 'node:dns/promises';

import { addressKind, literalAddress, type AddressKind } from './address';

/**
 * Where the host of a URL lies.
 * @param hostname as in `URL.hostname`, an IPv6 address in brackets.
 * @returns `public` also for a name that has any public address: the strictest rules hold for it. Undefined when the name is not known
 * now; another network, such as that of a VPN, may know it later.
 */
export async function hostKind(
  hostname: string,
  resolve: (hostname: string) => Promise<readonly { readonly address: string }[]> = allAddresses,
): Promise<AddressKind | undefined> {
  const literal = literalAddress(hostname);
  if (literal !== undefined) return addressKind(literal);
  let addresses: readonly { readonly address: string }[];
  try {
    addresses = await resolve(hostname);
  } catch {
    return undefined; // Nothing will be reached under this name either.
  }
  const kinds = new Set(addresses.map(({ address }) => addressKind(address)));
  if (kinds.size === 0 || kinds.has('public')) return 'public';
  return kinds.has('private') ? 'private' : 'loopback';
}

function allAddresses(hostname: string): Promise<readonly { readonly address: string }[]> {
  return lookup(hostname, { all: true });
}
