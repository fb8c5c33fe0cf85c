import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ServerFlags } from '../../../src/contributions/ids';
import { serverNotes, serverRow } from '../../../src/presentation/serverRows';
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
  const cause = { kind: 'failure', failure: { code: 'timeout', ms: 1, limit: 'connect' } } as const;
  assert.deepEqual(
    notesOf({ ...cause, stderr: ['    at a (b.js)'], noise: ['Listening on http://[x](y)'] }).slice(1),
    [
      ['terminal', 'wrote instead of MCP: Listening on http://[x]\u200a(y)'],
      ['terminal', 'stderr: at a (b.js)'],
    ],
  );
});

const REMOTE = { kind: 'remote', oauth: {} };
const WITH_ACCOUNT = { ...REMOTE, account: { provider: 'github', scopes: [] } };
const RUNNING = {
  kind: 'running',
  server: { negotiated: { era: 'modern', revision: '2026-07-28' }, info: { name: 'n', version: '1' } },
};

function rowOf(state: unknown, launch: unknown = REMOTE): ReturnType<typeof serverRow> {
  const definition = { name: 's', warnings: [], scope: { kind: 'user' }, entry: { launch, start: 'onOpen' } };
  return serverRow({ id: 'user/s', state, definition, isLive: true } as unknown as Server);
}

test('the row of a running server says who is signed in, or where, and with which account of the editor', () => {
  const issuer = 'https://as.example:8443/realm';
  const cases = [
    [{ issuer, scopes: ['a', 'b'], account: 'ada' }, 'as ada', 'Signed in as ada at as.example:8443 for a b'],
    [{ issuer, scopes: [] }, 'at as.example:8443', 'Signed in at as.example:8443'],
    [
      { provider: 'github', scopes: ['repo'], account: 'octocat' },
      'as octocat',
      "Signed in as octocat with the editor's github account for repo",
    ],
  ] as const;
  for (const [account, short, full] of cases) {
    const { description, tooltip } = rowOf({ ...RUNNING, account });
    assert.equal(description, `running · signed in ${short} · 2026-07-28`);
    assert.ok(tooltip().includes(full as never), tooltip().join());
  }
  assert.equal(rowOf(RUNNING).description, 'running · 2026-07-28');
});

test('signing in and out are offered where somebody is signed in, or may be from earlier', () => {
  const failed = {
    kind: 'failed',
    cause: { kind: 'failure', failure: { code: 'connection-closed' }, stderr: [] },
  };
  const stopped = (kind: string): unknown => ({ kind: 'stopped', why: { kind } });
  const offers = (state: unknown, launch?: unknown): readonly boolean[] => {
    const flags = rowOf(state, launch).context.split(' ');
    return [flags.includes(ServerFlags.needsSignIn), flags.includes(ServerFlags.signsIn)];
  };
  const signedIn = { ...RUNNING, account: { issuer: 'https://as.example', scopes: [] } };
  assert.deepEqual(offers(stopped('sign-in')), [true, false]);
  assert.deepEqual(offers(stopped('sign-in'), WITH_ACCOUNT), [true, false]);
  for (const state of [signedIn, failed, stopped('by-person'), stopped('idle')])
    assert.deepEqual(offers(state), [false, true], JSON.stringify(state));
  for (const launch of [WITH_ACCOUNT, { kind: 'remote' }, { kind: 'local' }])
    for (const state of [failed, stopped('by-person')])
      assert.deepEqual(offers(state, launch), [false, false]);
  const account = { provider: 'github', scopes: [], account: 'octocat' };
  for (const state of [RUNNING, { ...RUNNING, account }]) assert.deepEqual(offers(state), [false, false]);
});

test('while a person is expected to sign in, the row, its icon, its tooltip and the row below it say what to do', () => {
  const cases = [
    ['answer', 'Decide whether to sign in', 'Decide whether your browser may open to sign in.'],
    [
      'browser',
      'Continue in your browser',
      'Sign in in your browser. If it does not come back, use Paste Callback URL.',
    ],
  ] as const;
  for (const state of [RUNNING, { kind: 'starting' }])
    for (const [awaitedSignIn, short, full] of cases) {
      const definition = { name: 's', warnings: [], scope: { kind: 'user' }, entry: { launch: REMOTE } };
      const server = { id: 'user/s', state, definition, isLive: true, awaitedSignIn } as unknown as Server;
      const { description, icon, tooltip, context } = serverRow(server);
      assert.ok(description?.startsWith('waiting for you to sign in…'), description);
      assert.equal(icon?.id, 'account');
      assert.ok(tooltip().includes(full as never), tooltip().join());
      assert.equal(context.split(' ').includes(ServerFlags.awaitsBrowser), awaitedSignIn === 'browser');
      const [note, ...more] = serverNotes(server);
      assert.deepEqual([note?.label, note?.tooltip(), more], [short, [full], []]);
    }
});

test('a server that runs and offers nothing says so', () => {
  const labels = (kind: string): readonly string[] => {
    const catalog = { list: () => ({ kind }) };
    const server = { id: 'user/s', state: RUNNING, definition: { name: 's' }, catalog };
    return serverNotes(server as unknown as Server).map(({ label }) => label);
  };
  assert.deepEqual(labels('absent'), ['It offers no tools, resources or prompts.']);
  assert.deepEqual(labels('loading'), []);
});

test('a server whose changes are not followed any more says so below its row and in its tooltip, with why and what to do', () => {
  const shown = (unheard: unknown): readonly unknown[] => {
    const state = { ...RUNNING, unheard };
    const catalog = { list: () => ({ kind: 'loading' }) };
    const server = { id: 'user/s', state, definition: { name: 's' }, catalog } as unknown as Server;
    const [note, ...more] = serverNotes(server);
    assert.deepEqual(more, []);
    assert.ok(note);
    const { label, icon } = note;
    const [full] = note.tooltip();
    assert.ok(full !== undefined && rowOf(state).tooltip().includes(full));
    return [icon.id, label, full];
  };
  const short = 'Changes are not followed any more; Refresh tries again';
  const full =
    'It ended again and again what it tells of changes on, so its lists and open resources do not follow them any more. Refresh reads the lists, and asks it to tell of changes again.';
  assert.deepEqual(shown({}), ['warning', short, full]);
  assert.deepEqual(shown({ failure: { code: 'server-error', rpcCode: -32603, message: '[no](http://x)' } }), [
    'warning',
    short,
    `${full} The last time: The server answered with error -32603: "[no]\u200a(http://x)"`,
  ]);
});
