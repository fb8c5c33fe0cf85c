import assert from 'node:assert/strict';

import * as vscode from 'vscode';

import {
  accept,
  openResource,
  untilResult,
  SERVERS,
  setServers,
  until,
  untilServer,
} from '../../support/product';
import { test } from '../../support/runner';

const slow = { timeoutMs: 30_000 };
const ID = 'user/documents';
const NOTE = 'doc://note.json';

async function start(signal: AbortSignal): Promise<void> {
  await setServers(undefined);
  await setServers({ documents: SERVERS.documents });
  await untilServer('documents', /State: running[^]*resources: 2 \(ready\)/, signal);
}

async function openNote(signal: AbortSignal): Promise<vscode.TextDocument> {
  openResource(ID, NOTE);
  return await until(async () => {
    await accept();
    return vscode.workspace.textDocuments.find(({ getText }) => /^\{ "changes": \d+ \}/.test(getText()));
  }, signal);
}

test(
  'a document is subscribed while a tab shows it, follows its server, and is unsubscribed when it closes',
  async ({ signal }) => {
    await start(signal);
    const note = await openNote(signal);
    await untilResult(ID, 'received', new RegExp(`received: subscribe ${NOTE}\\.`), signal);
    await untilResult(ID, 'touch', /touched 1 times/, signal);
    await until(() => (note.getText().startsWith('{ "changes": 1 }') ? true : undefined), signal);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === note.uri.toString(),
    );
    assert.equal(ours.length, 1);
    await vscode.window.tabGroups.close(ours);
    await untilResult(ID, 'received', new RegExp(`unsubscribe ${NOTE}\\.`), signal);
  },
  slow,
);

test(
  'a document is in a language of ours, cannot be written, and takes its real language only by command',
  async ({ signal }) => {
    await start(signal);
    const note = await openNote(signal);
    assert.equal(note.uri.scheme, 'mcp-host');
    await until(() => (note.languageId === 'mcp-json' ? true : undefined), signal);
    await assert.rejects(
      Promise.resolve(vscode.workspace.fs.writeFile(note.uri, new TextEncoder().encode('mine'))),
    );
    await assert.rejects(Promise.resolve(vscode.workspace.fs.delete(note.uri)));
    await vscode.window.showTextDocument(note);
    await vscode.commands.executeCommand('mcpHost.openAsRealLanguage');
    await until(
      () =>
        vscode.workspace.textDocuments.find(
          ({ languageId, uri }) => languageId === 'json' && uri.path === note.uri.path,
        ),
      signal,
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);

test(
  'a picture opens in the image preview',
  async ({ signal }) => {
    await start(signal);
    openResource(ID, 'doc://pixel.png');
    const view = await until(async () => {
      await accept();
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom ? input : undefined;
    }, signal);
    assert.equal(view.viewType, 'imagePreview.previewEditor');
    assert.equal(view.uri.scheme, 'mcp-host');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);

test(
  'a template asks for its variables with what the server suggests',
  async ({ signal }) => {
    await start(signal);
    void vscode.commands.executeCommand('mcpHost.openResource', {
      kind: 'template',
      serverId: ID,
      uriTemplate: 'doc://files/{name}',
    });
    const opened = await until(async () => {
      await accept();
      return vscode.workspace.textDocuments.find(({ getText }) =>
        getText().startsWith('the file doc://files/'),
      );
    }, signal);
    assert.equal(opened.getText(), 'the file doc://files/alpha', 'the first suggestion was accepted');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);
