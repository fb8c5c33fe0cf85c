import assert from 'node:assert/strict';
import { test } from 'node:test';

import { hostKind } from '../../../../src/transport/http/hostKind';

test('a host lies where its addresses lie, and is public as soon as one of them is', async () => {
  const cases = [
    [['127.0.0.1'], 'loopback'],
    [['127.0.0.1', '::1'], 'loopback'],
    [['10.0.0.1'], 'private'],
    [['10.0.0.1', '127.0.0.1'], 'private'],
    [['10.0.0.1', '8.8.8.8'], 'public'],
    [[], 'public'],
  ] as const;
  for (const [addresses, kind] of cases)
    assert.equal(await hostKind('h', () => Promise.resolve(addresses.map((address) => ({ address })))), kind);
  assert.equal(await hostKind('h', () => Promise.reject(new Error('unknown'))), undefined);
});

test('an address is not looked up', async () => {
  const never = (): never => assert.fail('looked up');
  assert.equal(await hostKind('[::1]', never), 'loopback');
  assert.equal(await hostKind('192.168.1.1', never), 'private');
  assert.equal(await hostKind('8.8.8.8', never), 'public');
});
