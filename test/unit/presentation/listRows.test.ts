/** What the tree says of a list that is not whole: one malformed item is told, and costs the others nothing (T101, T102). */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { ListState } from '../../../src/host/catalog';
import type { Host } from '../../../src/host/host';
import type { Server } from '../../../src/host/server';
import type { Listing } from '../../../src/protocol/model';
import { listNotes, listRow } from '../../../src/presentation/serverRows';
import { ServerTree } from '../../../src/ui/servers/serverTree';

function server(state: ListState<'tools'>): Server {
  const items =
    state.kind === 'ready' ? state.listing.items : state.kind === 'failed' ? (state.last?.items ?? []) : [];
  const catalog = { list: () => state, items: () => items };
  return { id: 'user/s', definition: { name: 's' }, catalog } as unknown as Server;
}

function ready(more: Partial<Listing<'tools'>>, hidden = 0): Server {
  const listing = { kind: 'tools', items: [{ name: 'good' }], rejected: [], ...more } as const;
  return server({ kind: 'ready', listing, hidden });
}

function notes(of: Server): readonly string[] {
  return listNotes(of, 'tools').map(({ label, icon }) => `${icon.id}: ${label}`);
}

const REJECTED = [
  { index: 1, name: 'bad', reason: 'has no inputSchema object' },
  { index: 4, reason: 'is not an object' },
];

test('entries that cannot be used are counted, and told one by one with their reasons', () => {
  const mixed = ready({ rejected: REJECTED });
  assert.equal(listRow(mixed, 'tools').description, '1, 2 not usable');
  assert.deepEqual(notes(mixed), [
    'warning: Not usable: bad has no inputSchema object',
    'warning: Not usable: entry 5 is not an object',
  ]);
  assert.deepEqual(notes(ready({ items: [], rejected: REJECTED.slice(1) })), [
    'warning: Not usable: entry 5 is not an object',
  ]);
});

test('they stand beside the items that can be used', () => {
  const host = {
    server: () => ready({ rejected: REJECTED }),
    onDidChange: () => ({ dispose: () => undefined }),
  };
  const tree = new ServerTree({ host: host as unknown as Host } as never);
  const children = tree.getChildren({ kind: 'list', serverId: 'user/s', list: 'tools' });
  assert.deepEqual(children.map(({ kind }) => kind).sort(), ['note', 'note', 'tool']);
});

test('a list that was cut is incomplete, and says why', () => {
  const cut = ready({ cut: { reason: 'the server repeats a cursor' } }, 3);
  assert.equal(listRow(cut, 'tools').description, '1, 3 hidden, incomplete');
  assert.equal(notes(cut).length, 1);
  assert.match(notes(cut)[0] ?? '', /^warning: .*the server repeats a cursor/);
});

test('a list that is read again is shown as it was meanwhile, whether that went well or not', () => {
  const listing = { kind: 'tools', items: [{ name: 'good' }], rejected: REJECTED } as const;
  const failure = { code: 'connection-closed' } as const;
  for (const before of [
    { kind: 'ready', listing, hidden: 1 },
    { kind: 'failed', failure, last: listing },
  ] as const) {
    const of = server({ kind: 'loading', before });
    assert.deepEqual(notes(of), notes(server(before)));
    const { icon } = listRow(of, 'tools');
    assert.deepEqual(icon, listRow(server(before), 'tools').icon);
  }
  const first = server({ kind: 'loading' });
  assert.deepEqual([listRow(first, 'tools').description, notes(first).length], ['loading…', 1]);
});

test('a list without anything says so, and one that could not be read anew keeps what it had', () => {
  assert.deepEqual(notes(ready({ items: [] })), ['dash: None']);
  assert.deepEqual(notes(ready({})), []);
  const last = { kind: 'tools', items: [{ name: 'good' }], rejected: [] } as const;
  const failure = { code: 'connection-closed' } as const;
  const stale = server({ kind: 'failed', failure, last });
  assert.equal(listRow(stale, 'tools').description, '1, out of date');
  assert.deepEqual(notes(stale), ['warning: The connection to the server closed.']);
  assert.equal(listRow(server({ kind: 'failed', failure }), 'tools').description, 'could not be read');
});
