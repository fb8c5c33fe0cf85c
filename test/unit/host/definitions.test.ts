import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { MAX_DEFINITIONS, readDefinitions, type ServerDefinition } from '../../../src/host/definitions';
import type { RawEntry } from '../../../src/host/ports';
import type { EntryScope } from '../../../src/policy/serverEntry';

const USER: EntryScope = { kind: 'user' };
const WORKSPACE: EntryScope = { kind: 'workspace' };
const [A, B]: readonly [EntryScope, EntryScope] = [
  { kind: 'folder', uri: 'file:///a' },
  { kind: 'folder', uri: 'file:///b' },
];

function entry(scope: EntryScope, key: string, value: unknown = { command: 'node' }): RawEntry {
  return { scope, key, value };
}

function read(...entries: readonly RawEntry[]): readonly ServerDefinition[] {
  return readDefinitions(entries).definitions;
}

test('an entry of every scope is its own definition, the narrower first', () => {
  const found = read(entry(USER, 'u'), entry(WORKSPACE, 'w'), entry(B, 'b'), entry(A, 'a'));
  assert.deepEqual(
    found.map(({ id, name, scope }) => [id, name, scope]),
    [
      ['folder/file%003A%002F%002F%002Fb/b', 'b', B],
      ['folder/file%003A%002F%002F%002Fa/a', 'a', A],
      ['workspace/w', 'w', WORKSPACE],
      ['user/u', 'u', USER],
    ],
  );
  assert.ok(found.every(({ shadowedBy }) => shadowedBy === undefined));
});

test('nothing is merged: the narrower entry is used as it is, and the wider one names it', () => {
  const [narrow, wide] = read(
    entry(USER, 'x', { command: 'mine', env: { TOKEN: 'secret' } }),
    entry(WORKSPACE, 'x', { command: 'theirs' }),
  );
  assert.deepEqual([narrow?.id, narrow?.shadowedBy], ['workspace/x', undefined]);
  assert.ok(narrow?.entry?.launch.kind === 'local');
  assert.deepEqual([narrow.entry.launch.command, narrow.entry.launch.env.size], ['theirs', 0]);
  assert.deepEqual([wide?.id, wide?.shadowedBy], ['user/x', 'workspace/x']);
});

test('two folders may have servers of one name; both hide a wider one', () => {
  const found = read(entry(A, 'x'), entry(B, 'x'), entry(WORKSPACE, 'x'), entry(USER, 'x'));
  const [a, b, workspace, user] = found.map(({ shadowedBy }) => shadowedBy);
  assert.deepEqual([a, b], [undefined, undefined]);
  assert.equal(workspace, found[0]?.id);
  assert.equal(user, found[0]?.id);
});

test('an identity that is there twice is one server', () => {
  const found = read(entry(USER, 'x', { command: 'first' }), entry(USER, 'x', { command: 'last' }));
  assert.equal(found.length, 1);
  assert.ok(found[0]?.entry?.launch.kind === 'local');
  assert.equal(found[0].entry.launch.command, 'last', 'as in JSON');
});

test('names that look alike are flagged on both sides, over all scopes', () => {
  const found = read(entry(USER, 'github'), entry(WORKSPACE, 'GitHub'), entry(A, 'other'));
  const warned = found.filter(({ warnings }) => warnings.some(({ field }) => field === 'name'));
  assert.deepEqual(warned.map(({ name }) => name).sort(), ['GitHub', 'github']);
  assert.ok(warned.every(({ entry: usable }) => usable !== undefined));
});

test('a wrong entry keeps its place with the field that is wrong, and hides a wider one all the same', () => {
  const [wrong, wide] = read(entry(WORKSPACE, 'x', { command: 7 }), entry(USER, 'x'));
  assert.equal(wrong?.entry, undefined);
  assert.equal(wrong?.problems[0]?.field, 'command');
  assert.equal(wide?.shadowedBy, 'workspace/x');
});

test('keys of every object are names like any other, or refused, and pollute nothing', () => {
  const keys = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '',
    '../../etc',
    'a\nb',
    '\ud800',
    'x'.repeat(10_000),
  ];
  const found = read(...keys.map((key) => entry(WORKSPACE, key)));
  assert.deepEqual(
    found.filter(({ entry: usable }) => usable !== undefined).map(({ name }) => name),
    ['constructor', 'toString', 'hasOwnProperty'],
  );
  assert.equal(new Set(found.map(({ id }) => id)).size, keys.length);
  assert.equal(({} as Record<string, unknown>)['command'], undefined);
});

test("at most 200 servers are read, the person's own first, and what is left out is told per scope", () => {
  const many = (scope: EntryScope, count: number): RawEntry[] =>
    Array.from({ length: count }, (_, index) => entry(scope, `${scope.kind}${index}`));
  const { definitions, problems } = readDefinitions([
    ...many(A, 5_000),
    ...many(WORKSPACE, 190),
    ...many(USER, 20),
  ]);
  assert.equal(definitions.length, MAX_DEFINITIONS);
  const kept = (kind: EntryScope['kind']): number =>
    definitions.filter(({ scope }) => scope.kind === kind).length;
  assert.deepEqual([kept('user'), kept('workspace'), kept('folder')], [20, 180, 0]);
  assert.deepEqual(
    problems.map(({ scope, message }) => [scope.kind, message]),
    [
      ['workspace', 'at most 200 servers are read; 10 more are left out'],
      ['folder', 'at most 200 servers are read; 5000 more are left out'],
    ],
  );
});

test('order of keys does not show in what was written; anything else does', () => {
  const written = (value: unknown): string => read(entry(USER, 'x', value))[0]?.written ?? assert.fail();
  assert.equal(
    written({ command: 'a', env: { B: '1', A: '2' } }),
    written({ env: { A: '2', B: '1' }, command: 'a' }),
  );
  assert.notEqual(written({ command: 'a' }), written({ command: 'a', args: [] }));
});

test('a number that JSON does not have keeps no server from being read, and its entry can still be told from another', () => {
  const odd = (command: string): RawEntry => entry(WORKSPACE, 'odd', { command, other: Infinity });
  const [first, fine] = read(odd('a'), entry(USER, 'fine'));
  assert.ok(first?.entry && fine?.entry);
  assert.notEqual(read(odd('b'))[0]?.written, first.written);
});

test('any JSON is read without throwing, and one entry does not touch another', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.jsonValue()), { maxLength: 20 }), (pairs) => {
      const found = read(
        ...pairs.map(([key, value]) => entry(WORKSPACE, key, value)),
        entry(USER, 'fine one'),
      );
      const fine = found.find(({ id }) => id === 'user/fine one');
      assert.ok(fine?.entry);
      for (const { entry: usable, problems } of found)
        assert.equal(usable === undefined, problems.length > 0);
    }),
  );
});
