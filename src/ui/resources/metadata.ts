/** What a server sent with the content of a resource beside the content itself, as JSON in a document of its own, on demand. */

import * as vscode from 'vscode';

import { isObject, parseJson, type JsonObject, type JsonValue } from '../../base/json';
import { visibleJson } from '../../presentation/visibleJson';
import type { ReadResourceResult, ResourceContents, Text } from '../../protocol/content';
import { pullHeld, releaseHeld } from '../documents/heldTexts';
import { uriOf, type VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';

/** Ends the name of such a document, which is otherwise that of the content's. */
const SUFFIX = ' metadata';

export class ResourceMetadata {
  /** As JSON, by the path of the content's document; empty where nothing was sent. */
  private readonly kept = new Map<string, string>();

  constructor(
    private readonly ui: UiContext,
    private readonly files: VirtualFiles,
  ) {}

  /** Takes what came with a content, which may be shown already. */
  async keep(
    document: vscode.Uri,
    serverId: string,
    result: ReadResourceResult,
    contents: ResourceContents,
  ): Promise<void> {
    this.kept.set(document.path, await this.textOf(serverId, result, contents));
    if (this.files.has(uriOf(document.path + SUFFIX))) this.put(document.path);
  }

  forget(path: string): void {
    this.kept.delete(path);
  }

  /** Shows it, or says that there is none. @param argument the document of the content; the one in front when it is none */
  async show(argument: unknown): Promise<void> {
    const document = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const path = document?.path ?? '';
    if (!this.kept.get(path)) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The server sent nothing beside the content of this document.'),
      );
      return;
    }
    // A preview would take the place of the content's own, and end what follows it.
    await vscode.window.showTextDocument(this.put(path), { preview: false });
  }

  /** Brings such a document back, of whose content no document may be open. */
  async restore(
    document: vscode.Uri,
    serverId: string,
    result: ReadResourceResult,
    contents: ResourceContents,
  ): Promise<void> {
    const sent = await this.textOf(serverId, result, contents);
    this.files.put(document.path, sent, { language: 'mcp-json' });
  }

  private put(path: string): vscode.Uri {
    return this.files.put(path + SUFFIX, this.kept.get(path) ?? '', { language: 'mcp-json' });
  }

  private async textOf(
    serverId: string,
    { meta }: ReadResourceResult,
    { uri, more }: ResourceContents,
  ): Promise<string> {
    if (!meta && !more) return '';
    const sent = {
      ...(meta ? { _meta: await this.valueOf(serverId, meta) } : {}),
      ...(more ? { contents: [{ uri, ...asObject(await this.valueOf(serverId, more)) }] } : {}),
    };
    return `${visibleJson(sent)}\n`;
  }

  private async valueOf(serverId: string, text: Text): Promise<JsonValue> {
    if (text.kind === 'inline') return asJson(text.text);
    try {
      return asJson(new TextDecoder().decode(await pullHeld(this.ui.host, serverId, text)));
    } finally {
      releaseHeld(this.ui.host, serverId, text);
    }
  }
}

/** The path of the content that a document of metadata belongs to; undefined for any other document. */
export function contentPathOf({ path }: vscode.Uri): string | undefined {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : undefined;
}

function asJson(text: string): JsonValue {
  return (parseJson(text) ?? text) as JsonValue;
}

/** What is too large to be shown came as a sentence. */
function asObject(value: JsonValue): JsonObject {
  return isObject(value) ? value : { more: value };
}
