/** Sends one tool call that a person has decided on, shows how it goes, and opens what came back. */

import * as vscode from 'vscode';

import { Commands, DocumentKinds } from '../../contributions/ids';
import type { JsonObject } from '../../base/json';
import { canonicalJson } from '../../policy/canonicalJson';
import { safeText } from '../../policy/safeText';
import { textName, safeBaseName } from '../../presentation/documentNames';
import { resultDocument } from '../../presentation/resultDocument';
import { formatTook } from '../../presentation/callLabels';
import type { ToolCallResult } from '../../protocol/content';
import type { TaskEntry } from '../../host/tasks';
import { toFailure } from '../../protocol/failure';
import type { ToolDefinition } from '../../protocol/model';
import type { SchemaValidator } from '../../validation/schemaValidator';
import type { ToolTarget } from '../items/targets';
import { ownObject } from '../ownObjects';
import { describeError } from '../registerCommand';
import { withRequestProgress } from '../requestProgress';
import type { UiContext } from '../uiContext';
import { WrittenDocuments } from '../documents/writtenDocuments';
import type { VirtualFiles } from '../documents/virtualFiles';
import { outputNotes } from './outputNotes';

/** Milliseconds. */
const LONG_CALL = 3_000;

/** A call that is ready to be sent. */
export interface ReadyCall {
  readonly tool: ToolTarget;
  readonly serverName: string;
  /** The definition that the person was shown. */
  readonly definition: ToolDefinition;
  readonly arguments: JsonObject;
  /** Sentences of ours for the result's header. */
  readonly notes: readonly string[];
}

/** What the person wants after a call that failed. */
type AfterFailure = 'again' | 'edit' | undefined;

export class ToolRunner implements vscode.Disposable {
  private readonly documents: WrittenDocuments;

  constructor(
    private readonly ui: UiContext,
    files: VirtualFiles,
    private readonly validator: Pick<SchemaValidator, 'validateJson'>,
  ) {
    this.documents = new WrittenDocuments(ui, files, DocumentKinds.result);
  }

  /**
   * True while the tool is still what the person was shown (T128).
   * @throws FailureError
   */
  async isUnchanged({ tool, definition }: ReadyCall): Promise<boolean> {
    const now = await this.ui.host.describeTool(tool.serverId, tool.name);
    return fingerprint(now) === fingerprint(definition);
  }

  /** Sends the call, once. Failures are told here; the result says what the person chose then. */
  async run(call: ReadyCall): Promise<AfterFailure> {
    const { host } = this.ui;
    const { tool, serverName, definition } = call;
    await host.recentArguments.set(tool.serverId, tool.name, call.arguments);
    const title = vscode.l10n.t(
      'Running "{0}" ({1})',
      safeText(definition.title ?? tool.name, 60),
      safeText(serverName, 40),
    );
    const started = new Date();
    const from = performance.now();
    let result: ToolCallResult;
    try {
      result = await withRequestProgress(title, (options) =>
        host.callTool(tool.serverId, tool.name, call.arguments, options),
      );
    } catch (error) {
      return await this.tellFailure(call, error);
    }
    await this.show(call, result, started, performance.now() - from);
    return undefined;
  }

  /** Opens what came of a task: what its call was sent with is not kept. */
  async showTask(
    entry: TaskEntry,
    { result, ms }: Extract<TaskEntry['state'], { kind: 'done' }>,
  ): Promise<void> {
    if (!result) return;
    const { serverId, tool, startedAt } = entry;
    const server = this.ui.host.server(serverId)?.definition.name ?? '';
    const header = { server, name: tool, when: new Date(startedAt).toLocaleString(), took: formatTook(ms) };
    const note = vscode.l10n.t('The call ran as a task. Its arguments are not kept.');
    const notes = [note, ...(await this.taskNotes(entry, result))];
    const document = resultDocument({ ...header, arguments: {} }, result, notes);
    const name = textName(`${safeBaseName(tool, 'tool')} result`, server);
    const source = { kind: 'tool', name: tool, given: entry.id } as const;
    await this.documents.show(serverId, name, document, { isKept: true, source });
  }

  dispose(): void {
    this.documents.dispose();
  }

  private async show(call: ReadyCall, result: ToolCallResult, started: Date, ms: number): Promise<void> {
    const { tool, serverName, definition } = call;
    const header = {
      server: serverName,
      name: tool.name,
      ...(definition.title === undefined ? {} : { title: definition.title }),
      when: started.toLocaleString(),
      took: formatTook(ms),
      arguments: call.arguments,
    };
    const notes = [...call.notes, ...(await outputNotes(definition, result, this.validator))];
    const document = resultDocument(header, result, notes);
    const name = textName(`${safeBaseName(tool.name, 'tool')} result`, serverName);
    const [file] = document.files;
    const isPicture =
      result.content.length === 1 && result.content[0]?.type === 'image' && !result.structured;
    await this.documents.show(tool.serverId, name, document, {
      ...(isPicture && file?.isMedia ? { picture: file.name } : {}),
      // A call cannot be undone, and often not be repeated: its result does not give way to what is looked at next, or take its place.
      isKept: true,
      // After a long call the person is busy with something else.
      preserveFocus: ms > LONG_CALL,
      source: { kind: 'tool', name: tool.name, given: canonicalJson(call.arguments) },
    });
  }

  /** What a task brought is held against what its tool declares now: how it was declared then is not kept. */
  private async taskNotes({ serverId, tool }: TaskEntry, result: ToolCallResult): Promise<string[]> {
    try {
      const definition = await this.ui.host.describeTool(serverId, tool);
      return await outputNotes(definition, result, this.validator);
    } catch {
      // The server has ended meanwhile, or no longer has the tool.
      return result.structured
        ? [vscode.l10n.t('The output was not checked: what the tool declares is not known any more.')]
        : [];
    }
  }

  private async tellFailure({ tool, definition }: ReadyCall, error: unknown): Promise<AfterFailure> {
    const failure = toFailure(error);
    const name = safeText(definition.title ?? tool.name, 60);
    if (failure.code === 'cancelled') {
      vscode.window.setStatusBarMessage(
        vscode.l10n.t('Cancelled "{0}". The server may still have acted.', name),
        8_000,
      );
      return undefined;
    }
    const again = vscode.l10n.t('Run Again');
    const edit = vscode.l10n.t('Edit Arguments');
    const log = vscode.l10n.t('Show Log');
    const hasArguments = Object.keys(definition.inputSchema['properties'] ?? {}).length > 0;
    const message = vscode.l10n.t('"{0}" failed. {1}', name, describeError(error));
    const choice = await vscode.window.showErrorMessage(message, again, ...(hasArguments ? [edit] : []), log);
    if (choice === log) {
      await vscode.commands.executeCommand(
        Commands.showLog,
        ownObject({ kind: 'server', serverId: tool.serverId }),
      );
      return undefined;
    }
    return choice === again ? 'again' : choice === edit ? 'edit' : undefined;
  }
}

function fingerprint(definition: ToolDefinition): string {
  return canonicalJson(JSON.parse(JSON.stringify(definition)) as JsonObject);
}
