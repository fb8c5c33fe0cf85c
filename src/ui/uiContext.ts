/** What every part of the user interface gets. The host is used through its types only. */

import type * as vscode from 'vscode';

import type { Logger } from '../base/log';
import type { Host } from '../host/host';
import type { ModelsPort } from '../host/ports';

/** A log that the person can be led to. */
export interface ShownLog extends Logger {
  show(preserveFocus?: boolean): void;
}

/** Made once per window. */
export interface UiContext {
  readonly host: Host;
  readonly models: Pick<ModelsPort, 'list'>;
  /** Milliseconds after which a question ends by itself. */
  readonly settings: { readonly samplingExpiryMs: number };
  /** Our own log, for what a person need not see. */
  readonly log: ShownLog;
  /** Outlives the window, with its workspace. */
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  /** Absolute path of `dist/`. */
  readonly distPath: string;
}
