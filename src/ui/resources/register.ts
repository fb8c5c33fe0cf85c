/** Registers what belongs to resources and skills: opening them, and bringing back their documents. */

import * as vscode from 'vscode';

import { Commands, DocumentKinds } from '../../contributions/ids';
import { restoreDocuments } from '../documents/restorer';
import type { VirtualFiles } from '../documents/virtualFiles';
import { LatePart } from '../lateParts';
import { registerCommand } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { findByHash } from './resourceRef';

/** Their code is loaded when it is first used. */
export function registerResources(ui: UiContext, files: VirtualFiles): vscode.Disposable {
  const resources = LatePart.of(
    async () => (await import('./resourceFlow')).ResourceFlow,
    (Code) => new Code(ui, files),
  );
  return vscode.Disposable.from(
    resources,
    registerCommand(ui, Commands.openResource, async (argument) =>
      (await resources.get()).openResource(argument),
    ),
    registerCommand(ui, Commands.openSkill, async (argument) => (await resources.get()).openSkill(argument)),
    registerCommand(ui, Commands.showMetadata, async (argument) =>
      (await resources.get()).showMetadata(argument),
    ),
    restoreDocuments(ui.host, files, {
      kind: DocumentKinds.resource,
      find: (hash) => findByHash(ui, hash),
      load: async (ref, uri) => (await resources.get()).restore(ref, uri),
      waitingText: vscode.l10n.t(
        'The resource is shown here again when its server runs and lists it. If it does not, open it again.',
      ),
    }),
  );
}
