/** Reads how a server is started or reached: the `command` and `url` families of fields of an entry. */

import type { JsonValue } from '../base/json';
import type { FieldReader, ProblemList } from './fieldReader';
import { readAccount, readOAuth } from './readOAuth';
import { urlTrouble } from './remoteUrl';
import type { LocalLaunch, RemoteLaunch, RemoteTransport } from './serverEntry';

/** Bounds of lists in a launch. */
const LAUNCH_LIMITS = { args: 1_000, env: 500, headers: 100 } as const;

/** Fields of a local server. */
export const LOCAL_FIELDS = ['command', 'args', 'cwd', 'env', 'envFile'] as const;
/** Fields of a remote server. */
export const REMOTE_FIELDS = ['url', 'headers', 'oauth', 'account'] as const;

/**
 * Reads the launch of an entry. `type` is optional, because `command` or `url` already tells; it must not contradict.
 * @returns undefined after reporting at least one problem.
 */
export function readLaunch(reader: FieldReader, found: ProblemList): LocalLaunch | RemoteLaunch | undefined {
  const type = reader.oneOf('type', ['stdio', 'http', 'sse'] as const);
  const local = reader.has('command');
  const remote = reader.has('url');
  if (local && remote) return found.problem('url', 'an entry has either "command" or "url", not both');
  if (!local && !remote)
    return found.problem('command', 'an entry needs "command" (a local server) or "url" (a remote one)');
  if (type !== undefined && (type === 'stdio') !== local) {
    return found.problem('type', `"${type}" does not go with "${local ? 'command' : 'url'}"`);
  }
  for (const field of local ? REMOTE_FIELDS : LOCAL_FIELDS) {
    if (reader.has(field)) found.warning(field, `has no effect on a ${local ? 'local' : 'remote'} server`);
  }
  return local
    ? readLocal(reader, found)
    : readRemote(reader, found, type === 'http' || type === 'sse' ? type : 'auto');
}

function readLocal(reader: FieldReader, found: ProblemList): LocalLaunch | undefined {
  const command = reader.filledString('command');
  const args = reader.stringList('args', LAUNCH_LIMITS.args) ?? [];
  const cwd = reader.filledString('cwd');
  const envFile = reader.filledString('envFile');
  const env = reader.map('env', LAUNCH_LIMITS.env, (name, value, field) =>
    readEnvValue(reader, found, name, value, field),
  );
  if (command === undefined) return undefined;
  return {
    kind: 'local',
    command,
    args,
    env: env ?? new Map<string, string | null>(),
    ...(cwd === undefined ? {} : { cwd }),
    ...(envFile === undefined ? {} : { envFile }),
  };
}

/** Numbers are taken as text, as in the editor's own files; null removes a variable. */
function readEnvValue(
  reader: FieldReader,
  found: ProblemList,
  name: string,
  value: JsonValue,
  field: string,
): string | null | undefined {
  if (!/^[^=\s\p{C}]{1,256}$/u.test(name)) return found.problem(field, 'is not a name a variable can have');
  if (value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value !== 'string') return reader.wrongType(field, 'a string, a number or null', value);
  return reader.checkedString(value, field);
}

function readRemote(
  reader: FieldReader,
  found: ProblemList,
  transport: RemoteTransport,
): RemoteLaunch | undefined {
  const url = reader.filledString('url');
  const headers = reader.map('headers', LAUNCH_LIMITS.headers, (name, value, field) => {
    if (!/^[!#$%&'*+.^`|~\w-]{1,256}$/.test(name)) return found.problem(field, 'is not a header name');
    const text = reader.checkedString(value, field);
    if (text === undefined || !/[\r\n]/.test(text)) return text;
    return found.problem(field, 'contains a line break');
  });
  noteSameHeaders([...(headers?.keys() ?? [])], found);
  const oauth = readOAuth(reader, found);
  const account = readAccount(reader, found);
  if (account && headers && [...headers.keys()].some((name) => name.toLowerCase() === 'authorization'))
    found.problem('account', 'does not go with a header Authorization');
  if (url === undefined) return undefined;
  // What holds variables can only be judged once they are replaced.
  const trouble = url.includes('${') ? undefined : urlTrouble(url);
  if (trouble !== undefined) return found.problem('url', trouble);
  return {
    kind: 'remote',
    url,
    transport,
    headers: headers ?? new Map<string, string>(),
    ...(oauth ? { oauth } : {}),
    ...(account ? { account } : {}),
  };
}

function noteSameHeaders(names: readonly string[], found: ProblemList): void {
  const seen = new Set<string>();
  for (const name of names) {
    const lower = name.toLowerCase();
    if (seen.has(lower))
      found.problem(`headers.${name}`, 'is there twice; case does not count in header names');
    seen.add(lower);
  }
}
