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
  await untilServer('input', /State: running[^]*tools: 4 \(ready\)/, signal);
}

/** Calls a tool and opens the panel of what its server asks then. */
async function ask(tool: string, signal: AbortSignal): Promise<void> {
  callTool(ID, tool);
  await until(async () => {
    await accept();
    void vscode.commands.executeCommand('mcpHost.answerElicitation');
    return isPanelOpen() ? true : undefined;
  }, signal);
}

function isPanelOpen(): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('mcpHost.input'));
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

for (const [command, action] of [
  ['mcpHost.declineElicitation', 'decline'],
  ['mcpHost.dismissElicitation', 'cancel'],
] as const)
  test(
    `a form that is looked at is answered with ${action} from the palette, nothing else is sent, and its panel closes`,
    async ({ signal }) => {
      await start(PAGE, signal);
      const known = knownDocuments();
      await ask('form', signal);
      await vscode.commands.executeCommand(command);
      await untilDocument(new RegExp(`form was answered with \\{"action":"${action}"\\}`), signal, known);
      await until(() => (isPanelOpen() ? undefined : true), signal);
    },
    slow,
  );

test(
  'a form whose panel is closed goes on waiting, and is shown again',
  async ({ signal }) => {
    await start(PAGE, signal);
    const known = knownDocuments();
    await ask('form', signal);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await until(() => (isPanelOpen() ? undefined : true), signal);
    void vscode.commands.executeCommand('mcpHost.reviewRequest');
    await until(() => (isPanelOpen() ? true : undefined), signal);
    await vscode.commands.executeCommand('mcpHost.dismissElicitation');
    await untilDocument(/form was answered with \{"action":"cancel"\}/, signal, known);
  },
  slow,
);

test(
  'a page is shown and not opened, by no key alone, never fetched, and declined',
  async ({ signal, after }) => {
    const { port, requests } = await listen(after);
    await start(`http://localhost:${port}/sign-in?a=b%2Fc`, signal);
    const known = knownDocuments();
    await ask('page', signal);
    for (let press = 0; press < 5; press++) await accept();
    await vscode.commands.executeCommand('mcpHost.declineElicitation');
    await untilDocument(/page was answered with \{"action":"decline"\}/, signal, known);
    assert.deepEqual(requests, []);
  },
  slow,
);
