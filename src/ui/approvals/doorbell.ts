/**
 * When a notification points to what waits: a moment after it comes, and at most one in a second. They are never the record: closing one
 * decides nothing, and a late click finds nothing to decide.
 */

import type { ConsentEntry } from '../../host/consentQueue';
import { planRing } from '../../presentation/doorbellPlan';
import { loadPart } from '../lateParts';
import { tellError } from '../registerCommand';
import type { UiContext } from '../uiContext';
import type { Decisions } from './decisions';

/** At most one notification in this time; what comes in between rings together. */
const PAUSE_MS = 1_000;

export class Doorbell {
  private readonly fresh = new Set<number>();
  private lastRing = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ui: UiContext,
    private readonly decisions: Decisions,
  ) {}

  /** Rings for an entry, soon. */
  announce(entry: ConsentEntry): void {
    this.fresh.add(entry.id);
    const wait = Math.max(0, this.lastRing + PAUSE_MS - performance.now());
    this.timer ??= setTimeout(() => void this.ring(), wait);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private async ring(): Promise<void> {
    const { ui, decisions } = this;
    try {
      const { Rings } = await loadPart(async () => await import('./rings'));
      const plan = planRing(ui.host.consent.entries(), this.fresh);
      this.fresh.clear();
      if (!plan) return;
      this.lastRing = performance.now();
      new Rings(ui, decisions).ring(plan);
    } catch (error) {
      tellError(ui.log, 'Telling of what waits', error);
    } finally {
      this.timer = undefined;
    }
  }
}
