/** What there is to pick from: waits for lists that are still being read, and says of an empty pick whether that is all there is. */

import * as vscode from 'vscode';

import type { Host } from '../../host/host';
import type { Server } from '../../host/server';
import { failureText } from '../../presentation/failureTexts';
import type { SafeText } from '../../policy/safeText';
import type { ListKind } from '../../protocol/model';
import { withRequestProgress } from '../requestProgress';
import { serverName } from './listedRows';

/** Servers that one message names. */
const MAX_NAMED = 5;

type Lists = Pick<Host, 'servers' | 'onDidChange'>;

/** What is picked from. */
interface Wanted<T> {
  readonly kind: ListKind;
  readonly make: () => Promise<readonly T[]>;
  /** Said when no server has any. */
  readonly none: string;
}

/**
 * Waits, with progress and Cancel, while no server offers anything of these kinds and the list of one is still being read. A list whose time
 * is over is read again meanwhile: what is here already is not waited for.
 * @returns false when the person did not want to wait
 */
export async function listsRead(host: Lists, ...kinds: readonly ListKind[]): Promise<boolean> {
  for (const { catalog } of host.servers()) for (const kind of kinds) catalog?.want(kind);
  if (!isAwaited(host, kinds)) return true;
  return await withRequestProgress(
    vscode.l10n.t('Reading what the servers offer'),
    ({ signal }) =>
      new Promise<boolean>((resolve) => {
        const end = (isRead: boolean): void => {
          watching.dispose();
          resolve(isRead);
        };
        const watching = host.onDidChange(() => {
          if (!isAwaited(host, kinds)) end(true);
        });
        signal?.addEventListener('abort', () => end(false), { once: true });
      }),
  );
}

/** What can be picked; where that is nothing, the person was told why. */
export async function offersOrWhyNot<T>(
  host: Lists & Pick<Host, 'refresh'>,
  { kind, make, none }: Wanted<T>,
): Promise<readonly T[]> {
  while (await listsRead(host, kind)) {
    const offers = await make();
    if (offers.length > 0) return offers;
    // A server may have begun anew meanwhile.
    if (isAwaited(host, [kind])) continue;
    const failed = host.servers().filter((server) => whyUnread(server, kind));
    if (failed.length === 0) {
      void vscode.window.showInformationMessage(none);
      return [];
    }
    if (!(await askToReadAgain(failed, kind))) return [];
    for (const { id } of failed) void host.refresh(id, kind);
  }
  return [];
}

/** Why a server's list could not be read; undefined when it could, or is not over yet. */
export function whyUnread({ catalog }: Server, kind: ListKind): SafeText | undefined {
  const state = catalog?.list(kind);
  return state?.kind === 'failed' ? failureText(state.failure) : undefined;
}

function isAwaited(host: Lists, kinds: readonly ListKind[]): boolean {
  const lists = host
    .servers()
    .flatMap(({ catalog }) => (catalog ? kinds.map((kind) => ({ catalog, kind })) : []));
  return (
    lists.every(({ catalog, kind }) => catalog.items(kind).length === 0) &&
    lists.some(({ catalog, kind }) => {
      const state = catalog.list(kind);
      return state.kind === 'loading' && state.before?.kind !== 'ready';
    })
  );
}

async function askToReadAgain(failed: readonly Server[], kind: ListKind): Promise<boolean> {
  const named = failed.slice(0, MAX_NAMED);
  const names = named.map((server) => serverName({ server })).join('", "');
  const reasons = new Set(named.map((server) => whyUnread(server, kind) ?? ''));
  const again = vscode.l10n.t('Try Again');
  const message = vscode.l10n.t('What "{0}" offers could not be read. {1}', names, [...reasons].join(' '));
  return (await vscode.window.showWarningMessage(message, again)) === again;
}
