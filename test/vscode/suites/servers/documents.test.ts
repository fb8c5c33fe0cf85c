import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';

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

const DEFINED = [
  { kind: 'tool', name: 'touch' },
  { kind: 'resource', uri: NOTE },
  { kind: 'template', uriTemplate: 'doc://files/{name}' },
  { kind: 'prompt', name: 'summary' },
] as const;

test(
  'the definition of every kind of item shows what its server wrote, with icons and _meta',
  async ({ signal }) => {
    await start(signal);
    await untilServer('documents', /prompts: 1 \(ready\)/, signal);
    for (const target of DEFINED) {
      await vscode.commands.executeCommand('mcpHost.showDefinition', { ...target, serverId: ID });
      const shown = vscode.window.activeTextEditor?.document;
      assert.ok(shown, target.kind);
      assert.match(shown.uri.path, /^\/definition\//);
      const { kind: _, ...identity } = target;
      const { icons, _meta, ...rest } = JSON.parse(shown.getText()) as Record<string, unknown>;
      assert.match(JSON.stringify(icons), /^\[\{"src":"data:image\/png;base64,/, target.kind);
      assert.deepEqual(_meta, { 'com.example/reviewed': { by: 'nobody' } });
      assert.deepEqual({ ...rest, ...identity }, rest);
      await until(() => (shown.languageId === 'mcp-json' ? true : undefined), signal);
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);

test(
  'what a server declared is shown as it wrote it',
  async ({ signal }) => {
    await start(signal);
    await vscode.commands.executeCommand('mcpHost.showDefinition', { kind: 'server', serverId: ID });
    const shown = vscode.window.activeTextEditor?.document;
    assert.ok(shown);
    assert.match(shown.uri.path, /\/definition \(documents\)$/);
    const declared = JSON.parse(shown.getText()) as Record<string, object | string>;
    assert.equal(declared['instructions'], 'Read the note first.');
    assert.deepEqual(declared['serverInfo'], {
      name: 'documents',
      version: '1.0.0',
      websiteUrl: 'https://documents.test',
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);

test(
  'what came with the content of a resource is shown on demand, and follows the resource',
  async ({ signal }) => {
    await start(signal);
    const note = await openNote(signal);
    await vscode.window.showTextDocument(note);
    await vscode.commands.executeCommand('mcpHost.showMetadata', note.uri);
    const shown = vscode.window.activeTextEditor?.document;
    assert.ok(shown);
    assert.match(shown.uri.path, /\/note\.json \(documents\) metadata$/);
    const sent = (part: number): object => ({
      _meta: { 'com.example/whole': true },
      contents: [{ uri: NOTE, _meta: { 'com.example/part': part } }],
    });
    const now = (): unknown => JSON.parse(shown.getText());
    const { 'com.example/part': part } = (now() as { contents: [{ _meta: { 'com.example/part': number } }] })
      .contents[0]._meta;
    assert.deepEqual(now(), sent(part));
    await untilResult(ID, 'touch', /touched \d+ times/, signal);
    await until(() => (isDeepStrictEqual(now(), sent(part + 1)) ? true : undefined), signal);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);

test(
  'a definition whose content is gone comes back with its server',
  async ({ signal }) => {
    await start(signal);
    await vscode.commands.executeCommand('mcpHost.showDefinition', { ...DEFINED[1], serverId: ID });
    const uri = vscode.window.activeTextEditor?.document.uri;
    assert.ok(uri);
    await setServers(undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await until(async () => {
      const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
      return text.startsWith('The definition is shown here again') ? true : undefined;
    }, signal);
    const editor = await vscode.window.showTextDocument(uri);
    await start(signal);
    await until(() => (editor.document.getText().includes(`"uri": "${NOTE}"`) ? true : undefined), signal);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  },
  slow,
);
