/** *Open Demo Workspace*: writes a small workspace with public servers into the extension's own storage and opens it. */

import * as vscode from 'vscode';

const SERVERS = {
  'mcpHost.servers': {
    everything: {
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-everything@2026.8.31', 'stdio'],
    },
    filesystem: {
      command: 'npx',
      args: ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '${workspaceFolder}'],
    },
  },
};

const README = `# MCP Host demo

Two public servers are set up in \`.vscode/settings.json\`. They run with npx, so Node.js is needed.

1. Trust this workspace, then approve the servers: each is shown in full before it starts.
2. Open **MCP Host** in the activity bar and look at what they offer.
3. Run **MCP Host: Call Tool...** from the command palette and choose \`echo\`.
4. Open a resource in the tree.
5. Call \`trigger-sampling-request\`: the server asks for a model answer, and you decide.
`;

/** @param storage the extension's own folder; the workspace is a folder in it. */
export async function openDemo(storage: vscode.Uri): Promise<void> {
  const folder = vscode.Uri.joinPath(storage, 'demo-workspace');
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const settings = vscode.Uri.joinPath(folder, '.vscode', 'settings.json');
  await vscode.workspace.fs.writeFile(settings, encode(`${JSON.stringify(SERVERS, null, 2)}\n`));
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, 'README.md'), encode(README));
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}
