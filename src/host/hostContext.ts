/** What all servers of a host share, put together from its ports and its parts. */

import { longestPause } from '../policy/timeouts';
import { Accounts } from './accounts';
import type { BringUpContext } from './bringUp';
import type { Calls } from './calls';
import type { ConsentQueue } from './consentQueue';
import { Elicitation } from './elicitation';
import type { Inputs } from './inputs';
import type { LaunchApprovals } from './launchApprovals';
import type { LaunchConsent } from './launchConsent';
import { LaunchPlanner } from './launchPlanner';
import type { HostPorts } from './ports';
import type { Roots } from './roots';
import { Sampling } from './sampling';
import type { SamplingGrants } from './samplingGrants';
import type { SamplingLedger } from './samplingLedger';
import type { SamplingRuns } from './samplingRuns';
import type { SignIns } from './signIns';
import type { HostTasks } from './tasks';

/** The host's own parts that servers work with. */
interface HostParts {
  readonly approvals: LaunchApprovals;
  readonly consent: ConsentQueue;
  readonly calls: Calls;
  readonly inputs: Inputs;
  readonly signIns: SignIns;
  readonly tasks: HostTasks;
  readonly launchConsent: LaunchConsent;
  readonly grants: SamplingGrants;
  readonly usage: SamplingLedger;
  readonly runs: SamplingRuns;
  readonly roots: Roots;
}

/** Puts together what every attempt to start a server shares. */
export function hostContext(ports: HostPorts, parts: HostParts): BringUpContext {
  const { clock, machine, settings } = ports;
  const { approvals, consent, calls, inputs, signIns, tasks, launchConsent, grants, usage, runs, roots } =
    parts;
  const accounts = new Accounts(ports.accounts, ports.decisions, machine.sha256);
  return {
    clock,
    logs: ports.logs,
    memory: ports.memory,
    restartsAfterCrash: () => settings.restartAfterCrash,
    workspace: ports.workspace,
    planner: new LaunchPlanner(ports, inputs, accounts),
    approvals,
    clients: ports.clients,
    reaper: ports.reaper,
    signIns,
    accounts,
    sampling: new Sampling(clock, calls, consent, ports.models, settings, grants, usage, runs),
    elicitation: new Elicitation(clock, calls, consent, settings),
    longestPauseMs: () => longestPause(settings.samplingExpiryMs),
    clientInfo: ports.clientInfo,
    roots,
    samplingOutsideCalls: ({ scope, entry }) =>
      settings.samplingOutsideCalls ||
      // Only the person's own entry may widen this (T007).
      (scope.kind === 'user' && entry?.sampling.kind === 'ask' && entry.sampling.outsideCalls),
    requestApproval: launchConsent.request,
    onProgress: (serverId, callId, progress) => {
      calls.report(serverId, callId, progress);
      tasks.progressed(serverId, callId);
    },
    onTask: (serverId, callId, task) => tasks.report(serverId, callId, task),
  };
}
