/** One attempt to start a server: decide, let the person approve, resolve, launch, connect. Every way out is an outcome. */

import type { Clock } from '../base/clock';
import type { Logger } from '../base/log';
import type { Root, SignedIn } from '../client/contract';
import { toFailure, type Failure, type SpawnFailure } from '../protocol/failure';
import type { ConnectedServer, ListKind } from '../protocol/model';
import type { Task } from '../protocol/tasks';
import type { Progress } from '../rpc/progressTokens';
import { redact } from '../policy/redact';
import { safeLogText, safeText, type SafeText } from '../policy/safeText';
import type { EntryProblem, ServerEntry } from '../policy/serverEntry';
import { decideStart, type StartTrigger } from '../policy/startDecision';
import type { ServerDefinition } from './definitions';
import type { Elicitation, ElicitationAsker } from './elicitation';
import type { LaunchApprovals } from './launchApprovals';
import type { LaunchPlan, ResolvedLaunch, ResolveError } from './launchPlan';
import type { LaunchPlanner } from './launchPlanner';
import type { ClientPort, LogsPort, ReaperPort, WorkspacePort } from './ports';
import type { Asker, Sampling } from './sampling';
import { noSignIn, type SignIns } from './signIns';
import { ServerConnection, type ConnectionLoss } from './serverConnection';
import type { FailureCause, StopReason } from './serverState';
import { StderrTail } from './stderrTail';

/** What all servers share. */
export interface BringUpContext {
  readonly clock: Clock;
  readonly logs: LogsPort;
  readonly workspace: WorkspacePort;
  readonly planner: LaunchPlanner;
  readonly approvals: LaunchApprovals;
  readonly clients: ClientPort;
  readonly reaper: ReaperPort;
  readonly sampling: Sampling;
  readonly signIns: SignIns;
  readonly elicitation: Elicitation;
  readonly clientInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly roots: () => readonly Root[];
  /** True when this server may ask for sampling or input outside the person's calls. */
  readonly samplingOutsideCalls: (definition: ServerDefinition) => boolean;
  /** Puts an unapproved launch before the person. */
  readonly requestApproval: (definition: ServerDefinition, plan: LaunchPlan, changed: boolean) => void;
  readonly onProgress: (serverId: string, callId: number, progress: Progress) => void;
  readonly onTask: (serverId: string, callId: number, task: Task) => void;
}

export interface AttemptHooks {
  readonly signal: AbortSignal;
  /** A process is about to exist. */
  readonly onStarting: (connection: ServerConnection) => void;
  /** The connection ended by itself; `stderr` holds the server's last lines. */
  readonly onLost: (loss: ConnectionLoss, stderr: readonly string[]) => void;
  readonly onListChanged: (kind: ListKind) => void;
  readonly onResourceUpdated: (uri: string) => void;
  /** Who is signed in to a remote server, while it runs. */
  readonly onSignedIn: (account: SignedIn | undefined) => void;
}

export type AttemptOutcome =
  | { readonly kind: 'stopped'; readonly why: StopReason }
  | { readonly kind: 'failed'; readonly cause: FailureCause }
  | {
      readonly kind: 'running';
      readonly connection: ServerConnection;
      readonly server: ConnectedServer;
      readonly account?: SignedIn;
    };

/** Makes one attempt. Never rejects. */
export async function bringUp(
  context: BringUpContext,
  definition: ServerDefinition,
  trigger: StartTrigger,
  hooks: AttemptHooks,
): Promise<AttemptOutcome> {
  try {
    return await attempt(context, definition, trigger, hooks);
  } catch (error) {
    return failed({ kind: 'failure', failure: toFailure(error), stderr: [] });
  }
}

async function attempt(
  context: BringUpContext,
  definition: ServerDefinition,
  trigger: StartTrigger,
  hooks: AttemptHooks,
): Promise<AttemptOutcome> {
  // Nothing is looked up or expanded for a workspace that is not trusted (T001).
  if (!context.workspace.isTrusted) return stopped({ kind: 'trust' });
  if (definition.shadowedBy !== undefined) return stopped({ kind: 'shadowed' });
  const { entry } = definition;
  if (!entry) return failed({ kind: 'config', problems: definition.problems });
  let resolved: { readonly launch: ResolvedLaunch; readonly fingerprint: string } | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const planned = await context.planner.plan(definition, entry);
    if (hooks.signal.aborted) return stopped({ kind: 'by-person' });
    if (!planned.ok) return failed({ kind: 'config', problems: planned.error });
    const refusal = decide(context, definition, planned.value, trigger);
    if (refusal) return refusal;
    const { fingerprint } = planned.value;
    // What was decided about is what starts: files and links may have changed while the person was asked for inputs (T020).
    if (resolved?.fingerprint === fingerprint)
      return await launch(context, definition, entry, resolved.launch, hooks);
    const values = await context.planner.resolve(
      definition,
      planned.value,
      hooks.signal,
      trigger === 'person',
    );
    if (values.ok) resolved = { launch: values.value, fingerprint };
    else if (values.error !== 'changed') return resolveOutcome(values.error);
  }
  return failed({ kind: 'config', problems: [KEEPS_CHANGING] });
}

/** Looks at an entry whose files change while it is being resolved. */
const MAX_ROUNDS = 5;
const KEEPS_CHANGING: EntryProblem = {
  field: 'envFile',
  message: 'this file, or the program, keeps changing',
};

/** The outcome when the server must not start now, or undefined when it may. */
function decide(
  context: BringUpContext,
  definition: ServerDefinition,
  plan: LaunchPlan,
  trigger: StartTrigger,
): AttemptOutcome | undefined {
  const decision = decideStart({
    workspaceTrusted: context.workspace.isTrusted,
    scope: definition.scope.kind,
    startMode: plan.entry.start,
    trigger,
    approval: context.approvals.check(definition.id, plan.place, plan.fingerprint),
    access: plan.access,
    problems: definition.problems,
    shadowed: definition.shadowedBy !== undefined,
    isRemote: plan.kind === 'remote',
    virtualWorkspace: false,
  });
  switch (decision.kind) {
    case 'start':
      return missingProgram(plan);
    case 'idle':
      return stopped({ kind: 'idle' });
    case 'wait-for-trust':
      return stopped({ kind: 'trust' });
    case 'needs-approval':
      // Nobody is asked about what could not start anyway.
      return missingProgram(plan) ?? askFor(context, definition, plan, decision.changed);
    case 'blocked':
      return stopped(
        decision.cause === 'shadowed' ? { kind: 'shadowed' } : { kind: 'policy', reason: decision.reason },
      );
  }
}

function missingProgram(plan: LaunchPlan): AttemptOutcome | undefined {
  return plan.kind === 'local' && !plan.program.ok ? failed(spawnCause(plan.program.error)) : undefined;
}

function askFor(
  context: BringUpContext,
  definition: ServerDefinition,
  plan: LaunchPlan,
  changed: boolean,
): AttemptOutcome {
  context.requestApproval(definition, plan, changed);
  return stopped({ kind: 'approval', changed });
}

async function launch(
  context: BringUpContext,
  definition: ServerDefinition,
  entry: ServerEntry,
  resolved: ResolvedLaunch,
  hooks: AttemptHooks,
): Promise<AttemptOutcome> {
  const log = redactingLog(context.logs.forServer(definition.id, definition.name), resolved.secrets);
  // Secrets go first: made safe to show, one might no longer look like itself.
  const clean = (text: string, max: number): SafeText => safeLogText(redact(text, resolved.secrets), max);
  const tail = new StderrTail((line) => redact(line, resolved.secrets));
  let loss: ConnectionLoss | undefined;
  let isRunning = false;
  let account: SignedIn | undefined;
  const { id, name } = definition;
  const signIn =
    resolved.signIn &&
    context.signIns.session({ serverId: id, serverName: name, ...resolved.signIn }, () => isRunning);
  const connection = new ServerConnection(
    context.clients.launch(entry.strict ? 'process' : 'thread'),
    context.reaper,
    resolved.token,
    context.clock,
    {
      requests: {
        sample: ({ request, origin }, signal) =>
          // The settings of the moment count, not those of the start.
          context.sampling.serve(askerOf(context, definition, entry), request, origin, log, signal),
        elicit: ({ request, origin }, signal) =>
          context.elicitation.serve(inputAskerOf(context, definition), request, origin, log, signal),
        awaitElicitation: ({ urls, origin }, signal) =>
          context.elicitation.wait(inputAskerOf(context, definition), urls, origin, log, signal),
        roots: () => Promise.resolve(entry.roots === 'workspace' ? context.roots() : []),
        ...(signIn?.requests ?? noSignIn),
      },
      onSignedIn: (signedIn) => {
        account = signedIn;
        if (isRunning) hooks.onSignedIn(signedIn);
      },
      onClosing: () => signIn?.dispose(),
      onSpawned: () => tail.clear(),
      onStderr: (lines, dropped) => {
        tail.add(lines, dropped);
        // A server's stderr is its log, not a sign of an error (STDIO3).
        for (const line of lines) log.info(`[stderr] ${clean(line, MAX_LOG_LINE)}`);
        if (dropped > 0) log.info(`[stderr] (${dropped} more lines were left out)`);
      },
      onWire: ({ message, excerpt }) =>
        log.warn(excerpt === undefined ? message : `${message} "${clean(excerpt, 200)}"`),
      onLogMessage: ({ level, logger, text }) => {
        const from = logger === undefined ? '' : ` ${clean(logger, 80)}:`;
        log.info(`[server ${clean(level, 20)}]${from} ${clean(text, MAX_LOG_LINE)}`);
      },
      onProgress: ({ callId, ...progress }) => context.onProgress(definition.id, callId, progress),
      onTask: ({ callId, task }) => context.onTask(definition.id, callId, task),
      onListChanged: hooks.onListChanged,
      onResourceUpdated: hooks.onResourceUpdated,
      onLost: (lost) => {
        loss = lost;
        hooks.onLost(lost, tail.lines());
      },
    },
  );
  hooks.onStarting(connection);
  log.info(startText(resolved));
  try {
    const server = await connection.connect(
      {
        launch: resolved.spec,
        timeouts: entry.timeouts,
        clientInfo: context.clientInfo,
        offers: {
          sampling: entry.sampling.kind !== 'off',
          roots: entry.roots === 'workspace',
          elicitation: { form: true, url: true },
        },
        ...(entry.logLevel === undefined ? {} : { logLevel: entry.logLevel }),
      },
      hooks.signal,
    );
    // It may be gone again already, reported in the same turn as the end of the negotiation.
    if (loss) return failed(lossCause(loss, tail.lines()));
    log.info(
      `Running: revision ${server.negotiated.revision}, ${safeText(server.info.name, 80)} ${safeText(server.info.version, 40)}.`,
    );
    isRunning = true;
    return { kind: 'running', connection, server, ...(account ? { account } : {}) };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'sign-in-needed' || failure.code === 'sign-in-denied') {
      log.info('The server wants somebody to be signed in.');
      const issuer = failure.code === 'sign-in-needed' ? failure.issuer : undefined;
      return needsSignIn(connection, issuer);
    }
    log.error(`The server did not start (${failure.code}).`);
    return failed(startCause(failure, loss, tail.lines()));
  }
}

function startText({ spec }: ResolvedLaunch): string {
  // An address may hold more than it should; where it leads says enough.
  return 'url' in spec
    ? `Connecting to ${safeLogText(new URL(spec.url).host, 300)}.`
    : `Starting ${safeText(spec.command, MAX_LOG_LINE)} with ${spec.args.length} arguments.`;
}

async function needsSignIn(
  connection: ServerConnection,
  issuer: string | undefined,
): Promise<AttemptOutcome> {
  await connection.close();
  return stopped({ kind: 'sign-in', ...(issuer === undefined ? {} : { issuer }) });
}

/** Longest line written to a log, in characters. */
const MAX_LOG_LINE = 2_000;

function askerOf(context: BringUpContext, definition: ServerDefinition, entry: ServerEntry): Asker {
  const rule = entry.sampling;
  return {
    serverId: definition.id,
    serverName: definition.name,
    rule: rule.kind === 'off' ? rule : { ...rule, outsideCalls: context.samplingOutsideCalls(definition) },
  };
}

function inputAskerOf(context: BringUpContext, definition: ServerDefinition): ElicitationAsker {
  return {
    serverId: definition.id,
    serverName: definition.name,
    outsideCalls: context.samplingOutsideCalls(definition),
  };
}

function redactingLog(log: Logger, secrets: readonly string[]): Logger {
  const clean =
    (write: (message: string) => void) =>
    (message: string): void =>
      write(redact(message, secrets));
  return {
    trace: clean((message) => log.trace(message)),
    debug: clean((message) => log.debug(message)),
    info: clean((message) => log.info(message)),
    warn: clean((message) => log.warn(message)),
    error: clean((message) => log.error(message)),
  };
}

/** An unasked end as a cause. */
export function lossCause(loss: ConnectionLoss, stderr: readonly string[]): FailureCause {
  return loss.kind === 'client-lost'
    ? { kind: 'client-lost', detail: loss.detail, stderr }
    : { kind: 'failure', ...loss.end, stderr };
}

function startCause(
  failure: Failure,
  loss: ConnectionLoss | undefined,
  stderr: readonly string[],
): FailureCause {
  if (loss?.kind === 'client-lost') return lossCause(loss, stderr);
  const exit = failure.code === 'connection-closed' ? failure.exit : undefined;
  return { kind: 'failure', failure, ...(exit === undefined ? {} : { exit }), stderr };
}

function resolveOutcome(error: Exclude<ResolveError, 'changed'>): AttemptOutcome {
  if (error === 'sign-in') return stopped({ kind: 'sign-in' });
  if ('setting' in error) return stopped({ kind: 'policy', reason: error.reason });
  return failed('reason' in error ? spawnCause(error) : { kind: 'config', problems: error });
}

function spawnCause(spawn: SpawnFailure): FailureCause {
  return { kind: 'failure', failure: { code: 'spawn-failed', spawn }, stderr: [] };
}

function stopped(why: StopReason): AttemptOutcome {
  return { kind: 'stopped', why };
}

function failed(cause: FailureCause): AttemptOutcome {
  return { kind: 'failed', cause };
}
