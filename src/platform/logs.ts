/** One output channel per server, made when first written to, and one for the host itself. */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/log';
import type { LogsPort } from '../host/ports';

export class OutputLogs implements LogsPort, Disposable {
  private readonly store = new DisposableStore();
  private readonly channels = new Map<string, vscode.LogOutputChannel>();
  readonly host: vscode.LogOutputChannel;

  constructor() {
    this.host = this.store.add(vscode.window.createOutputChannel('MCP Host', { log: true }));
  }

  forServer(id: string, name: string): Logger {
    const channel =
      this.channels.get(id) ??
      // The name comes from settings and was checked against the pattern for names.
      this.store.add(vscode.window.createOutputChannel(`MCP Host: ${name}`, { log: true }));
    this.channels.set(id, channel);
    return channel;
  }

  /** Shows a server's log, or the host's when the server has written none. */
  show(id: string): void {
    (this.channels.get(id) ?? this.host).show(true);
  }

  remove(id: string): void {
    const channel = this.channels.get(id);
    if (!channel) return;
    this.channels.delete(id);
    this.store.delete(channel);
  }

  dispose(): void {
    this.store.dispose();
  }
}
