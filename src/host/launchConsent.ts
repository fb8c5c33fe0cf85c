/** Puts unapproved launches before the person, one question per server, and remembers what was approved. It starts nothing itself. */

import type { Logger } from '../base/log';
import { launchFacts } from '../policy/launchFacts';
import type * as ReviewCode from '../policy/launchReview';
import type { ConsentQueue } from './consentQueue';
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

const MISSING = 'A part of MCP Host is missing, so nobody can be asked about a server. Reload the window.';

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
    const question: Question = { fingerprint: plan.fingerprint, abort: new AbortController() };
    this.asked.set(id, question);
    void this.ask(definition, plan, question, changed);
  };

  /** Takes the question about a server back, and what would follow from its answer. */
  withdraw(serverId: string): void {
    this.asked.get(serverId)?.abort.abort();
    this.asked.delete(serverId);
  }

  private async ask(
    { id, name }: ServerDefinition,
    plan: LaunchPlan,
    question: Question,
    changed: boolean,
  ): Promise<void> {
    const { signal } = question.abort;
    const code = await this.loadReview();
    if (!code) {
      if (this.asked.get(id) === question) this.asked.delete(id);
      return;
    }
    const review = code.describeLaunch(plan.toReview);
    const before = changed ? this.approvals.seen(id, plan.place) : undefined;
    const outcome = await this.queue.ask(
      { serverId: id, serverName: name },
      { kind: 'launch', review, changed, ...(before ? { before } : {}) },
      { signal },
    );
    const stored = outcome.kind === 'allow-once' && (await this.store(id, plan, review));
    if (this.asked.get(id) === question) this.asked.delete(id);
    // Stopped, removed or changed while the decision was on its way: it is remembered, but nothing follows.
    if (signal.aborted) return;
    if (stored) this.decisions.approved(id);
    else if (outcome.kind === 'deny') this.decisions.denied(id);
  }

  /** Most starts need no question, so the code that describes a launch is loaded with the first one. */
  private async loadReview(): Promise<typeof ReviewCode | undefined> {
    try {
      return await import('../policy/launchReview');
    } catch {
      // The reason would name files of this machine.
      this.log.error(MISSING);
      return undefined;
    }
  }

  /** @returns false when it could not be remembered: then it is no approval, and the next start asks again. */
  private async store(id: string, plan: LaunchPlan, review: ReviewCode.LaunchReview): Promise<boolean> {
    try {
      await this.approvals.approve(id, plan.place, plan.fingerprint, launchFacts(review));
      return true;
    } catch {
      // The reason comes from the editor's storage and may name paths.
      this.log.error('An approval could not be stored; the server does not start.');
      return false;
    }
  }
}
