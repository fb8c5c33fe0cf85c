import assert from 'node:assert/strict';
import { test } from 'node:test';

import { readTarget } from '../../../src/ui/items/targets';
import { ownObject } from '../../../src/ui/ownObjects';
import { listOf, serverIdOf } from '../../../src/ui/servers/nodes';

const ROW = { kind: 'list', serverId: 'user/one', list: 'tools' } as const;

test('only a row that our own view made names a server: the same words from a link name none', () => {
  assert.equal(serverIdOf({ ...ROW }), undefined);
  assert.equal(listOf({ ...ROW }), undefined);
  const own = ownObject({ ...ROW });
  assert.equal(serverIdOf(own), 'user/one');
  assert.equal(listOf(own), 'tools');
  for (const odd of [undefined, null, 'user/one', 7, [], {}]) assert.equal(serverIdOf(odd), undefined);
});

test('a target says what, but only one of ours counts as the word of the person', () => {
  const target = { kind: 'tool', serverId: 'user/one', name: 'echo' } as const;
  assert.deepEqual(readTarget({ ...target }), { target, isOwn: false });
  assert.equal(readTarget(ownObject({ ...target }))?.isOwn, true);
  assert.equal(readTarget({ kind: 'tool', serverId: 'user/one' }), undefined);
});
