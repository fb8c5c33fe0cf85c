/** The Servers view as rows: servers, their lists, what is in them, and notes where something needs saying. */

import type { ListState } from '../host/catalog';
import type { ScopeProblem } from '../host/registry';
import type { Server } from '../host/server';
import type { ServerState } from '../host/serverState';
import { LIST_KINDS, type ListKind } from '../protocol/model';
import { ItemKinds } from '../contributions/ids';
import { safe, safeText, type SafeText } from '../policy/safeText';
import { joinSafe } from './consentTexts';
import { failureText } from './failureTexts';
import type { Row, RowIcon } from './row';
import { flagsOf } from './serverFlags';
import {
  accountText,
  awaitedText,
  cutListText,
  failureLines,
  scopeText,
  sharedFoldersText,
  signedInText,
  statusLabel,
  unheardText,
} from './serverTexts';

const LIST_TITLES: Readonly<Record<ListKind, { readonly title: SafeText; readonly icon: string }>> = {
  tools: { title: safe`Tools`, icon: 'tools' },
  resources: { title: safe`Resources`, icon: 'library' },
  resourceTemplates: { title: safe`Resource Templates`, icon: 'symbol-snippet' },
  prompts: { title: safe`Prompts`, icon: 'comment-discussion' },
  skills: { title: safe`Skills`, icon: 'mortar-board' },
};

const WARNING: RowIcon = { id: 'warning', color: 'problemsWarningIcon.foreground' };
const ERROR: RowIcon = { id: 'error', color: 'errorForeground' };

/** The row of a server. */
export function serverRow(server: Server): Row {
  const { state, definition } = server;
  const name = safeText(definition.name, 80);
  const status = server.runsOldDefinition ? safe`running, entry changed` : statusLabel(server);
  const detail = detailOf(state);
  const description = detail === undefined ? status : safe`${status} · ${detail}`;
  return {
    // A row that gains children is a new row to the editor, which would otherwise keep it collapsed.
    id: JSON.stringify(['server', server.id, childrenOf(server) === 'none' ? 'leaf' : 'tree']),
    label: name,
    description,
    tooltip: () => tooltipOf(server, name, description),
    icon: iconOf(server),
    context: [ItemKinds.server, ...flagsOf(server)].join(' '),
    children: childrenOf(server),
    spoken: safe`${name}, server, ${description}`,
    ...(definition.shadowedBy === undefined ? {} : { faded: true }),
  };
}

/** The lists of a running server that it offers at all. */
export function listsOf(server: Server): readonly ListKind[] {
  const { catalog } = server;
  return catalog ? LIST_KINDS.filter((kind) => catalog.list(kind).kind !== 'absent') : [];
}

/** The row of one list, with its count. */
export function listRow(server: Server, kind: ListKind): Row {
  const { title, icon } = LIST_TITLES[kind];
  const state = shownState(server, kind);
  const count = server.catalog?.items(kind).length ?? 0;
  const description = listDescription(state, count);
  return {
    id: JSON.stringify(['list', server.id, kind]),
    label: title,
    description,
    tooltip: () => [title, description],
    icon: state.kind === 'failed' ? WARNING : { id: icon },
    context: ItemKinds.list,
    children: 'collapsed',
    spoken: safe`${title} of ${safeText(server.definition.name, 80)}, ${description}`,
  };
}

/** While a list is read again it is shown as it was: what is the same is not drawn anew. */
function shownState(server: Server, kind: ListKind): ListState {
  const state: ListState = server.catalog?.list(kind) ?? { kind: 'absent' };
  return (state.kind === 'loading' ? state.before : undefined) ?? state;
}

function listDescription(state: ListState, count: number): SafeText {
  switch (state.kind) {
    case 'absent':
      return safe``;
    case 'loading':
      return safe`loading…`;
    case 'failed':
      return state.last ? safe`${count}, out of date` : safe`could not be read`;
    case 'ready': {
      const rejected = state.listing.rejected.length;
      const parts = [
        safe`${count}`,
        ...(state.hidden > 0 ? [safe`${state.hidden} hidden`] : []),
        ...(rejected > 0 ? [safe`${rejected} not usable`] : []),
        ...(state.listing.cut === undefined ? [] : [safe`incomplete`]),
      ];
      return joinSafe(parts, safe`, `);
    }
  }
}

/** What stands below a list that is still to come. */
export function loadingNote({ id }: Server, kind: ListKind): Row {
  return noteRow(JSON.stringify(['note', id, kind, 'loading']), safe`Loading…`, { id: 'loading~spin' });
}

/** Notes below a list: why it is incomplete, what was rejected, why it failed. */
export function listNotes(server: Server, kind: ListKind): readonly Row[] {
  const state = shownState(server, kind);
  const id = (key: string): string => JSON.stringify(['note', server.id, kind, key]);
  switch (state.kind) {
    case 'absent':
      return [];
    case 'loading':
      return [loadingNote(server, kind)];
    case 'failed':
      return [noteRow(id('failed'), failureText(state.failure), WARNING)];
    case 'ready': {
      const { cut, rejected, items } = state.listing;
      return [
        ...(items.length === 0 && rejected.length === 0
          ? [noteRow(id('empty'), safe`None`, { id: 'dash' })]
          : []),
        ...(cut === undefined ? [] : [noteRow(id('cut'), cutListText(cut), WARNING)]),
        ...rejected
          .slice(0, MAX_REJECTED)
          .map((item) =>
            noteRow(
              id(`rejected-${item.index}`),
              safe`Not usable: ${item.name === undefined ? safe`entry ${item.index + 1}` : safeText(item.name, 80)} ${safeText(item.reason)}`,
              WARNING,
            ),
          ),
      ];
    }
  }
}

/** Rejected entries shown one by one. */
const MAX_REJECTED = 50;

/** What a server says below itself, beside its lists. */
export function serverNotes(server: Server): readonly Row[] {
  const { state, definition } = server;
  const id = (key: string): string => JSON.stringify(['note', server.id, key]);
  if (state.kind === 'failed')
    return [
      ...failureLines(state).map((line, index) =>
        noteRow(id(`cause-${index}`), line, index === 0 || isEntryWrong(state) ? ERROR : { id: 'terminal' }),
      ),
      // What nobody knows in an entry that cannot be used is often what makes it so.
      ...(isEntryWrong(state) ? warningLines(server) : []).map((line, index) =>
        noteRow(id(`warning-${index}`), line, WARNING),
      ),
    ];
  if (server.awaitedSignIn !== undefined) {
    const { short, full } = awaitedText(server.awaitedSignIn);
    return [{ ...noteRow(id('sign-in'), short, { id: 'arrow-right' }), tooltip: () => [full] }];
  }
  if (state.kind === 'starting') return [noteRow(id('starting'), safe`Starting…`, { id: 'loading~spin' })];
  if (definition.shadowedBy !== undefined)
    return [
      noteRow(id('shadowed'), safe`A server of the same name in a narrower scope is used instead.`, {
        id: 'info',
      }),
    ];
  if (state.kind === 'stopped' && state.why.kind === 'policy')
    return [noteRow(id('policy'), safeText(state.why.reason), { id: 'lock' })];
  if (state.kind !== 'running') return [];
  const { unheard } = state;
  const told = unheard && unheardText(unheard);
  return [
    ...(told ? [{ ...noteRow(id('unheard'), told.short, WARNING), tooltip: () => [told.full] }] : []),
    ...(listsOf(server).length === 0
      ? [noteRow(id('nothing'), safe`It offers no tools, resources or prompts.`, { id: 'dash' })]
      : []),
  ];
}

/** The row of a scope of `mcpHost.servers` that is not used, or not whole. @param index its place among all of them */
export function problemRow({ message, scope }: ScopeProblem, index: number): Row {
  const text = safeText(`${message} (${scopeText(scope)})`);
  return noteRow(JSON.stringify(['problem', index]), text, ERROR);
}

function noteRow(id: string, text: SafeText, icon: RowIcon): Row {
  return {
    id,
    label: text,
    tooltip: () => [text],
    icon,
    context: ItemKinds.note,
    children: 'none',
    spoken: text,
  };
}

function detailOf(state: ServerState): SafeText | undefined {
  if (state.kind !== 'running') return undefined;
  const revision = safeText(state.server.negotiated.revision);
  // A narrow view cuts the end: who is signed in matters more than the revision.
  return state.account ? safe`${accountText(state.account)} · ${revision}` : revision;
}

function tooltipOf(server: Server, name: SafeText, description: SafeText): readonly SafeText[] {
  const { state, definition } = server;
  const lines = [name, description, safe`From ${scopeText(definition.scope)}`];
  if (server.awaitedSignIn !== undefined) lines.push(awaitedText(server.awaitedSignIn).full);
  if (state.kind === 'running') {
    const { info, negotiated } = state.server;
    const era = negotiated.era === 'modern' ? safe`stateless` : safe`stateful`;
    lines.push(safe`Revision ${safeText(negotiated.revision)} (${era})`);
    lines.push(safe`Calls itself "${safeText(info.title ?? info.name, 80)}" ${safeText(info.version, 40)}`);
    if (state.pid !== undefined) lines.push(safe`Process ${state.pid}`);
    if (state.account) lines.push(signedInText(state.account));
    if (state.unheard) lines.push(unheardText(state.unheard).full);
    const { sharedFolders } = server;
    if (sharedFolders) lines.push(sharedFoldersText(sharedFolders));
  }
  if (state.kind === 'failed') lines.push(...failureLines(state));
  if (state.kind === 'stopped' && state.why.kind === 'policy') lines.push(safeText(state.why.reason));
  if (server.runsOldDefinition)
    lines.push(
      safe`Its entry has changed since it started. Review it, or restart the server, to use the new one.`,
    );
  return [...lines, ...warningLines(server)];
}

function warningLines({ definition }: Server): readonly SafeText[] {
  return definition.warnings.map(({ field, message }) => safe`${safeText(field, 80)}: ${safeText(message)}`);
}

function isEntryWrong(state: ServerState): boolean {
  return state.kind === 'failed' && state.cause.kind === 'config';
}

function iconOf({ state, definition, runsOldDefinition, awaitsRestart, awaitedSignIn }: Server): RowIcon {
  if (definition.shadowedBy !== undefined) return { id: 'circle-slash', color: 'disabledForeground' };
  if (runsOldDefinition) return WARNING;
  if (awaitedSignIn !== undefined) return STOP_ICONS['sign-in'];
  switch (state.kind) {
    case 'running':
      return { id: 'circle-filled', color: 'testing.iconPassed' };
    case 'starting':
    case 'stopping':
      return { id: 'loading~spin' };
    case 'failed':
      return awaitsRestart ? { id: 'history', color: 'problemsWarningIcon.foreground' } : ERROR;
    case 'stopped':
      return STOP_ICONS[state.why.kind];
  }
}

const STOP_ICONS: Readonly<Record<Extract<ServerState, { kind: 'stopped' }>['why']['kind'], RowIcon>> = {
  idle: { id: 'circle-outline' },
  'by-person': { id: 'circle-outline' },
  'ended-by-itself': { id: 'circle-outline' },
  trust: { id: 'lock' },
  approval: { id: 'shield', color: 'problemsWarningIcon.foreground' },
  denied: { id: 'circle-slash' },
  'sign-in': { id: 'account', color: 'problemsWarningIcon.foreground' },
  shadowed: { id: 'circle-slash', color: 'disabledForeground' },
  policy: { id: 'lock' },
};

function childrenOf(server: Server): Row['children'] {
  const { state, definition } = server;
  if (state.kind === 'running' || state.kind === 'starting' || state.kind === 'failed') return 'expanded';
  // Expanding a server that starts on demand starts it.
  const onDemand = definition.entry?.start === 'onDemand' && definition.shadowedBy === undefined;
  if (server.isLive || onDemand) return 'collapsed';
  return serverNotes(server).length > 0 ? 'collapsed' : 'none';
}
