import assert from 'node:assert/strict';
import { test } from 'node:test';

import { serverNotes } from '../../../src/presentation/serverRows';
import type { Server } from '../../../src/host/server';

const problem = { field: 'command', message: 'an entry needs "command"' };
const warning = { field: 'comand', message: "unknown field 'comand'" };

function notesOf(cause: Extract<Server['state'], { kind: 'failed' }>['cause']): readonly string[][] {
  const server = {
    id: 'user/s',
    state: { kind: 'failed', cause },
    definition: { name: 's', warnings: [warning] },
  } as unknown as Server;
  return serverNotes(server).map(({ label, icon }) => [icon.id, label]);
}

test('an entry that cannot be used says below its row what in it nobody knows, which is often why', () => {
  assert.deepEqual(notesOf({ kind: 'config', problems: [problem, { field: 'url', message: 'is none' }] }), [
    ['error', 'command: an entry needs "command"'],
    ['error', 'url: is none'],
    ['warning', "comand: unknown field 'comand'"],
  ]);
});

test('a server that failed for another reason shows its last words instead', () => {
  assert.deepEqual(
    notesOf({ kind: 'failure', failure: { code: 'connection-closed' }, stderr: ['last words'] }),
    [
      ['error', 'The connection to the server closed.'],
      ['terminal', 'stderr: last words'],
    ],
  );
});
