/** Puts unapproved launches before the person, one question per server, and remembers what was approved. It starts nothing itself. */

import type { Logger } from '../base/log';
import { launchFacts } from '../policy/launchFacts';
import type { ConsentOutcome, ConsentQueue } from './consentQueue';
import type { ServerDefinition } from './definitions';
import type { LaunchApprovals } from './launchApprovals';
import type { LaunchPlan } from './launchPlan';

/** What follows from a decision. Not called for a question that was withdrawn. */
interface LaunchDecisions {
  /** The approval is stored. It is for what was shown; if the entry has changed since, starting asks again. */
  approved(serverId: string): void;
  denied(serverId: string): void;
}

interface Question {
  readonly fingerprint: string;
  readonly abort: AbortController;
}

export class LaunchConsent {
  /** By server, until what follows from the decision is stored. */
  private readonly asked = new Map<string, Question>();

  constructor(
    private readonly queue: ConsentQueue,
    private readonly approvals: LaunchApprovals,
    private readonly log: Logger,
    private readonly decisions: LaunchDecisions,
  ) {}

  /** Asks, unless exactly this is being asked already. A question about an earlier form of the entry is withdrawn. */
  readonly request = (definition: ServerDefinition, plan: LaunchPlan, changed: boolean): void => {
    const { id } = definition;
    if (this.asked.get(id)?.fingerprint === plan.fingerprint) return;
    this.withdraw(id);
    const before = changed ? this.approvals.seen(id, plan.place) : undefined;
    const question: Question = { fingerprint: plan.fingerprint, abort: new AbortController() };
    this.asked.set(id, question);
    void this.queue
      .ask(
        { serverId: id, serverName: definition.name },
        { kind: 'launch', review: plan.review, changed, ...(before ? { before } : {}) },
        { signal: question.abort.signal },
      )
      .then((outcome) => this.follow(id, plan, question, outcome));
  };

  /** Takes the question about a server back, and what would follow from its answer. */
  withdraw(serverId: string): void {
    this.asked.get(serverId)?.abort.abort();
    this.asked.delete(serverId);
  }

  private async follow(
    id: string,
    plan: LaunchPlan,
    question: Question,
    outcome: ConsentOutcome,
  ): Promise<void> {
    const stored = outcome.kind === 'allow-once' && (await this.store(id, plan));
    if (this.asked.get(id) === question) this.asked.delete(id);
    // Stopped, removed or changed while the decision was on its way: it is remembered, but nothing follows.
    if (question.abort.signal.aborted) return;
    if (stored) this.decisions.approved(id);
    else if (outcome.kind === 'deny') this.decisions.denied(id);
  }

  /** @returns false when it could not be remembered: then it is no approval, and the next start asks again. */
  private async store(id: string, plan: LaunchPlan): Promise<boolean> {
    try {
      await this.approvals.approve(id, plan.place, plan.fingerprint, launchFacts(plan.review));
      return true;
    } catch {
      // The reason comes from the editor's storage and may name paths.
      this.log.error('An approval could not be stored; the server does not start.');
      return false;
    }
  }
}
