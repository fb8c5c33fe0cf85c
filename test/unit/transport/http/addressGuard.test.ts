import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { test } from 'node:test';

import { guardedLookup } from '../../../../src/transport/http/addressGuard';

/** What a socket is told to connect to by a name with these addresses; the reason where it is nothing. */
function lookedUp(addresses: readonly string[], all: boolean): unknown {
  const found: LookupAddress[] = addresses.map((address) => ({
    address,
    family: address.includes(':') ? 6 : 4,
  }));
  const look = guardedLookup('public', (_hostname, options, callback) => {
    assert.equal(options.all, true, 'every address is looked at');
    callback(null, found);
  });
  let told: unknown;
  look?.('h', { all }, (error, address) => (told = error ? error.message : address));
  return told;
}

test('a name is connected to only when each of its addresses is public, whichever would be taken (T080)', () => {
  assert.equal(lookedUp(['8.8.8.8', '2606:4700::1111'], false), '8.8.8.8');
  assert.deepEqual(lookedUp(['8.8.8.8', '2606:4700::1111'], true), [
    { address: '8.8.8.8', family: 4 },
    { address: '2606:4700::1111', family: 6 },
  ]);
  for (const addresses of [
    ['8.8.8.8', '10.0.0.1'],
    ['::1', '8.8.8.8'],
    ['8.8.8.8', '::ffff:169.254.169.254'],
    [],
  ])
    for (const all of [true, false])
      assert.equal(lookedUp(addresses, all), 'forbidden-address', addresses.join());
});

test('where any address will do the look-up is left to Node', () => {
  assert.equal(guardedLookup('any'), undefined);
});
