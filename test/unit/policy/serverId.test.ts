import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntryScope } from '../../../src/policy/serverEntry';
import { serverId } from '../../../src/policy/serverId';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '/', '%', ' ', '\ud800', 'é', '0', 'user', 'folder', '\0', '.') }),
  fc.string({ unit: 'binary' }),
);
const scope: fc.Arbitrary<EntryScope> = fc.oneof(
  fc.constant<EntryScope>({ kind: 'user' }),
  fc.constant<EntryScope>({ kind: 'workspace' }),
  text.map((uri): EntryScope => ({ kind: 'folder', uri })),
);

test('different identities have different ids', () => {
  fc.assert(
    fc.property(scope, text, scope, text, (a, nameA, b, nameB) => {
      fc.pre(JSON.stringify([a, nameA]) !== JSON.stringify([b, nameB]));
      assert.notEqual(serverId(a, nameA), serverId(b, nameB));
    }),
  );
});

test('ids are readable where names are ordinary', () => {
  assert.equal(serverId({ kind: 'user' }, 'my server.v1@x-y'), 'user/my server.v1@x-y');
  assert.equal(serverId({ kind: 'workspace' }, 'a'), 'workspace/a');
  assert.equal(serverId({ kind: 'folder', uri: 'file:///w' }, 'a'), 'folder/file%003A%002F%002F%002Fw/a');
});
