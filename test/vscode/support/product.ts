/** The product seen from outside, as another extension sees it: commands, documents and settings. Waits for events, never for time. */

import path from 'node:path';

import * as vscode from 'vscode';

/** Absolute path of the repository, whose servers the tests start. */
export const REPO = process.env['MCP_HOST_REPO'] ?? '';

/** Servers nobody here wrote, and our fixture. */
export const SERVERS = {
  everything: {
    command: 'node',
    args: [path.join(REPO, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
    roots: 'none',
  },
  notes: { command: 'node', args: [path.join(REPO, 'examples/servers/trail-notes.mjs')] },
  documents: { command: 'node', args: [path.join(REPO, 'test/support/documentServer.mjs')] },
  sampler: { command: 'node', args: [path.join(REPO, 'test/support/samplingServer.mjs')] },
} as const;

/** A server that appends a line to a file when it starts. */
export function marker(file: string): object {
  return {
    command: 'node',
    args: [path.join(REPO, 'test/support/markerServer.mjs')],
    env: { MARKER: file },
  };
}

/** A server that asks for input, and for this address to be opened. */
export function inputServer(page: string): object {
  return { command: 'node', args: [path.join(REPO, 'test/support/inputServer.mjs')], env: { PAGE: page } };
}

/** Sets the user's servers. */
export async function setServers(servers: Readonly<Record<string, unknown>> | undefined): Promise<void> {
  await vscode.workspace
    .getConfiguration('mcpHost')
    .update('servers', servers, vscode.ConfigurationTarget.Global);
}

/** Resolves with the first value that `look` finds, looking again whenever something in the editor changes. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    signal.throwIfAborted();
    await nextChange(signal);
  }
}

/** The editor tells of documents and tabs; a server's state is only told by commands, so those are asked again at intervals. */
function nextChange(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const subscriptions: { dispose(): void }[] = [];
    const done = (): void => {
      clearTimeout(timer);
      for (const each of subscriptions) each.dispose();
      resolve();
    };
    const timer = setTimeout(done, 100);
    signal.addEventListener('abort', done, { once: true });
    subscriptions.push(
      vscode.workspace.onDidOpenTextDocument(done),
      vscode.workspace.onDidChangeTextDocument(done),
    );
  });
}

/** The text of the diagnostics report. */
export async function report(): Promise<string> {
  const before = new Set(vscode.workspace.textDocuments);
  await vscode.commands.executeCommand('mcpHost.exportDiagnostics');
  const opened = vscode.workspace.textDocuments.find(
    (document) => !before.has(document) && document.getText().startsWith('# MCP Host diagnostics'),
  );
  const text = opened?.getText() ?? '';
  if (opened) {
    await vscode.window.showTextDocument(opened);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  return text;
}

/** The section of one server in the report, once it matches. */
export async function untilServer(name: string, pattern: RegExp, signal: AbortSignal): Promise<string> {
  return await until(async () => {
    const section = new RegExp(`^## ${name}$[^]*?(?=^## |$(?![^]))`, 'm').exec(await report())?.[0];
    return section !== undefined && pattern.test(section) ? section : undefined;
  }, signal);
}

/** Addresses of the documents there are; the editor keeps those of closed tabs for a while. */
export function knownDocuments(): ReadonlySet<string> {
  return new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
}

/** A document of our scheme whose text matches, once there is one that is not known already. */
export async function untilDocument(
  pattern: RegExp,
  signal: AbortSignal,
  known: ReadonlySet<string> = new Set(),
): Promise<vscode.TextDocument> {
  return await until(
    () =>
      vscode.workspace.textDocuments.find(
        ({ uri, getText }) =>
          uri.scheme === 'mcp-host' && !known.has(uri.toString()) && pattern.test(getText()),
      ),
    signal,
  );
}

/** Calls a tool as another extension would: the product asks before it runs, and the test says yes. */
export function callTool(serverId: string, name: string): void {
  void vscode.commands.executeCommand('mcpHost.callTool', { kind: 'tool', serverId, name });
}

/** Accepts whatever quick pick is open. */
export async function accept(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
}

/** Runs a command on a server as a link or another extension would: the product only takes it as where the choice begins, and the test chooses. */
export async function runOnServer(command: string, serverId: string, signal: AbortSignal): Promise<void> {
  let over = false;
  void vscode.commands
    .executeCommand(`mcpHost.${command}`, { kind: 'server', serverId })
    .then(() => (over = true));
  await until(async () => {
    await accept();
    return over ? true : undefined;
  }, signal);
}

/** Allows the request that waits where its text stands in a document. */
export async function allowNext(signal: AbortSignal): Promise<void> {
  await until(async () => {
    await accept();
    await vscode.commands.executeCommand('mcpHost.openRequestDocument');
    void vscode.commands.executeCommand('mcpHost.allowRequest');
    await accept();
    const requests = await vscode.commands.executeCommand<readonly unknown[]>(
      'mcpHostFixture.model.takeRequests',
    );
    return requests.length > 0 ? true : undefined;
  }, signal);
}

/** Returns the model's answer that waits where it stands in a document. @param over tells that it is returned */
export async function returnNext<T>(
  over: () => T | undefined | Promise<T | undefined>,
  signal: AbortSignal,
): Promise<T> {
  return await until(async () => {
    await accept();
    await vscode.commands.executeCommand('mcpHost.openRequestDocument');
    void vscode.commands.executeCommand('mcpHost.returnAnswer');
    await accept();
    return await over();
  }, signal);
}

/** Opens a resource as another extension would: the product asks before it reads it, and the test says yes. */
export function openResource(serverId: string, uri: string): void {
  void vscode.commands.executeCommand('mcpHost.openResource', { kind: 'resource', serverId, uri });
}

/** Calls a tool, again and again, until its result matches. */
export async function untilResult(
  serverId: string,
  name: string,
  pattern: RegExp,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const known = knownDocuments();
    callTool(serverId, name);
    const result = await until(async () => {
      await accept();
      return vscode.workspace.textDocuments.find(
        ({ uri }) => uri.path.startsWith('/result/') && !known.has(uri.toString()),
      );
    }, signal);
    if (pattern.test(result.getText())) return;
  }
}
