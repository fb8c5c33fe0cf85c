/** Starts a client on a launch that was decided about and resolved, and connects it: from here on something of the server exists. */

import type { Clock } from '../base/clock';
import type { ConnectParams } from '../client/contract';
import { toFailure, type Failure } from '../protocol/failure';
import type { ListKind } from '../protocol/model';
import type { Task } from '../protocol/tasks';
import type { Progress } from '../rpc/progressTokens';
import { safeText } from '../policy/safeText';
import type { ServerEntry } from '../policy/serverEntry';
import type { Accounts } from './accounts';
import { failed, lossCause, startCause, stopped, type AttemptOutcome } from './attemptOutcome';
import type { ServerDefinition } from './definitions';
import type { DecidedLaunch, ResolvedLaunch } from './launchPlan';
import type { ClientPort, LogsPort, ReaperPort } from './ports';
import { ServerConnection, type ConnectionLoss } from './serverConnection';
import { ServerLog } from './serverLog';
import type { Roots, RootsSession } from './roots';
import { ServerSecrets } from './serverSecrets';
import { serverQuestions, type QuestionContext } from './serverQuestions';
import type { EditorAccount, Identity, LastWords, RunningNews } from './serverState';
import { noSignIn, type SignIns } from './signIns';

/** What all servers share of this. */
export interface LaunchContext extends QuestionContext {
  readonly clock: Clock;
  readonly logs: LogsPort;
  readonly clients: ClientPort;
  readonly reaper: ReaperPort;
  readonly signIns: SignIns;
  /** See {@link ConnectParams.longestPauseMs}. */
  readonly longestPauseMs: () => number;
  readonly accounts: Accounts;
  readonly roots: Roots;
  readonly clientInfo: ConnectParams['clientInfo'];
  readonly onProgress: (serverId: string, callId: number, progress: Progress) => void;
  readonly onTask: (serverId: string, callId: number, task: Task) => void;
}

/** What an attempt tells of on its way, and the server it brought up afterwards. */
export interface AttemptHooks {
  readonly signal: AbortSignal;
  /** A process is about to exist. */
  readonly onStarting: (connection: ServerConnection) => void;
  /** The connection ended by itself. */
  readonly onLost: (loss: ConnectionLoss, words: LastWords) => void;
  readonly onListChanged: (kind: ListKind) => void;
  readonly onResourceUpdated: (uri: string) => void;
  /** What has changed about it while it runs. */
  readonly onNews: (news: RunningNews) => void;
  /** Somebody has signed out of it in another window, or of the account that it is used with. */
  readonly onSignedOut: () => void;
}

/** What is known of a launch while it goes on. */
interface Progressing {
  loss?: ConnectionLoss;
  account?: Identity | undefined;
  isRunning: boolean;
}

/** What one launch has of its own. */
interface LaunchParts {
  readonly log: ServerLog;
  readonly secrets: ServerSecrets;
  readonly roots: RootsSession;
  readonly now: Progressing;
}

/** Never rejects but for faults of our own. */
export async function launchServer(
  context: LaunchContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  resolved: DecidedLaunch,
  hooks: AttemptHooks,
): Promise<AttemptOutcome> {
  const secrets = new ServerSecrets(resolved.secrets);
  const log = new ServerLog(context.logs.forServer(definition.id, definition.name), secrets);
  const now: Progressing = { isRunning: false };
  const roots = openRoots(context, definition, entry, resolved, log, () => connection);
  const connection = makeConnection(context, definition, entry, resolved, hooks, {
    log,
    secrets,
    roots,
    now,
  });
  hooks.onStarting(connection);
  log.own.info(startText(resolved));
  try {
    const params: ConnectParams = {
      launch: resolved.spec,
      timeouts: entry.timeouts,
      longestPauseMs: context.longestPauseMs(),
      clientInfo: context.clientInfo,
      offers: {
        sampling: entry.sampling.kind !== 'off',
        samplingTools: context.sampling.takesTools,
        roots: roots.isOffered,
        elicitation: { form: true, url: true },
      },
      ...(entry.logLevel === undefined ? {} : { logLevel: entry.logLevel }),
    };
    const server = await connection.connect(params, hooks.signal);
    // It may be gone again already, reported in the same turn as the end of the negotiation.
    if (now.loss) return failed(lossCause(now.loss, log.lastWords));
    const { negotiated, info } = server;
    log.own.info(
      `Running: revision ${negotiated.revision}, ${safeText(info.name, 80)} ${safeText(info.version, 40)}.`,
    );
    now.isRunning = true;
    return { kind: 'running', connection, server, ...(now.account ? { account: now.account } : {}) };
  } catch (error) {
    return await notStarted(connection, toFailure(error), now.loss, log);
  }
}

function makeConnection(
  context: LaunchContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  resolved: ResolvedLaunch,
  hooks: AttemptHooks,
  { log, secrets, roots, now }: LaunchParts,
): ServerConnection {
  const { id, name } = definition;
  const onIdentity = (account: Identity | undefined): void => noteIdentity(account, now, hooks);
  const onAccount = (account: EditorAccount): void => {
    // A renewed session is still one of the same account.
    if (now.account?.account !== account.account) onIdentity(account);
  };
  const signIn =
    resolved.signIn &&
    context.signIns.session({ serverId: id, serverName: name, ...resolved.signIn }, () => now.isRunning);
  const connection = new ServerConnection(
    context.clients.launch(entry.strict ? 'process' : 'thread'),
    context.reaper,
    resolved.token,
    context.clock,
    {
      requests: {
        ...serverQuestions(context, definition, entry, resolved.fingerprint, log.own),
        ...(signIn?.requests ?? noSignIn),
        roots: async ({ origin }, signal) => await roots.serve(origin, signal),
        accountHeader: () => headerOfAccount(context, definition, resolved, secrets, onAccount),
      },
      onSpawned: () => log.onSpawned(),
      onStderr: (lines, dropped) => log.onStderr(lines, dropped),
      onWire: (note) => log.onWire(note),
      onLogMessage: (message) => log.onLogMessage(message),
      onSecrets: (told) => secrets.add(told),
      cleanFailure: (failure) => secrets.cleanFailure(failure),
      onProgress: ({ callId, ...progress }) =>
        context.onProgress(id, callId, { ...progress, ...cleaned(secrets, progress.message) }),
      onTask: ({ callId, task }) =>
        context.onTask(id, callId, { ...task, ...cleaned(secrets, task.message) }),
      onListChanged: hooks.onListChanged,
      onResourceUpdated: hooks.onResourceUpdated,
      onUnheard: (unheard) => hooks.onNews({ unheard }),
      onSignedIn: onIdentity,
      onReleased: () => [signIn, sessions, roots].forEach((part) => part?.dispose()),
      onLost: (loss) => lost(loss, log, now, hooks),
    },
  );
  const follow = (): void => void followCredentials(connection, now, hooks);
  signIn?.onKept(follow);
  const sessions = resolved.account && context.accounts.onDidChange(resolved.account, follow);
  return connection;
}

function noteIdentity(account: Identity | undefined, now: Progressing, hooks: AttemptHooks): void {
  now.account = account;
  if (now.isRunning) hooks.onNews({ account });
}

function cleaned(secrets: ServerSecrets, text: string | undefined): { readonly message?: string } {
  return text === undefined ? {} : { message: secrets.clean(text) };
}

/** The server's way to the folders; it is told when what it would be told changes. */
function openRoots(
  { roots }: LaunchContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  { fingerprint }: DecidedLaunch,
  log: ServerLog,
  connection: () => ServerConnection,
): RootsSession {
  const { id, name, scope } = definition;
  return roots.open(
    { serverId: id, serverName: name, rule: entry.roots, scope: scope.kind, fingerprint },
    log.own,
    // A server that cannot be told simply keeps what it knows.
    () =>
      void connection()
        .request('notifyRootsChanged', undefined)
        .catch(() => undefined),
  );
}

function lost(loss: ConnectionLoss, log: ServerLog, now: Progressing, hooks: AttemptHooks): void {
  now.loss = loss;
  if (now.isRunning) log.onLost(loss);
  hooks.onLost(loss, log.lastWords);
}

/** As the session is now; nobody is asked. Its token is a secret before the server can have got it. */
async function headerOfAccount(
  { accounts }: LaunchContext,
  definition: ServerDefinition,
  { spec, account }: ResolvedLaunch,
  secrets: ServerSecrets,
  onAccount: (account: EditorAccount) => void,
): Promise<string | undefined> {
  if (!account || !('url' in spec)) return undefined;
  const session = await accounts.session(definition, account, new URL(spec.url), false);
  if (!session) return undefined;
  secrets.add({ of: 'credentials', values: [session.token] });
  onAccount({ ...account, account: session.account });
  return `Bearer ${session.token}`;
}

async function followCredentials(
  connection: ServerConnection,
  now: Progressing,
  hooks: AttemptHooks,
): Promise<void> {
  try {
    const { isSignedOut } = await connection.request('followCredentials', undefined);
    // The person may have begun something else while the client looked.
    if (isSignedOut && now.isRunning && !hooks.signal.aborted) hooks.onSignedOut();
  } catch {
    // It ends, or its store cannot be read now, which the next request will tell.
  }
}

/** How the person was asked to sign in, by the failure that it ended with. */
const ASKED = {
  'sign-in-needed': undefined,
  'sign-in-closed': 'closed',
  'sign-in-denied': 'declined',
} as const;

async function notStarted(
  connection: ServerConnection,
  failure: Failure,
  loss: ConnectionLoss | undefined,
  log: ServerLog,
): Promise<AttemptOutcome> {
  const { code } = failure;
  if (code === 'sign-in-needed' || code === 'sign-in-closed' || code === 'sign-in-denied') {
    log.own.info('The server wants somebody to be signed in.');
    await connection.close();
    const issuer = code === 'sign-in-denied' ? undefined : failure.issuer;
    const asked = ASKED[code];
    return stopped({
      kind: 'sign-in',
      ...(issuer === undefined ? {} : { issuer }),
      ...(asked === undefined ? {} : { asked }),
    });
  }
  log.onFailure('The server did not start', failure);
  return failed(startCause(failure, loss, log.lastWords));
}

function startText({ spec }: ResolvedLaunch): string {
  // An address may hold more than it should; where it leads says enough.
  return 'url' in spec
    ? `Connecting to ${safeText(new URL(spec.url).host, 300)}.`
    : `Starting ${safeText(spec.command, 2_000)} with ${spec.args.length} arguments.`;
}
