import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';

import * as vscode from 'vscode';

import { accept, marker, runOnServer, setServers, until, untilServer } from '../../support/product';
import { test } from '../../support/runner';

const slow = { timeoutMs: 30_000 };

function has(file: string): boolean {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  return existsSync(path.join(folder.uri.fsPath, file));
}

test(
  'a server of the workspace waits for approval, whoever asks for its start; one of the person starts',
  async ({ signal, after }) => {
    after(() => setServers(undefined));
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    await setServers({ own: marker(path.join(folder?.uri.fsPath ?? '', 'own')) });
    await untilServer('own', /State: running/, signal);
    await untilServer('marker', /State: needs your approval/, signal);
    // A link may say which server to stop, but the person chooses.
    void vscode.commands.executeCommand('mcpHost.stopServer', { kind: 'server', serverId: 'user/own' });
    await untilServer('own', /State: running/, signal);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    for (const command of ['startServer', 'restartServer'])
      await runOnServer(command, 'workspace/marker', signal);
    // Not even "allow" starts it: a server is approved in its review only.
    const allowed = vscode.commands.executeCommand('mcpHost.allowRequest');
    await accept();
    await allowed;
    await untilServer('marker', /State: needs your approval/, signal);
    assert.ok(has('own'));
    assert.equal(has('started'), false);
  },
  slow,
);

test(
  'no stays no until the person starts the server again',
  async ({ signal }) => {
    let over = false;
    void vscode.commands.executeCommand('mcpHost.denyRequest').then(() => (over = true));
    await until(async () => {
      await accept();
      return over ? true : undefined;
    }, signal);
    await untilServer('marker', /State: not allowed to start/, signal);
    await runOnServer('startServer', 'workspace/marker', signal);
    await untilServer('marker', /State: needs your approval/, signal);
    assert.equal(has('started'), false);
  },
  slow,
);
