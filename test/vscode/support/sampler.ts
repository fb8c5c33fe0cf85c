/** The editor's part of requests for model answers: how a person comes to see one, and its answer. */

import * as vscode from 'vscode';

import { accept, callTool, knownDocuments, SERVERS, setServers, until, untilServer } from './product';
import type { TestContext } from './runner';

/** The server that asks for model answers. */
export const ID = 'user/sampler';

/** What a model was asked. */
interface Seen {
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly modelOptions: Readonly<Record<string, unknown>>;
}

/** Starts the server anew, with a model that nobody has asked yet. */
export async function start(signal: AbortSignal): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  await setServers(undefined);
  await setServers({ sampler: SERVERS.sampler });
  await untilServer('sampler', /State: running[^]*tools: 2 \(ready\)/, signal);
  await taken();
}

/** What the model was asked since this was last looked at. */
export function taken(): Thenable<readonly Seen[]> {
  return vscode.commands.executeCommand<readonly Seen[]>('mcpHostFixture.model.takeRequests');
}

/** Calls the tool that asks, and opens the document of its request as the palette opens it. */
export async function review(signal: AbortSignal): Promise<vscode.TextDocument> {
  const known = knownDocuments();
  callTool(ID, 'ask');
  return await until(async () => {
    await accept();
    await Promise.race([vscode.commands.executeCommand('mcpHost.openRequestDocument'), accept()]);
    return vscode.workspace.textDocuments.find(
      ({ uri }) => uri.path.startsWith('/review/') && !known.has(uri.toString()),
    );
  }, signal);
}

/** Starts the server, has it ask, and looks at the review of its request. @returns the documents there were before */
export async function openReview(signal: AbortSignal): Promise<ReadonlySet<string>> {
  await start(signal);
  const known = knownDocuments();
  await vscode.window.showTextDocument(await review(signal));
  return known;
}

/** Opens the document of the model's answer as the palette opens it, once there is one, and looks at it. */
export async function answerReview(signal: AbortSignal): Promise<string> {
  const known = knownDocuments();
  const document = await until(async () => {
    await Promise.race([vscode.commands.executeCommand('mcpHost.openRequestDocument'), accept()]);
    return vscode.workspace.textDocuments.find(
      ({ uri }) => uri.path.startsWith('/answer/') && uri.scheme === 'mcp-host' && !known.has(uri.toString()),
    );
  }, signal);
  await vscode.window.showTextDocument(document);
  return document.getText();
}

/** Changes settings of the user until the test is over. */
export async function setFor(
  after: TestContext['after'],
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const set = async (key: string, value: unknown): Promise<void> =>
    await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
  for (const [key, value] of Object.entries(settings)) {
    after(() => set(key, undefined));
    await set(key, value);
  }
}
