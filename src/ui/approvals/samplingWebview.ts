/** What a panel in which sampling is reviewed may load and do, and the HTML of its page. */

import { randomBytes } from 'node:crypto';

import * as vscode from 'vscode';

import { pageHtml } from '../pageHtml';

/** Its scripts and styles, and nothing else. */
export function samplingWebviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    localResourceRoots: [folderOf(extensionUri)],
    enableForms: false,
    enableCommandUris: false,
  };
}

/** Gives a panel its icon and starts its page. Whoever listens to the page must do so already. */
export function openSamplingPage(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  panel.iconPath = {
    light: vscode.Uri.joinPath(extensionUri, 'media', 'review-light.svg'),
    dark: vscode.Uri.joinPath(extensionUri, 'media', 'review-dark.svg'),
  };
  const part = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folderOf(extensionUri), name)).toString();
  webview.html = pageHtml({
    source: webview.cspSource,
    script: part('samplingReview.js'),
    style: part('samplingReview.css'),
    nonce: randomBytes(18).toString('base64url'),
    pictures: true,
  });
}

function folderOf(extensionUri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
}
