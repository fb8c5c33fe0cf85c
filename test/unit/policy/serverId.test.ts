import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntryScope } from '../../../src/policy/serverEntry';
import { parseServerId, serverId } from '../../../src/policy/serverId';

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '/', '%', ' ', '\ud800', 'é', '0', 'user', 'folder', '\0', '.') }),
  fc.string({ unit: 'binary' }),
);
const scope: fc.Arbitrary<EntryScope> = fc.oneof(
  fc.constant<EntryScope>({ kind: 'user' }),
  fc.constant<EntryScope>({ kind: 'workspace' }),
  text.map((uri): EntryScope => ({ kind: 'folder', uri })),
);

test('an id gives back its scope and name', () => {
  fc.assert(
    fc.property(scope, text, (place, name) =>
      assert.deepEqual(parseServerId(serverId(place, name)), { scope: place, name }),
    ),
  );
});

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

test('nothing else is taken for an id', () => {
  for (const id of [
    '',
    'user',
    'user/a/b',
    'folder/a',
    'other/a',
    'user/%41',
    'user/%0041',
    'user/a%',
    'folder/a/b/c',
  ]) {
    assert.equal(parseServerId(id), undefined, id);
  }
});
