/** What comes in over HTTP on its way to the handlers: message by message, and held while the handlers are behind (their sockets fill). */

import { Deferred } from '../../base/deferred';
import type { RequestId } from '../../protocol/jsonrpc';
import type { LineLimits } from '../admission';
import type { TransportHandlers } from '../transport';
import { deliver, readWire, type WireItem } from '../wireItems';

export class Intake {
  private held: Deferred<void> | undefined;

  /** @param over ends everything: nothing is handed over any more. */
  constructor(
    private readonly limits: LineLimits,
    private readonly over: AbortSignal,
  ) {}

  pause(): void {
    this.held ??= new Deferred<void>();
  }

  resume(): void {
    const { held } = this;
    this.held = undefined;
    held?.resolve();
  }

  /**
   * Hands over what a body or an event holds.
   * @param during the request of ours on whose stream it came
   * @param onItem is told of each item before it is handed over
   */
  async take(
    bytes: Buffer,
    handlers: TransportHandlers,
    during?: RequestId,
    onItem?: (item: WireItem) => void,
  ): Promise<void> {
    const read = readWire(bytes, this.limits);
    for (const item of read.kind === 'batch' ? read.items : [read]) {
      while (this.held) await this.held.promise;
      if (this.over.aborted) return;
      onItem?.(item);
      deliver(item, {
        onMessage: (message) => handlers.onMessage(message, during),
        onRefused: (refused) => handlers.onRefused(refused),
        onNoise: (noise) => handlers.onNoise(noise),
      });
    }
  }
}
