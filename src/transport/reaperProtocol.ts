/** What the host tells its reaper: one JSON object per line on the reaper's stdin, whose end means that the host is gone. */

import { isObject, own, ownString } from '../base/json';

/** `unwatch` also ends what is left of the launch. */
export interface ReaperCommand {
  readonly op: 'watch' | 'unwatch';
  /** Leader of the server's process group. */
  readonly pid: number;
  /** Value of the launch marker. */
  readonly token: string;
}

/** Reads one line; undefined when it is no command. */
export function readReaperCommand(line: string): ReaperCommand | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    // A line cut off by the death of the host.
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const op = own(value, 'op');
  const pid = own(value, 'pid');
  const token = ownString(value, 'token');
  if ((op !== 'watch' && op !== 'unwatch') || token === undefined) return undefined;
  // 0 and 1 as groups would mean "my own" and "everything".
  return typeof pid === 'number' && Number.isSafeInteger(pid) && pid > 1 ? { op, pid, token } : undefined;
}
