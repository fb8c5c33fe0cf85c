import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';

import * as vscode from 'vscode';

import { marker, report, runOnServer, setServers, untilServer } from '../../support/product';
import { test } from '../../support/runner';

test('in a folder that is not trusted nothing starts, of the folder or of the person, not even when asked to', async ({
  signal,
  after,
}) => {
  assert.equal(vscode.workspace.isTrusted, false);
  after(() => setServers(undefined));
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  await setServers({ own: marker(path.join(folder.uri.fsPath, 'own')) });
  await untilServer('own', /State: waits for workspace trust/, signal);
  for (const command of ['startServer', 'restartServer']) await runOnServer(command, 'user/own', signal);
  const text = await report();
  assert.match(text, /Workspace trusted: no/);
  assert.match(text, /## own[^]*State: waits for workspace trust/);
  // Only after everything else was answered: what had been started would have said so by now.
  for (const file of ['own', 'started'])
    assert.equal(existsSync(path.join(folder.uri.fsPath, file)), false, file);
});
