import assert from 'node:assert/strict';
import path from 'node:path';

import * as vscode from 'vscode';

import { accept, knownDocuments, REPO, until, untilDocument, untilResult } from '../../support/product';
import { test } from '../../support/runner';
import {
  answerReview,
  draftBy,
  ID,
  openReview,
  review,
  sendDraft,
  setFor,
  start,
  taken,
} from '../../support/sampler';

const slow = { timeoutMs: 30_000 };

test(
  'the review shows all that would be sent; allowed from it, exactly this is sent',
  async ({ signal }) => {
    await start(signal);
    const known = knownDocuments();
    const document = await review(signal);
    for (const part of ['Answer in one word.', 'What is the weather?', '50 tokens', 'Fixture Model'])
      assert.ok(document.getText().includes(part), part);
    assert.deepEqual(await taken(), [], 'nothing was sent before');
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    await answerReview(signal);
    await vscode.commands.executeCommand('mcpHost.returnAnswer');
    await untilDocument(/the model said: fixture answer to: What is the weather\?/, signal, known);
    const requests = await taken();
    assert.equal(requests.length, 1);
    assert.match(JSON.stringify(requests[0]?.messages), /Answer in one word\.[^]*What is the weather\?/);
    assert.match(JSON.stringify(requests[0]?.modelOptions), /50/, 'the limit is passed on');
  },
  slow,
);

test(
  'what stands above a review decides about its request, and no other command has to',
  async ({ signal }) => {
    await start(signal);
    const known = knownDocuments();
    const { uri } = await review(signal);
    // Looked at from elsewhere, only what the lens hands over can name the request.
    await vscode.window.showTextDocument(vscode.Uri.file(path.join(REPO, 'package.json')));
    // It is allowed: a server that is denied too often in a short while is muted, and others here deny it.
    const allow = await until(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        uri,
        10,
      );
      return lenses.find(({ command }) => command?.command === 'mcpHost.allowRequest')?.command;
    }, signal);
    await vscode.commands.executeCommand(allow.command, ...((allow.arguments ?? []) as unknown[]));
    await answerReview(signal);
    await vscode.commands.executeCommand('mcpHost.returnAnswer');
    await untilDocument(/the model said: fixture answer to: What is the weather\?/, signal, known);
    assert.equal((await taken()).length, 1);
  },
  slow,
);

test(
  'a request is settled once: a second decision does nothing',
  async ({ signal }) => {
    const known = await openReview(signal);
    await vscode.commands.executeCommand('mcpHost.denyRequest');
    await untilDocument(/refused with -1/, signal, known);
    // Whoever decides too late is told so, which ends by itself.
    void vscode.commands.executeCommand('mcpHost.allowRequest');
    await untilResult(ID, 'hello', /hello from the fixture/, signal);
    assert.deepEqual(await taken(), []);
  },
  slow,
);

test(
  'an answer that the person writes goes back as it was written, and no model is asked',
  async ({ signal }) => {
    const known = await openReview(signal);
    const draft = await draftBy('mcpHost.answerRequest', 'Answer', signal);
    await sendDraft(draft, '', 'Sunny, I looked outside.');
    await untilDocument(/the model said: Sunny, I looked outside\./, signal, known);
    assert.deepEqual(await taken(), []);
  },
  slow,
);

test(
  'what is typed stays as it was typed under settings that save and rewrite, and goes back so',
  async ({ signal, after }) => {
    await setFor(after, {
      'files.autoSave': 'afterDelay',
      'files.autoSaveDelay': 50,
      'files.insertFinalNewline': true,
      'files.trimTrailingWhitespace': true,
    });
    const known = await openReview(signal);
    const { document } = await draftBy('mcpHost.answerRequest', 'Answer', signal);
    await until(() => (document.languageId === 'mcp-draft' ? true : undefined), signal);
    const saves: string[] = [];
    const listener = vscode.workspace.onWillSaveTextDocument(({ document: { uri } }) =>
      saves.push(uri.scheme),
    );
    after(() => listener.dispose());
    await vscode.window.showTextDocument(document);
    const type = (text: string): Thenable<unknown> => vscode.commands.executeCommand('type', { text });
    for (const key of 'it is  ') await type(key);
    // Once a file is saved by itself that was written later, the answer would have been, too.
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    const file = vscode.Uri.joinPath(folder?.uri ?? assert.fail(), 'beside.txt');
    await vscode.workspace.fs.writeFile(file, new Uint8Array());
    await vscode.window.showTextDocument(file);
    await type('beside ');
    await until(() => (saves.includes('file') ? true : undefined), signal);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('cursorBottom');
    for (const key of 'warm ') await type(key);
    assert.equal(document.getText(), 'it is  warm ');
    assert.ok(!saves.includes('mcp-host-answer'), 'it was not saved');
    await document.save();
    assert.equal(document.getText(), 'it is  warm ', 'nor rewritten when the person saves it');
    await vscode.commands.executeCommand('mcpHost.sendAnswer');
    await untilDocument(/the model said: it is {2}warm $/m, signal, known);
  },
  slow,
);

test(
  'an edited request goes to the model as it was edited',
  async ({ signal }) => {
    const known = await openReview(signal);
    const draft = await draftBy('mcpHost.editRequest', 'Edited request', signal);
    await until(() => (draft.document.languageId === 'mcp-json' ? true : undefined), signal);
    await sendDraft(draft, '"maxTokens": 50', '"maxTokens": 51');
    const [problem] = await until(() => {
      const found = vscode.languages.getDiagnostics(draft.document.uri);
      return found.length > 0 ? found : undefined;
    }, signal);
    assert.match(problem?.message ?? '', /at most 50 tokens/);
    assert.equal(draft.document.getText(problem?.range), '51');
    assert.deepEqual(await taken(), [], 'what is wrong is not sent');
    await draft.edit((edit) => edit.replace(problem?.range ?? assert.fail(), '49'));
    await sendDraft(draft, 'What is the weather?', 'Is it warm?');
    await answerReview(signal);
    await vscode.commands.executeCommand('mcpHost.returnAnswer');
    await untilDocument(/the model said: fixture answer to: Is it warm\?/, signal, known);
    const [request] = await taken();
    assert.match(JSON.stringify(request?.messages), /Is it warm\?/);
    assert.doesNotMatch(JSON.stringify(request?.messages), /What is the weather/);
    assert.match(JSON.stringify(request?.modelOptions), /49/);
  },
  slow,
);

test(
  'what is wrong in a draft is told as long as its tab is open, wherever that moves to',
  async ({ signal }) => {
    const known = await openReview(signal);
    const draft = await draftBy('mcpHost.editRequest', 'Edited request', signal);
    const { uri } = draft.document;
    const problems = (): number => vscode.languages.getDiagnostics(uri).length;
    await draft.edit((edit) => edit.insert(new vscode.Position(0, 0), 'wrong '));
    await until(() => (problems() > 0 ? true : undefined), signal);
    await vscode.window.showTextDocument(draft.document, draft.viewColumn);
    await vscode.commands.executeCommand('workbench.action.moveEditorToPreviousGroup');
    await until(() => (vscode.window.tabGroups.all.length === 1 ? true : undefined), signal);
    assert.ok(problems() > 0, 'it has only moved');
    // What was saved is not taken back with its tab.
    await draft.document.save();
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until(() => (problems() === 0 ? true : undefined), signal);
    await vscode.commands.executeCommand('mcpHost.denyRequest');
    await accept();
    await untilDocument(/refused with -1/, signal, known);
    assert.equal(problems(), 0);
  },
  slow,
);

test(
  'an answer of the model is shown, edited and returned by the person',
  async ({ signal }) => {
    const known = await openReview(signal);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    assert.match(await answerReview(signal), /│ fixture answer to: What is the weather\?/);
    const draft = await draftBy('mcpHost.editAnswer', 'Edited answer', signal);
    await sendDraft(draft, 'fixture answer', 'edited answer');
    await untilDocument(/the model said: edited answer to: What is the weather\?/, signal, known);
  },
  slow,
);

test(
  'a refused answer does not reach the server',
  async ({ signal }) => {
    const known = await openReview(signal);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    await answerReview(signal);
    await vscode.commands.executeCommand('mcpHost.refuseAnswer');
    await untilDocument(/refused with -1/, signal, known);
  },
  slow,
);

test(
  'without a model the request waits, says why, and can be denied',
  async ({ signal, after }) => {
    await start(signal);
    const known = knownDocuments();
    after(() => vscode.commands.executeCommand('mcpHostFixture.model.behave', {}));
    await vscode.commands.executeCommand('mcpHostFixture.model.behave', { available: false });
    await until(async () => ((await vscode.lm.selectChatModels()).length === 0 ? true : undefined), signal);
    const document = await review(signal);
    assert.match(document.getText(), /Model +none/);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mcpHost.denyRequest');
    await untilDocument(/refused with -1/, signal, known);
  },
  slow,
);
