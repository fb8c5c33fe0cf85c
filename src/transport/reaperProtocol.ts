/**
 * What the host and its reaper tell each other: one JSON object per line, commands on the reaper's stdin, whose end means that the
 * host is gone, and reports on its stdout.
 */

import { isObject, own, ownString, parseJson, type JsonObject } from '../base/json';

/** A process that leads a group of a launch. */
export interface GroupLeader {
  readonly pid: number;
  /** When it started, where that is known: what makes it this process and not a later one of the same pid. */
  readonly started?: string;
}

/** `token` is the value of the launch marker. */
export type ReaperCommand =
  /** Nothing of this launch outlives the host; `leader` adds one process group to it. */
  | { readonly op: 'watch'; readonly token: string; readonly leader?: GroupLeader }
  /** The launch is over: what is left of it is ended now. */
  | { readonly op: 'unwatch'; readonly token: string };

/** What the reaper tells its host. */
export type ReaperReport =
  /** When a leader started, for the next reaper: it could not tell the leader from a later process of the same pid. */
  | { readonly op: 'started'; readonly token: string; readonly leader: Required<GroupLeader> }
  /** Nothing is left of a launch that was unwatched, or nothing more can be done about it. */
  | { readonly op: 'over'; readonly token: string };

/** Reads one line; undefined when it is no command. */
export function readReaperCommand(line: string): ReaperCommand | undefined {
  const value = readLine(line);
  const token = ownString(value, 'token');
  if (token === undefined) return undefined;
  switch (own(value, 'op')) {
    case 'watch': {
      const given = own(value, 'leader');
      if (given === undefined) return { op: 'watch', token };
      const leader = readLeader(given);
      return leader && { op: 'watch', token, leader };
    }
    case 'unwatch':
      return { op: 'unwatch', token };
    default:
      return undefined;
  }
}

/** Reads one line; undefined when it is no report. */
export function readReaperReport(line: string): ReaperReport | undefined {
  const value = readLine(line);
  const token = ownString(value, 'token');
  if (token === undefined) return undefined;
  switch (own(value, 'op')) {
    case 'started': {
      const { pid, started } = readLeader(own(value, 'leader')) ?? {};
      return pid === undefined || started === undefined
        ? undefined
        : { op: 'started', token, leader: { pid, started } };
    }
    case 'over':
      return { op: 'over', token };
    default:
      return undefined;
  }
}

/** Puts a stream of text together to whole lines. What a death cuts off is never one. */
export class ProtocolLines {
  private rest = '';

  /** @returns the lines that are whole now. */
  push(text: string): readonly string[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }
}

/** What is no object, as a line cut off by a death, says as little as an empty one. */
function readLine(line: string): JsonObject {
  const value = parseJson(line);
  return isObject(value) ? value : {};
}

function readLeader(value: unknown): GroupLeader | undefined {
  if (!isObject(value)) return undefined;
  const pid = own(value, 'pid');
  const started = ownString(value, 'started');
  // 0 and 1 as groups would mean "my own" and "everything".
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  return { pid, ...(started === undefined ? {} : { started }) };
}
