/** What the person has allowed for more than once, in one place: where it is given, listed and taken back. */

import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { ConsentQueue } from './consentQueue';
import type { LaunchApprovals } from './launchApprovals';
import type { LaunchPlanner } from './launchPlanner';
import type { ServerRegistry } from './registry';
import type { GrantTerms, SamplingGrants } from './samplingGrants';
import type { Server } from './server';

/** What became of a rule. `not-stored`: the request alone was allowed. */
type AllowedFor = 'allowed' | 'not-stored' | 'gone' | 'not-grantable';

export class Permissions implements Disposable {
  private readonly store = new DisposableStore();
  private readonly changed = this.store.add(new Emitter<void>());

  /** Something was allowed, used or taken back. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly queue: Pick<ConsentQueue, 'get' | 'decide'>,
    readonly grants: SamplingGrants,
    private readonly approvals: LaunchApprovals,
    private readonly servers: Pick<ServerRegistry, 'all'>,
    private readonly planner: Pick<LaunchPlanner, 'placeOf'>,
  ) {
    this.store.add(grants.onDidChange(() => this.changed.fire()));
    this.store.add(approvals.onDidChange(() => this.changed.fire()));
  }

  /** Allows a request that waits, once, and makes a rule of it for those that come after it. */
  async allowFor(entryId: number, terms: GrantTerms): Promise<AllowedFor> {
    const entry = this.queue.get(entryId);
    if (entry?.subject.kind !== 'sampling') return 'gone';
    const { grant: offer, model } = entry.subject;
    const grant = offer && this.grants.make(entry, offer, model, terms);
    if (!grant) return 'not-grantable';
    if (!this.queue.decide(entryId, { kind: 'allow-once' })) return 'gone';
    try {
      await this.grants.add(grant);
      return 'allowed';
    } catch {
      return 'not-stored';
    }
  }

  /** Servers whose launch is approved, as far as they are configured here. */
  approvedServers(): readonly Server[] {
    return this.servers
      .all()
      .filter(({ id, definition }) => this.approvals.has(id, this.planner.placeOf(definition)));
  }

  dispose(): void {
    this.store.dispose();
  }
}
