/**
 * The person's browser, and the ways back from it: a listener on this machine, an address of the editor, or a pasted address, which
 * always works (T085, T086). It knows no OAuth: an answer is an address that holds the state it was told.
 */

import * as vscode from 'vscode';

import { systemClock } from '../base/clock';
import { Deferred } from '../base/deferred';
import { DisposableStore } from '../base/disposable';
import type { PendingRedirect, SignInPort } from '../host/ports';
import { latePart } from '../transport/latePart';
import type { LoopbackRedirect } from '../transport/loopbackRedirect';
import { CallbackRelay } from './callbackRelay';

/** Longest address that may be an answer. */
const MAX_LENGTH = 8_192;

/** Not in the palette: a notification offers it. */
const COPY_ADDRESS = 'mcpHost.copySignInAddress';

/** One visit to the browser. */
interface Visit {
  /** Names it in links: what they say can be read by other extensions, and the address holds secrets. */
  readonly id: number;
  readonly url: string;
  readonly answer: Deferred<string>;
}

export class EditorSignIn implements SignInPort, vscode.UriHandler, vscode.Disposable {
  /** By the state that the answer must hold. */
  private readonly waiting = new Map<string, Visit>();
  private nextId = 1;
  private readonly store = new DisposableStore();
  private readonly ended = this.store.add(new vscode.EventEmitter<void>());
  private readonly relay: CallbackRelay;

  /** A browser is no longer on its way, whether it came back or not. */
  readonly onDidEnd = this.ended.event;

  constructor(
    secrets: vscode.SecretStorage,
    private readonly extensionId: string,
  ) {
    this.relay = new CallbackRelay(secrets, systemClock);
    void this.relay.sweep();
    this.store.add(
      secrets.onDidChange(({ key }) => {
        // A store that fails now leaves the address to be pasted.
        this.takeRelayed(key).catch(() => undefined);
      }),
    );
    this.store.add(
      vscode.commands.registerCommand(COPY_ADDRESS, async (id: unknown) => await this.copyAddress(id)),
    );
  }

  /** True while a browser is on its way. */
  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  async expectRedirect(wanted: string | undefined, earlier?: string): Promise<PendingRedirect> {
    const editorUri = `${vscode.env.uriScheme}://${this.extensionId}/callback`;
    const isRemoteDesktop =
      vscode.env.remoteName !== undefined && vscode.env.uiKind === vscode.UIKind.Desktop;
    if (wanted === undefined ? isRemoteDesktop : wanted.startsWith(`${vscode.env.uriScheme}:`))
      return this.pending(wanted ?? editorUri, undefined);
    const { LoopbackRedirect } = await latePart(() => import('../transport/loopbackRedirect'));
    const listener = await LoopbackRedirect.listen(wanted, earlier);
    // Where nobody can listen the browser ends on a page that cannot be shown; its address can be pasted.
    return this.pending(listener?.uri ?? wanted ?? editorUri, listener);
  }

  /** An address that the system handed to this window, which may not be the one that waits for it (T085). */
  handleUri(uri: vscode.Uri): void {
    // The editor has decoded it: what is a plus by now was none that stood for a space.
    const address = `${uri.scheme}://${uri.authority}${uri.path}?${uri.query.replaceAll('+', '%2B')}`;
    if (address.length > MAX_LENGTH || this.take(address)) return;
    const state = stateOf(address);
    if (state !== undefined) void this.relay.leave(state, address);
  }

  /** @returns whether the address is an answer that somebody waits for */
  take(address: string): boolean {
    const state = stateOf(address);
    const waiting = state === undefined ? undefined : this.waiting.get(state);
    if (state === undefined || !waiting) return false;
    this.waiting.delete(state);
    waiting.answer.resolve(address);
    return true;
  }

  dispose(): void {
    this.store.dispose();
  }

  private pending(uri: string, listener: LoopbackRedirect | undefined): PendingRedirect {
    return {
      uri,
      open: (url, state, serverName, signal) => this.open(url, state, serverName, listener, signal),
      dispose: () => listener?.close(),
    };
  }

  private async open(
    url: string,
    state: string,
    serverName: string,
    listener: LoopbackRedirect | undefined,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const answer = new Deferred<string>();
    const id = this.nextId++;
    this.waiting.set(state, { id, url, answer });
    try {
      const { visitBrowser } = await latePart(() => import('./browserVisit'));
      const copyCommand = `${COPY_ADDRESS}?${encodeURIComponent(JSON.stringify([id]))}`;
      return await visitBrowser({ url, serverName, copyCommand, pasted: answer.promise }, signal, (end) =>
        listener?.wait(state, end),
      );
    } finally {
      this.waiting.delete(state);
      this.ended.fire();
    }
  }

  /** The address of one visit, for a browser that was not opened. */
  private async copyAddress(id: unknown): Promise<void> {
    const visit = [...this.waiting.values()].find((each) => each.id === id);
    if (visit) await vscode.env.clipboard.writeText(visit.url);
  }

  private async takeRelayed(key: string): Promise<void> {
    const state = [...this.waiting.keys()].find((waiting) => this.relay.isFor(key, waiting));
    const address = state === undefined ? undefined : await this.relay.take(state);
    if (address !== undefined) this.take(address);
  }
}

function stateOf(address: string): string | undefined {
  return URL.canParse(address) ? (new URL(address).searchParams.get('state') ?? undefined) : undefined;
}
