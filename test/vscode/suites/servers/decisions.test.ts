import assert from 'node:assert/strict';
import path from 'node:path';

import * as vscode from 'vscode';

import { knownDocuments, REPO, until, untilDocument, untilResult } from '../../support/product';
import { test } from '../../support/runner';
import { answerReview, ID, openReview, review, start, taken } from '../../support/sampler';

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
  'an answer of the model is shown, and returned by the person',
  async ({ signal }) => {
    const known = await openReview(signal);
    await vscode.commands.executeCommand('mcpHost.allowRequest');
    assert.match(await answerReview(signal), /│ fixture answer to: What is the weather\?/);
    await vscode.commands.executeCommand('mcpHost.returnAnswer');
    await untilDocument(/the model said: fixture answer to: What is the weather\?/, signal, known);
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
