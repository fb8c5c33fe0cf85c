/** Workspace trust, folders and the editor's own MCP policy, as ports. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { EditorPolicyPort, WorkspaceFolder, WorkspacePort } from '../host/ports';

export class EditorWorkspace implements WorkspacePort, Disposable {
  private readonly store = new DisposableStore();
  private readonly trustGranted = this.store.add(new Emitter<void>());
  private readonly foldersChanged = this.store.add(new Emitter<void>());

  readonly onDidGrantTrust = this.trustGranted.event;
  readonly onDidChangeFolders = this.foldersChanged.event;

  constructor() {
    this.store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.trustGranted.fire()));
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.foldersChanged.fire()));
  }

  get id(): string {
    const { workspaceFile } = vscode.workspace;
    return (
      workspaceFile?.toString() ??
      this.folders()
        .map(({ uri }) => uri)
        .join('\n')
    );
  }

  get isTrusted(): boolean {
    return vscode.workspace.isTrusted;
  }

  folders(): readonly WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? [])
      .filter(({ uri }) => uri.scheme === 'file')
      .map(({ uri, name }) => ({ uri: uri.toString(), name, path: uri.fsPath }));
  }

  dispose(): void {
    this.store.dispose();
  }
}

/** Reads `chat.mcp.*`, which organizations set by policy; absent in editors without it. */
export const editorPolicy: EditorPolicyPort = {
  read: () => {
    const mcp = vscode.workspace.getConfiguration('chat.mcp');
    return {
      access: mcp.get('access'),
      allowedServers: mcp.get('allowedServers'),
      deniedServers: mcp.get('deniedServers'),
    };
  },
};
