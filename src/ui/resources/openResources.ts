/**
 * Resources as documents: reads them from their server, never from anywhere else (T150), keeps what is open up to date, and
 * stops watching when it is closed.
 */

import * as vscode from 'vscode';

import { DisposableStore, toDisposable, type Disposable } from '../../base/disposable';
import { DocumentKinds } from '../../contributions/ids';
import { resourceFile, type ResourceFile } from '../../presentation/resourceFile';
import { formatBytes } from '../../presentation/media';
import { safeText } from '../../policy/safeText';
import type { RunOptions } from '../../host/calls';
import type { ReadResourceResult, ResourceContents } from '../../protocol/content';
import { NamedError } from '../registerCommand';
import { withRequestProgress } from '../requestProgress';
import { askPick, type PickItem } from '../calls/steps';
import { hashOfParts } from '../documents/hash';
import { MAX_EDITOR_BYTES, pullHeld, releaseHeld } from '../documents/heldTexts';
import { originOf } from '../documents/origins';
import { uriOf, type VirtualFiles } from '../documents/virtualFiles';
import type { UiContext } from '../uiContext';
import { contentPathOf, ResourceMetadata } from './metadata';
import { hashOfResource, type ResourceRef } from './resourceRef';

/** A document that is open, and what it shows. */
interface Shown {
  readonly ref: ResourceRef;
  /** The content within the result: its URI, and its place among those with the same one. */
  readonly contentUri: string;
  readonly index: number;
  readonly document: vscode.Uri;
  readonly watch: Disposable;
}

/** Milliseconds between two reads of a resource that changes all the time (T153). */
const REFRESH_DELAY = 500;

export class OpenResources implements Disposable {
  private readonly store = new DisposableStore();
  private readonly shown = new Map<string, Shown>();
  /** Resources that are about to be read again, or being read; `again` when they changed during that. */
  private readonly refreshing = new Map<string, { again: boolean }>();
  /** What came with the contents. */
  readonly metadata: ResourceMetadata;

  constructor(
    private readonly ui: UiContext,
    private readonly files: VirtualFiles,
  ) {
    this.metadata = new ResourceMetadata(ui, files);
    this.store.add(files.onDidCloseTab(({ path }) => this.close(path)));
    this.store.add(
      ui.host.onDidChange((change) => {
        if (change.kind === 'resource') this.refreshLater(change.serverId, change.uri);
      }),
    );
  }

  /** Reads a resource and opens it. @throws NamedError over a FailureError */
  async open(ref: ResourceRef): Promise<void> {
    const result = await this.readWithProgress(ref);
    const { contents } = result;
    const [only, ...others] = contents;
    if (!only) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t(
          'The resource "{0}" is empty: the server returned no content for it.',
          safeText(ref.uri, 200),
        ),
      );
      return;
    }
    if (others.length === 0) {
      if (only.uri !== ref.uri && !ref.skill) this.sayOtherUri(ref, only);
      await this.show(ref, result, 0, true);
      return;
    }
    for (const index of await pickContents(ref, contents)) await this.show(ref, result, index, false);
  }

  /** Reads a resource again into a document whose address is known. @throws FailureError */
  async restore(ref: ResourceRef, document: vscode.Uri): Promise<void> {
    const result = await this.read(ref, { background: true });
    const { contents } = result;
    const wanted = contentPathOf(document);
    const server = this.serverName(ref.serverId);
    const index = contents.findIndex(
      (each, place) =>
        pathOf(ref, contents, place, resourceFile(each, server, ref.mimeType)) === (wanted ?? document.path),
    );
    const found = contents[index];
    if (found && wanted !== undefined) await this.metadata.restore(document, ref.serverId, result, found);
    else if (found) await this.put(ref, result, index, document);
  }

  dispose(): void {
    for (const path of [...this.shown.keys()]) this.close(path);
    this.store.dispose();
  }

  private async readWithProgress(ref: ResourceRef): Promise<ReadResourceResult> {
    const { l10n } = vscode;
    const uri = safeText(ref.uri, 100);
    try {
      return await withRequestProgress(l10n.t('Reading "{0}"', uri), (options) => this.read(ref, options));
    } catch (error) {
      const server = safeText(this.serverName(ref.serverId), 60);
      throw new NamedError(l10n.t('"{0}" of server "{1}" could not be read.', uri, server), error);
    }
  }

  private async read(
    { serverId, uri, skill }: ResourceRef,
    options: RunOptions,
  ): Promise<ReadResourceResult> {
    const { host } = this.ui;
    return skill
      ? await host.readSkillFile(serverId, skill.uri, skill.path, options)
      : // Who opens what is open already wants to see it as it is now.
        await host.readResource(serverId, uri, { ...options, fresh: this.isShown(serverId, uri) });
  }

  private async show(
    ref: ResourceRef,
    result: ReadResourceResult,
    index: number,
    preview: boolean,
  ): Promise<void> {
    const { contents: all } = result;
    const contents = all[index];
    if (!contents) return;
    const file = resourceFile(contents, this.serverName(ref.serverId), ref.mimeType);
    const document = uriOf(pathOf(ref, all, index, file));
    if (!(await this.put(ref, result, index, document))) return;
    try {
      if (file.kind === 'text') await vscode.window.showTextDocument(document, { preview });
      else await vscode.commands.executeCommand('vscode.open', document, { preview });
    } catch (error) {
      // Without a tab nothing would ever end the watch.
      this.close(document.path);
      this.files.remove(document);
      throw error;
    }
  }

  /** Puts the content and watches it from now on. @returns false when it is too large for an editor. */
  private async put(
    ref: ResourceRef,
    result: ReadResourceResult,
    index: number,
    document: vscode.Uri,
  ): Promise<boolean> {
    const { serverId } = ref;
    const contents = result.contents[index];
    if (!contents) return false;
    await this.metadata.keep(document, serverId, result, contents);
    const bytes = await this.bytesOf(serverId, contents);
    if (!bytes) return false;
    const { language } = resourceFile(contents, this.serverName(serverId), ref.mimeType);
    this.files.put(document.path, bytes, {
      ...(language === undefined ? {} : { language }),
      ...(ref.skill ? {} : { origin: originOf(serverId, this.serverName(serverId), ref.uri, result, index) }),
    });
    if (!this.shown.has(document.path)) {
      // A skill's files are what was listed, so they do not change; what a server says of that is not looked at.
      const watch = ref.skill ? toDisposable(() => undefined) : this.ui.host.watch.open(serverId, ref.uri);
      this.shown.set(document.path, { ref, contentUri: contents.uri, index, document, watch });
    }
    return true;
  }

  private async bytesOf(serverId: string, { uri, body }: ResourceContents): Promise<Uint8Array | undefined> {
    if (body.kind === 'blob') return body.data;
    const { text } = body;
    if (text.kind === 'inline') return new TextEncoder().encode(text.text);
    try {
      if (text.bytes <= MAX_EDITOR_BYTES) return await pullHeld(this.ui.host, serverId, text);
    } finally {
      releaseHeld(this.ui.host, serverId, text);
    }
    void vscode.window.showWarningMessage(
      vscode.l10n.t('"{0}" has {1}, too much for an editor.', safeText(uri, 200), formatBytes(text.bytes)),
    );
    return undefined;
  }

  /** The first change of a burst waits a moment for the others; then one read serves all. What changes during it is read again. */
  private refreshLater(serverId: string, uri: string): void {
    if (!this.isShown(serverId, uri)) return;
    const key = JSON.stringify([serverId, uri]);
    const under = this.refreshing.get(key);
    if (under) {
      under.again = true;
      return;
    }
    const state = { again: false };
    this.refreshing.set(key, state);
    setTimeout(() => {
      state.again = false;
      this.refresh(serverId, uri)
        .catch((error: unknown) =>
          this.ui.log.debug(`A changed resource was not read: ${safeText(String(error))}`),
        )
        .finally(() => {
          this.refreshing.delete(key);
          if (state.again) this.refreshLater(serverId, uri);
        });
    }, REFRESH_DELAY);
  }

  private isShown(serverId: string, uri: string): boolean {
    return [...this.shown.values()].some(({ ref }) => isResource(ref, serverId, uri));
  }

  private async refresh(serverId: string, uri: string): Promise<void> {
    const result = await this.ui.host.readResource(serverId, uri, { background: true });
    const { contents } = result;
    for (const { ref, contentUri, index, document } of [...this.shown.values()]) {
      if (!isResource(ref, serverId, uri)) continue;
      const same = contents[index];
      const found = same?.uri === contentUri ? same : contents.find((each) => each.uri === contentUri);
      if (!found || !this.shown.has(document.path)) continue;
      await this.metadata.keep(document, serverId, result, found);
      const bytes = await this.bytesOf(serverId, found);
      if (bytes) this.files.put(document.path, bytes);
    }
  }

  private close(path: string): void {
    this.shown.get(path)?.watch.dispose();
    this.shown.delete(path);
    this.metadata.forget(path);
  }

  private serverName(serverId: string): string {
    return this.ui.host.server(serverId)?.definition.name ?? 'server';
  }

  private sayOtherUri({ uri }: ResourceRef, given: ResourceContents): void {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Asked for "{0}", the server returned "{1}".',
        safeText(uri, 200),
        safeText(given.uri, 200),
      ),
    );
  }
}

function isResource(ref: ResourceRef, serverId: string, uri: string): boolean {
  return ref.serverId === serverId && ref.uri === uri && !ref.skill;
}

function pathOf(
  ref: ResourceRef,
  all: readonly ResourceContents[],
  index: number,
  file: ResourceFile,
): string {
  const uri = all[index]?.uri ?? '';
  const twins = all.slice(0, index).filter((each) => each.uri === uri).length;
  // Contents of one resource may share a base name; their URIs tell them apart, and their places where these are the same.
  const other = uri === ref.uri || ref.skill ? '' : `${hashOfParts(uri).slice(0, 6)} `;
  const part = twins === 0 ? other : `${other}${twins + 1} `;
  return `/${DocumentKinds.resource}/${hashOfResource(ref)}/${part}${file.name}`;
}

async function pickContents(
  ref: ResourceRef,
  contents: readonly ResourceContents[],
): Promise<readonly number[]> {
  const all = contents.map((_, index) => index);
  const items: PickItem<readonly number[]>[] = [
    {
      label: vscode.l10n.t('Open All {0}', contents.length),
      iconPath: new vscode.ThemeIcon('files'),
      value: all.slice(0, 20),
    },
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    ...contents.map(({ uri, mimeType, malformed, body }, index) => ({
      label: safeText(uri, 100),
      description: [
        ...(malformed === undefined ? [] : [vscode.l10n.t('cannot be read: {0}', safeText(malformed, 100))]),
        ...(mimeType === undefined ? [] : [safeText(mimeType, 60)]),
        ...(body.kind === 'blob' ? [formatBytes(body.data.byteLength)] : []),
      ].join(' · '),
      iconPath: new vscode.ThemeIcon(malformed === undefined ? 'file' : 'warning'),
      value: [index],
    })),
  ];
  const placeholder = vscode.l10n.t('The resource has several contents');
  const outcome = await askPick({ title: safeText(ref.uri, 100), canGoBack: false }, { placeholder, items });
  return outcome.kind === 'value' ? outcome.value : [];
}
