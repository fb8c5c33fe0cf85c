/** What a node of the Servers tree looks like now: its row, made of what the host knows of what it stands for. */

import type { Host } from '../../host/host';
import type { Server } from '../../host/server';
import type { ListKind } from '../../protocol/model';
import type { Row } from '../../presentation/row';
import {
  listNotes,
  listRow,
  loadingNote,
  problemRow,
  serverNotes,
  serverRow,
} from '../../presentation/serverRows';
import { skillFileRow } from '../../presentation/skillRows';
import { taskRow, tasksRow, type TaskOwner } from '../../presentation/taskRows';
import { usageRow } from '../../presentation/usageRow';
import { findIn, findItem, findSkillFile } from '../items/listedItems';
import { listedRow } from '../items/listedRows';
import type { ShownLists } from '../items/shownLists';
import type { ServerTreeNode } from './nodes';

/** The row of a node; undefined when what it stands for is there no longer. */
export function rowOf(host: Host, node: ServerTreeNode, lists: ShownLists): Row | undefined {
  if (node.kind === 'problem')
    return found(host.problems()[node.index], (problem) => problemRow(problem, node.index));
  const server = host.server(node.serverId);
  if (!server) return undefined;
  const owner = { id: server.id, name: server.definition.name };
  const listed = (list: ListKind, key: string): Row | undefined =>
    found(findIn(list, lists.items(server, list), key), (item) => listedRow(server, list, item));
  switch (node.kind) {
    case 'server':
      return serverRow(server);
    case 'list':
      return listRow(server, node.list);
    case 'note':
      return (node.list === undefined ? serverNotes(server) : listNotesOf(server, node.list, lists)).find(
        ({ id }) => id === node.row,
      );
    case 'tool':
      return listed('tools', node.name);
    case 'resource':
      return listed('resources', node.uri);
    case 'template':
      return listed('resourceTemplates', node.uriTemplate);
    case 'prompt':
      return listed('prompts', node.name);
    case 'tasks':
      return tasksRow(owner, host.tasks.of(server.id));
    case 'task':
      return taskNodeRow(host, { ...owner, isRunning: server.state.kind === 'running' }, node.key);
    case 'usage':
      return usageRow(owner, host.usage.of(server.id));
    case 'skill':
      return listed('skills', node.uri);
    case 'skill-file':
      return found(findItem(server, 'skills', node.uri), (skill) =>
        found(findSkillFile(skill, node.path), (file) => skillFileRow(owner, skill, file)),
      );
  }
}

/** What stands below the items of a list now. */
export function listNotesOf(server: Server, list: ListKind, lists: ShownLists): readonly Row[] {
  return lists.isComing(server, list) ? [loadingNote(server, list)] : notesOf(server, list);
}

const notes = new WeakMap<object, readonly Row[]>();

/** The notes below a list, made once for what they say: many entries that cannot be used are many notes. */
function notesOf(server: Server, list: ListKind): readonly Row[] {
  const state = server.catalog?.list(list);
  let made = state && notes.get(state);
  if (!made) {
    made = listNotes(server, list);
    if (state) notes.set(state, made);
  }
  return made;
}

function taskNodeRow({ tasks, calls }: Host, owner: TaskOwner, key: number): Row | undefined {
  return found(tasks.get(key), (entry) => {
    const call = entry.state.kind === 'running' ? calls.get(entry.state.callId) : undefined;
    return taskRow(owner, entry, call, Date.now());
  });
}

function found<T>(item: T | undefined, row: (item: T) => Row | undefined): Row | undefined {
  return item === undefined ? undefined : row(item);
}
