/** Everything through which a person sees and decides what waits. The queue is the record; all of this only shows it. */

import * as vscode from 'vscode';

import { DisposableStore } from '../../base/disposable';
import { Panels, SETTINGS_SECTION, Settings } from '../../contributions/ids';
import type { ConsentEntry } from '../../host/consentQueue';
import { OpeningBatch } from '../../presentation/doorbellPlan';
import type { SchemaValidator } from '../../validation/schemaValidator';
import { sayGone } from '../documents/restorer';
import type { VirtualFiles } from '../documents/virtualFiles';
import { tellError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import { answerCommands } from './answerCommands';
import { ApprovalsView } from './approvalsView';
import { Decisions } from './decisions';
import { Doorbell } from './doorbell';
import { elicitationCommands } from './elicitationCommands';
import { ApprovalParts } from './parts';
import { requestCommands } from './requestCommands';
import { REVIEW_KINDS } from './reviewAddresses';
import { showWaitingCount } from './statusItem';

/** Launches that begin to wait this close together are shown together. */
const GATHER_MS = 300;

const isRequest = ({ subject }: ConsentEntry): boolean => subject.kind !== 'launch';

const isOnlyTool = (entries: readonly ConsentEntry[]): boolean =>
  entries.filter(({ subject }) => subject.kind === 'tool').length === 1;

/** Registers views, commands and notifications. */
export function registerApprovals(
  ui: UiContext,
  files: VirtualFiles,
  validator: SchemaValidator,
): vscode.Disposable {
  const store = new DisposableStore();
  const decisions = new Decisions(ui);
  const parts = store.add(new ApprovalParts(ui, decisions, files, validator));
  const doorbell = store.add(new Doorbell(ui, decisions));
  store.add(new ApprovalsView(ui));
  store.add(showWaitingCount(ui));
  store.add(announce(ui, doorbell, parts));
  store.add(
    vscode.window.registerWebviewPanelSerializer(Panels.samplingReview, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await parts.restorePanel(panel, state).catch((error: unknown) => {
          panel.dispose();
          tellError(ui.log, 'Restoring a review', error);
        });
      },
    }),
  );
  // A window that was reloaded brings back tabs of requests that are gone.
  const gone = vscode.l10n.t('This request is no longer waiting: it ended with the session it came from.');
  for (const kind of REVIEW_KINDS) store.add(sayGone(files, kind, gone));
  for (const command of requestCommands(ui, decisions, parts)) store.add(command);
  for (const command of answerCommands(ui, decisions)) store.add(command);
  for (const command of elicitationCommands(ui, decisions, parts)) store.add(command);
  return store;
}

/** Says that something new waits: a panel for what waits when the workspace opens, a notification for all else. */
function announce({ host, log }: UiContext, doorbell: Doorbell, parts: ApprovalParts): vscode.Disposable {
  const store = new DisposableStore();
  const batch = new OpeningBatch(performance.now());
  let timer: NodeJS.Timeout | undefined;
  const onError = (error: unknown): void => tellError(log, 'Asking for a decision', error);
  const onAdded = (entry: ConsentEntry): void => {
    // The person has just asked for it: a notification would be one click too many.
    if (entry.subject.kind === 'sign-in' && entry.subject.clicked)
      return void parts.askToSignIn(entry).catch(onError);
    // Most often it was their own key. What comes while one is asked about only rings.
    if (entry.subject.kind === 'tool' && isOnlyTool(host.consent.entries()))
      return void parts.askToRun(entry).catch(onError);
    const action = isRequest(entry) ? 'ring' : batch.onLaunch(performance.now());
    if (action === 'ring' && !parts.isShowing(entry)) doorbell.announce(entry);
    if (action === 'open-review')
      timer = setTimeout(() => void parts.reviewLaunches(true).catch(onError), GATHER_MS);
  };
  store.add(
    host.consent.onDidChange((change) => {
      if (change.kind === 'added') onAdded(change.entry);
    }),
  );
  store.add(vscode.workspace.onDidGrantWorkspaceTrust(() => batch.onTrusted(performance.now())));
  store.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.${Settings.servers}`))
        batch.onSettingsChanged(performance.now());
    }),
  );
  store.add({ dispose: () => clearTimeout(timer) });
  host.consent.entries().forEach(onAdded);
  return store;
}
