/** What all documents of ours share: their languages, and what a document says whose content is gone. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { DocumentKinds } from '../../contributions/ids';
import type { UiContext } from '../uiContext';
import { registerLanguages } from './languages';
import { sayGone } from './restorer';
import type { VirtualFiles } from './virtualFiles';

/** Registers them. */
export function registerDocuments(ui: UiContext, files: VirtualFiles): vscode.Disposable {
  const store = new DisposableStore();
  store.add(registerLanguages(ui, files));
  store.add(
    sayGone(
      files,
      DocumentKinds.result,
      vscode.l10n.t(
        'This result is no longer kept: results last while their document is open. Run the tool again to get a new one.',
      ),
    ),
  );
  store.add(
    sayGone(
      files,
      DocumentKinds.prompt,
      vscode.l10n.t(
        'These messages are no longer kept: they last while their document is open. Use the prompt again to get them.',
      ),
    ),
  );
  return store;
}
