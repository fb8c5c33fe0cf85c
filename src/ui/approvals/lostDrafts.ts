/**
 * What a person had typed about a model request when the window was reloaded. The request ended with its window, so nothing is left to
 * decide: the panel that comes back only shows the text, to be copied.
 */

import type * as vscode from 'vscode';

import { isObject, own, type JsonValue } from '../../base/json';
import { lostPage } from '../../presentation/lostPage';
import { readSamplingMessage } from '../../presentation/readSamplingMessage';
import type { SamplingPanelMessage } from '../../presentation/samplingPageMessages';
import { openSamplingPage, samplingWebviewOptions } from './samplingWebview';

/** Of a page that is of no request. */
const NOTHING = { conversation: undefined, id: undefined, others: new Set<number>() };

/** Takes over a panel that the editor brings back. @param state what its page remembered, which may be anything */
export function showLost(panel: vscode.WebviewPanel, state: unknown, extensionUri: vscode.Uri): void {
  // Without a text it would only be in the way.
  if (!holdsText(state)) {
    panel.dispose();
    return;
  }
  panel.webview.options = samplingWebviewOptions(extensionUri);
  panel.webview.onDidReceiveMessage((raw: unknown) => {
    const message = readSamplingMessage(raw, NOTHING);
    const shown: SamplingPanelMessage = { type: 'show', page: lostPage(), isDrawn: false };
    if (message?.type === 'ready') void panel.webview.postMessage(shown);
    if (message?.type === 'close') panel.dispose();
  });
  openSamplingPage(panel, extensionUri);
}

function holdsText(state: unknown): boolean {
  const drafts = isObject(state) ? own(state, 'drafts') : undefined;
  return (
    Array.isArray(drafts) &&
    (drafts as readonly JsonValue[]).some((draft) => {
      const typed = isObject(draft) ? own(draft, 'typed') : undefined;
      return Array.isArray(typed) && typed.length > 0;
    })
  );
}
