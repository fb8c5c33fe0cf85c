import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import * as vscode from 'vscode';

import {
  accept,
  callTool,
  inputServer,
  knownDocuments,
  report,
  setServers,
  until,
  untilDocument,
  untilServer,
} from '../../support/product';
import { test, type TestContext } from '../../support/runner';

const slow = { timeoutMs: 30_000 };
const ID = 'user/input';
const PAGE = 'http://localhost:9/never';

async function start(page: string, signal: AbortSignal): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await setServers(undefined);
  // The one of the test before must be gone: a call to it would end with it.
  await until(async () => ((await report()).includes('## input') ? undefined : true), signal);
  await setServers({ input: inputServer(page) });
  await untilServer('input', /State: running[^]*tools: 3 \(ready\)/, signal);
}

/** Calls a tool and opens the review of what its server asks then. */
async function review(tool: string, pattern: RegExp, signal: AbortSignal): Promise<vscode.TextDocument> {
  const known = knownDocuments();
  callTool(ID, tool);
  return await until(async () => {
    await accept();
    void vscode.commands.executeCommand('mcpHost.reviewRequest');
    return vscode.workspace.textDocuments.find(
      ({ uri, getText }) =>
        uri.path.startsWith('/question/') && !known.has(uri.toString()) && pattern.test(getText()),
    );
  }, signal);
}

/** Accepts step after step until a result matches. */
async function acceptUntil(
  pattern: RegExp,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<vscode.TextDocument> {
  return await until(async () => {
    await accept();
    return resultOf(pattern, known);
  }, signal);
}

/** Goes from row to row until the page is opened: those before "Open in Browser" do nothing. */
async function openUntil<T>(look: () => T | undefined, signal: AbortSignal): Promise<T> {
  return await until(async () => {
    await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
    await accept();
    return look();
  }, signal);
}

function isReviewOpen(): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ label }) => label.includes('Input request'));
}

/** A web server on this machine, and what was asked of it. */
async function listen(
  after: TestContext['after'],
): Promise<{ readonly port: number; readonly requests: readonly string[] }> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return { port: (server.address() as AddressInfo).port, requests };
}

function resultOf(pattern: RegExp, known: ReadonlySet<string>): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    ({ uri, getText }) =>
      uri.path.startsWith('/result/') && !known.has(uri.toString()) && pattern.test(getText()),
  );
}

test(
  'a form is reviewed, filled in step by step, and sent as it was shown',
  async ({ signal }) => {
    await start(PAGE, signal);
    const known = knownDocuments();
    const document = await review('form', /Where shall it go\?/, signal);
    assert.match(document.getText(), /The server "input" asks you for input/);
    assert.match(document.getText(), /│ - Blue {2}\(blue\)/);
    void vscode.commands.executeCommand('mcpHost.answerElicitation');
    const result = await acceptUntil(/form was answered/, known, signal);
    assert.match(result.getText(), /"action":"accept"/);
    assert.match(result.getText(), /"content":\{"name":"Ada","count":4,"gift":true,"color":"blue"\}/);
    await until(() => (isReviewOpen() ? undefined : true), signal);
  },
  slow,
);

for (const [command, action] of [
  ['mcpHost.declineElicitation', 'decline'],
  ['mcpHost.dismissElicitation', 'cancel'],
] as const)
  test(
    `a form is answered with ${action}, and nothing else is sent`,
    async ({ signal }) => {
      await start(PAGE, signal);
      const known = knownDocuments();
      const document = await review('form', /Where shall it go\?/, signal);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand(command);
      await untilDocument(new RegExp(`form was answered with \\{"action":"${action}"\\}`), signal, known);
    },
    slow,
  );

test(
  'a page is shown with its host, opened by no key alone, never fetched, and declined',
  async ({ signal, after }) => {
    const { port, requests } = await listen(after);
    await start(`http://localhost:${port}/sign-in?a=b%2Fc`, signal);
    const known = knownDocuments();
    const document = await review('page', /asks you to open a page/, signal);
    assert.match(document.getText(), new RegExp(`^Host +localhost:${port}$`, 'm'));
    assert.match(document.getText(), new RegExp(`^│ http://localhost:${port}/sign-in\\?a=b%2Fc$`, 'm'));
    void vscode.commands.executeCommand('mcpHost.answerElicitation');
    for (let press = 0; press < 5; press++) await accept();
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('mcpHost.declineElicitation');
    await untilDocument(/page was answered with \{"action":"decline"\}/, signal, known);
    assert.deepEqual(requests, []);
  },
  slow,
);

test(
  'a page that the person opens is consented to, and a call that needs it is made again when they are done',
  async ({ signal, after }) => {
    const { port } = await listen(after);
    await start(`http://localhost:${port}/`, signal);
    const known = knownDocuments();
    await review('page', /asks you to open a page/, signal);
    void vscode.commands.executeCommand('mcpHost.answerElicitation');
    const result = await openUntil(() => resultOf(/page was answered/, known), signal);
    assert.match(result.getText(), /page was answered with \{"action":"accept"\}/);

    await review('first', /asks you to open a page/, signal);
    void vscode.commands.executeCommand('mcpHost.answerElicitation');
    await openUntil(() => (isReviewOpen() ? undefined : true), signal);
    await until(async () => {
      await accept();
      void vscode.commands.executeCommand('mcpHost.answerElicitation');
      return resultOf(/it was opened first/, known);
    }, signal);
  },
  slow,
);
