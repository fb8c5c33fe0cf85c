import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import {
  accept,
  allowNext,
  callTool,
  knownDocuments,
  openResource,
  report,
  returnNext,
  SERVERS,
  setServers,
  until,
  untilServer,
} from '../../support/product';
import { test } from '../../support/runner';

const slow = { timeoutMs: 30_000 };

/** Under a name of its own: what a server may ask in an hour counts for all suites together. */
const ASKER = { asker: SERVERS.sampler };

test('activation takes less than 50 ms of processor time', async () => {
  const extension = vscode.extensions.getExtension('mcp-host.mcp-host');
  await extension?.activate();
  const facts = await report();
  const ms = Number(/activated in [\d.]+ ms \(([\d.]+) ms of processor time\)/.exec(facts)?.[1]);
  console.log(`activation: ${/loaded in .*/.exec(facts)?.[0] ?? ''}`);
  assert.ok(ms < 50, `${ms} ms`);
});

test(
  'settings become servers: added, listed, wrong ones told, removed',
  async ({ signal }) => {
    await setServers({
      everything: SERVERS.everything,
      wrong: { command: 5 },
      missing: { command: 'no-such-program' },
    });
    const everything = await untilServer('everything', /State: running[^]*tools: [1-9]\d* \(ready\)/, signal);
    assert.match(everything, /Revision: 2025-11-25 \(legacy\)/);
    assert.match(everything, /resources: \d+/);
    assert.match(await untilServer('wrong', /State: failed/, signal), /command: must be a string/);
    assert.match(await untilServer('missing', /State: failed/, signal), /was not found\. Looked in: /);
    await setServers({ notes: SERVERS.notes });
    const notes = await untilServer('notes', /State: running[^]*tools: [1-9]\d* \(ready\)/, signal);
    assert.match(notes, /Revision: 2026-07-28 \(modern\)/);
    assert.doesNotMatch(notes, /## everything/);
  },
  slow,
);

test(
  'a tool of server-everything is called and its result opens',
  async ({ signal }) => {
    await setServers({ everything: SERVERS.everything });
    await untilServer('everything', /State: running[^]*tools: [1-9]\d* \(ready\)/, signal);
    callTool('user/everything', 'get-env');
    const result = await until(async () => {
      await accept();
      return vscode.workspace.textDocuments.find((document) =>
        document.getText().includes('MCP_HOST_LAUNCH'),
      );
    }, signal);
    assert.doesNotMatch(
      result.getText(),
      /MCP_HOST_TEST_RESULTS/,
      'the environment of the editor is not passed on',
    );
    assert.ok(result.languageId.startsWith('mcp-') || result.languageId === 'plaintext');
  },
  slow,
);

test(
  'a resource opens as a read-only document and follows its server',
  async ({ signal }) => {
    await setServers(ASKER);
    await untilServer('asker', /State: running[^]*resources: 1 \(ready\)/, signal);
    openResource('user/asker', 'test://note.txt');
    const note = await until(async () => {
      await accept();
      return vscode.workspace.textDocuments.find((document) => document.getText() === 'asked 0 times');
    }, signal);
    assert.equal(vscode.workspace.fs.isWritableFileSystem('mcp-host'), false);
    callTool('user/asker', 'ask');
    await allowNext(signal);
    await returnNext(() => (note.getText() === 'asked 1 times' ? true : undefined), signal);
  },
  slow,
);

test(
  'an allowed request gets the answer of the model',
  async ({ signal }) => {
    await setServers(ASKER);
    await untilServer('asker', /State: running[^]*tools: 2 \(ready\)/, signal);
    const known = knownDocuments();
    callTool('user/asker', 'ask');
    await allowNext(signal);
    const said = /the model said: fixture answer to: What is the weather\?/;
    await returnNext(
      () =>
        vscode.workspace.textDocuments.find(
          ({ uri, getText }) => !known.has(uri.toString()) && said.test(getText()),
        ),
      signal,
    );
  },
  slow,
);

test(
  'a denied request is refused with code -1, and the model is not asked',
  async ({ signal }) => {
    await setServers(ASKER);
    await untilServer('asker', /State: running[^]*tools: 2 \(ready\)/, signal);
    await vscode.commands.executeCommand('mcpHostFixture.model.takeRequests');
    callTool('user/asker', 'ask');
    await until(async () => {
      await accept();
      void vscode.commands.executeCommand('mcpHost.denyRequest');
      await accept();
      return vscode.workspace.textDocuments.find((document) =>
        document.getText().includes('refused with -1'),
      );
    }, signal);
    assert.deepEqual(await vscode.commands.executeCommand('mcpHostFixture.model.takeRequests'), []);
  },
  slow,
);
