/** One attempt to start a server: decide, let the person approve, resolve, launch, connect. Every way out is an outcome. */

import { toFailure, type SpawnFailure } from '../protocol/failure';
import type { EntryProblem } from '../policy/serverEntry';
import { decideStart, type StartDecision, type StartTrigger } from '../policy/startDecision';
import { failed, stopped, type AttemptOutcome } from './attemptOutcome';
import type { ServerDefinition } from './definitions';
import type { LaunchApprovals } from './launchApprovals';
import type { DecidedLaunch, LaunchPlan, ResolveError } from './launchPlan';
import type { LaunchPlanner } from './launchPlanner';
import type { RestartContext } from './crashRestarts';
import { launchServer, type AttemptHooks, type LaunchContext } from './launchServer';
import type { WorkspacePort } from './ports';
import type { FailureCause } from './serverState';

/** What all servers share. */
export interface BringUpContext extends LaunchContext, RestartContext {
  readonly workspace: WorkspacePort;
  readonly planner: LaunchPlanner;
  readonly approvals: LaunchApprovals;
  /** Puts an unapproved launch before the person. */
  readonly requestApproval: (definition: ServerDefinition, plan: LaunchPlan, changed: boolean) => void;
}

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
  let resolved: DecidedLaunch | undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const planned = await context.planner.plan(definition, entry);
    if (hooks.signal.aborted) return stopped({ kind: 'by-person' });
    if (!planned.ok) return failed({ kind: 'config', problems: planned.error });
    const refusal = decide(context, definition, planned.value, trigger);
    if (refusal) return refusal;
    const { fingerprint } = planned.value;
    // What was decided about is what starts: files and links may have changed while the person was asked for inputs (T020).
    if (resolved?.fingerprint === fingerprint)
      return await launchServer(context, definition, entry, resolved, hooks);
    const values = await context.planner.resolve(
      definition,
      planned.value,
      hooks.signal,
      trigger === 'person' ? 'all' : 'inputs',
    );
    if (values.ok) resolved = { ...values.value, fingerprint };
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

/** Whether a planned launch may be made for this reason. */
export function startDecision(
  context: Pick<BringUpContext, 'workspace' | 'approvals'>,
  definition: ServerDefinition,
  plan: LaunchPlan,
  trigger: StartTrigger,
): StartDecision {
  return decideStart({
    workspaceTrusted: context.workspace.isTrusted,
    scope: definition.scope.kind,
    startMode: plan.entry.start,
    trigger,
    approval: context.approvals.check(definition.id, plan.place, plan.fingerprint),
    access: plan.access,
    problems: definition.problems,
    shadowed: definition.shadowedBy !== undefined,
  });
}

/** The outcome when the server must not start now, or undefined when it may. */
function decide(
  context: BringUpContext,
  definition: ServerDefinition,
  plan: LaunchPlan,
  trigger: StartTrigger,
): AttemptOutcome | undefined {
  const decision = startDecision(context, definition, plan, trigger);
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

function resolveOutcome(error: Exclude<ResolveError, 'changed'>): AttemptOutcome {
  if (error === 'sign-in') return stopped({ kind: 'sign-in' });
  if ('setting' in error) return stopped({ kind: 'policy', reason: error.reason });
  return failed('reason' in error ? spawnCause(error) : { kind: 'config', problems: error });
}

function spawnCause(spawn: SpawnFailure): FailureCause {
  return { kind: 'failure', failure: { code: 'spawn-failed', spawn }, stderr: [] };
}
