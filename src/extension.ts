/** Composition root: builds the graph, registers what the editor shows, and returns. Nothing here waits. */

import * as path from 'node:path';

import * as vscode from 'vscode';

import { systemClock } from './base/clock';
import type { Logger } from './base/log';
import { Views } from './contributions/ids';
import { Host } from './host/host';
import type { ClientPort } from './host/ports';
import { inputPrompt } from './platform/inputPrompt';
import { OutputLogs } from './platform/logs';
import { thisMachine } from './platform/machine';
import { EndpointModels } from './platform/endpoint/endpointModels';
import { LanguageModels } from './platform/models';
import { ModelSources } from './platform/modelSources';
import { editorAccounts } from './platform/accounts';
import { fileLocks } from './platform/fileLocks';
import { editorNetwork } from './platform/network';
import { EditorSignIn } from './platform/signIn';
import { EditorSettings } from './platform/settings';
import { mementoState, secretStore } from './platform/storage';
import { editorPolicy, EditorWorkspace } from './platform/workspace';
import { ClientLauncher } from './rpc/clientLauncher';
import { ReaperProcess } from './transport/reaper';
import { registerApprovals } from './ui/approvals/register';
import { registerCalls } from './ui/calls/register';
import { registerDiagnostics } from './ui/diagnostics';
import { registerDocuments } from './ui/documents/register';
import { VirtualFiles } from './ui/documents/virtualFiles';
import { registerItems } from './ui/items/register';
import { registerPermissions } from './ui/permissions/register';
import { registerModels } from './ui/models/register';
import { registerPrompts } from './ui/prompts/register';
import { registerResources } from './ui/resources/register';
import { registerServers } from './ui/servers/register';
import { PatientTree } from './ui/servers/patientTree';
import { ServerTree } from './ui/servers/serverTree';
import { ServerTreeDrag } from './ui/servers/treeDrag';
import { registerContext } from './ui/context/register';
import { registerContextKeys } from './ui/contextKeys';
import { fadedDecorations } from './ui/treeItem';
import type { UiContext } from './ui/uiContext';
import { registerUsage } from './ui/usage/register';
import { SchemaValidator } from './validation/schemaValidator';

/** When the bundle began to load, in milliseconds of `performance.now()`; the build puts it there. */
declare const bundleStartedAt: number;

/** Has the editor release something with the extension. @returns the same */
type Own = <T extends vscode.Disposable>(item: T) => T;

/** What is running, for `deactivate`. The editor activates an extension once per process. */
let running: { readonly host: Host; readonly reaper: ReaperProcess } | undefined;

/** Builds everything. Servers start after this has returned. */
export function activate(context: vscode.ExtensionContext): void {
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const distPath = path.join(context.extensionPath, 'dist');
  const own: Own = (item) => {
    context.subscriptions.push(item);
    return item;
  };
  const logs = own(new OutputLogs());
  const settings = own(new EditorSettings());
  const workspace = own(new EditorWorkspace());
  const machine = thisMachine(vscode.env.remoteName !== undefined);
  const signIn = own(new EditorSignIn(context.secrets, context.extension.id));
  own(vscode.window.registerUriHandler(signIn));
  const { reaper, clients } = makeClients(own, distPath, logs.host);
  const network = editorNetwork(process.env);
  const secrets = secretStore(context.secrets);
  const endpoint = new EndpointModels(settings, network, secrets, systemClock);
  const models = own(new ModelSources([own(new LanguageModels(context)), endpoint], settings));
  const host = own(
    new Host({
      clock: systemClock,
      log: logs.host,
      logs,
      settings,
      workspace,
      editorPolicy,
      decisions: mementoState(context.globalState),
      memory: mementoState(context.workspaceState),
      secrets,
      inputPrompt,
      machine,
      network,
      locks: fileLocks(path.join(context.globalStorageUri.fsPath, 'locks')),
      signIn,
      accounts: editorAccounts,
      clients,
      reaper,
      models,
      clientInfo: { name: 'mcp-host', title: 'MCP Host', version: extensionVersion(context) },
    }),
  );
  running = { host, reaper };
  const { extensionUri, workspaceState: memory } = context;
  const ui: UiContext = { host, models, settings, log: logs.host, memory, extensionUri, distPath };
  registerUi(own, ui);
  own(registerModels(ui, models, endpoint));
  own(registerServers(ui, { logs, signIn, storage: context.globalStorageUri }));
  own(
    registerDiagnostics(ui, {
      version: extensionVersion(context),
      loadMs: startedAt - bundleStartedAt,
      activateMs: performance.now() - startedAt,
      activateCpuMs: cpuMs(process.cpuUsage(cpuBefore)),
    }),
  );
  // After activation, as the editor should not wait for servers.
  setImmediate(() => host.open());
}

/** What starts clients, and what ends all that they have started: it is there before the first of them. */
function makeClients(
  own: Own,
  distPath: string,
  log: Logger,
): { readonly reaper: ReaperProcess; readonly clients: ClientPort } {
  const reaper = own(new ReaperProcess({ onFailure: (detail) => log.warn(detail) }));
  const startReaper = once(() => reaper.start(process.execPath, path.join(distPath, 'reaper.js')));
  const launcher = own(new ClientLauncher(path.join(distPath, 'client-worker.js')));
  return {
    reaper,
    clients: {
      launch: (isolation) => {
        startReaper();
        return launcher.launch(isolation);
      },
    },
  };
}

function registerUi(own: Own, ui: UiContext): void {
  const files = own(new VirtualFiles());
  const validator = own(new SchemaValidator(path.join(ui.distPath, 'schema-worker.js')));
  const tree = new PatientTree(ui.host, own(new ServerTree(ui)));
  const drag = new ServerTreeDrag();
  const view = vscode.window.createTreeView(Views.servers, {
    treeDataProvider: tree,
    showCollapseAll: true,
    dragAndDropController: drag,
  });
  own(view);
  own(view.onDidExpandElement(({ element }) => tree.expanded(element)));
  own(vscode.window.registerFileDecorationProvider(fadedDecorations));
  own(registerContextKeys(ui));
  own(registerDocuments(ui, files));
  own(registerCalls(ui, files, validator));
  own(registerItems(ui, files));
  own(registerResources(ui, files));
  own(registerPrompts(ui, files));
  own(registerContext(ui, files, drag));
  own(registerApprovals(ui, files, validator));
  own(registerPermissions(ui));
  own(registerUsage(ui));
}

/** Ends every server in an orderly way, within the time the editor gives. */
export async function deactivate(): Promise<void> {
  const { host, reaper } = running ?? {};
  running = undefined;
  await host?.close();
  reaper?.dispose();
}

function extensionVersion(context: vscode.ExtensionContext): string {
  const { version } = context.extension.packageJSON as { version: unknown };
  return typeof version === 'string' ? version : '0.0.0';
}

/** Runs `work` the first time only. */
function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}

/** Milliseconds of processor time, which unlike the clock does not count what other programs do meanwhile. */
function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}
