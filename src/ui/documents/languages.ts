/**
 * Gives every document of ours its language: one of our own, which highlights and does nothing else (T115), until the person
 * chooses the real one.
 */

import * as vscode from 'vscode';

import { DisposableStore, type Disposable } from '../../base/disposable';
import { Commands, DocumentKinds, Languages, SCHEME, type LanguageId } from '../../contributions/ids';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { VirtualFiles } from './virtualFiles';

/** What documents are in that were put without a language. */
const BY_KIND: ReadonlyMap<string, LanguageId> = new Map([
  [DocumentKinds.result, 'mcp-markdown'],
  [DocumentKinds.prompt, 'mcp-markdown'],
  [DocumentKinds.definition, 'mcp-json'],
]);
const PLAIN = 'plaintext';

/** Sets the languages of documents as they open, and registers the command that switches to the real one. */
export function registerLanguages(ui: UiContext, files: VirtualFiles): Disposable {
  const store = new DisposableStore();
  /** The language each document was given once; from then on it is the person's. */
  const settled = new Map<string, string>();
  const settle = (document: vscode.TextDocument): void => {
    const { uri } = document;
    if (uri.scheme !== SCHEME || !files.has(uri)) return;
    const known = files.languageOf(uri);
    const before = settled.get(uri.path);
    if (before !== undefined && (before !== PLAIN || known === undefined)) return;
    const wanted = known ?? BY_KIND.get(uri.path.split('/')[1] ?? '') ?? PLAIN;
    settled.set(uri.path, wanted);
    // A document that was closed in the meantime needs no language.
    if (document.languageId !== wanted)
      vscode.languages.setTextDocumentLanguage(document, wanted).then(undefined, () => undefined);
  };
  const forget = (document: vscode.TextDocument): void => {
    if (document.uri.scheme !== SCHEME) return;
    // A change of language closes and opens the document at once.
    setTimeout(() => {
      if (!findDocument(document.uri)) settled.delete(document.uri.path);
    }, 0);
  };
  store.add(vscode.workspace.onDidOpenTextDocument(settle));
  store.add(vscode.workspace.onDidCloseTextDocument(forget));
  store.add(
    files.onDidChangeFile((changes) => {
      // A document restored before its content was there gets its language with the content.
      for (const { uri } of changes) {
        const document = findDocument(uri);
        if (document && files.languageOf(uri) !== undefined) settle(document);
      }
    }),
  );
  vscode.workspace.textDocuments.forEach(settle);
  store.add(registerCommand(ui, Commands.openAsRealLanguage, async () => await openAsRealLanguage(settled)));
  return store;
}

/** Switches the document in front of the person, and no other, to the editor's own language. */
async function openAsRealLanguage(settled: Map<string, string>): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== SCHEME) return;
  const { languageId } = document;
  if (!isOurs(languageId)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('This document is plain text, or already in its real language.'),
    );
    return;
  }
  const { real } = Languages[languageId];
  settled.set(document.uri.path, real);
  await vscode.languages.setTextDocumentLanguage(document, real);
}

function isOurs(languageId: string): languageId is LanguageId {
  return Object.hasOwn(Languages, languageId);
}

function findDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
}
