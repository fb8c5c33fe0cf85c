/** The client is loaded in parts. An update of the extension takes those away that a running client has not needed yet. */

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

import { FailureError } from '../../../src/protocol/failure';
import { ForeignClient, remote, script } from '../foreign/foreignClient';

interface Part {
  readonly file: string;
  readonly isFirst: boolean;
  readonly sources: readonly string[];
}

const parts = JSON.parse(readFileSync('dist/client-worker-parts.json', 'utf8')) as readonly Part[];
const EVERYTHING = path.resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** Runs `body` with a copy of the client of which only what is loaded first is there. */
async function withoutLateParts(body: (clientScript: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mcp-host-client-'));
  try {
    for (const { file } of parts.filter(({ isFirst }) => isFirst)) cpSync(file, path.join(folder, file));
    await body(path.join(folder, 'dist', 'client-worker.js'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('what few servers need is in none of the files that every client loads', () => {
  const first = parts.filter(({ isFirst }) => isFirst).flatMap(({ sources }) => sources);
  assert.ok(first.includes('src/client/toolCalls.ts'));
  for (const late of [
    'src/authorization/authorizer.ts',
    'src/client/remoteAuthorization.ts',
    'src/client/serverRequests.ts',
    'src/client/skillFiles.ts',
    'src/client/tasks.ts',
    'src/protocol/frontmatter.ts',
    'src/rpc/libraryConnection.ts',
    'src/transport/http/httpClient.ts',
  ])
    assert.ok(!first.includes(late), `${late} is loaded for every server`);
});

test('each module of the client is in one file only, so that its classes exist once', () => {
  const seen = new Map<string, string>();
  for (const { file, sources } of parts)
    for (const source of sources) {
      assert.equal(seen.get(source), undefined, `${source} is in ${file} as well`);
      seen.set(source, file);
    }
  assert.ok(seen.has('src/protocol/failure.ts'));
});

test('a server that asks for something that a missing part serves is told so, and the client goes on', async () => {
  await withoutLateParts(async (clientScript) => {
    await ForeignClient.with(
      script(EVERYTHING, ['stdio']),
      async (client) => {
        const answer = await client.say('trigger-sampling-request', { prompt: 'what', maxTokens: 10 });
        assert.match(answer, /Internal error/);
        assert.equal(client.sampled.length, 0);
        assert.match(await client.say('echo', { message: 'still here' }), /still here/);
      },
      { clientScript },
    );
  });
});

test('a person who needs a missing part is asked to reload the window, and reads no path of this machine', async () => {
  await withoutLateParts(async (clientScript) => {
    const connecting = ForeignClient.with(remote('http://127.0.0.1:9/'), () => assert.fail('it connected'), {
      clientScript,
    });
    await assert.rejects(
      connecting,
      (error: unknown) =>
        error instanceof FailureError &&
        /Reload the window/.test(error.message) &&
        !error.message.includes(path.sep),
    );
  });
});
