/** Checks the address of a host in the very moment it is connected to: a name that was looked up before may have changed (T080). */

import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

import { addressKind, literalAddress } from './address';
import { NetworkError } from './networkFailure';

/** `public` lets nothing go to this machine or a private network. */
export type AddressRule = 'any' | 'public';

/** True when a host that is an address by itself, which is never looked up, may be connected to. */
export function isAllowedHost(hostname: string, rule: AddressRule): boolean {
  const literal = literalAddress(hostname);
  return rule === 'any' || literal === undefined || addressKind(literal) === 'public';
}

/** A look-up for Node's sockets; undefined leaves it to Node. @param resolve asks for all addresses of a name */
export function guardedLookup(rule: AddressRule, resolve: Resolve = lookup): LookupFunction | undefined {
  if (rule === 'any') return undefined;
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, '', 0);
        return;
      }
      const forbidden = addresses.some(({ address }) => addressKind(address) !== 'public');
      const [first] = addresses;
      if (forbidden || !first) callback(new NetworkError('forbidden-address', hostname), '', 0);
      else if (options.all === true) (callback as AllCallback)(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type AllCallback = (error: null, addresses: LookupAddress[]) => void;
