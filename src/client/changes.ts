/** What a server tells of its own changes: first what was kept is outdated, and then the host hears of it, at its own pace. */

import type { ListKind } from '../protocol/model';
import type { Unheard } from './contract';
import type { Reports } from './reports';
import type { ResultCache } from './resultCache';

export class Changes {
  constructor(
    private readonly reports: Pick<Reports, 'odd' | 'listChanged' | 'resourceUpdated' | 'unheard'>,
    private readonly cache: ResultCache | undefined,
    private readonly hasSkills: boolean,
  ) {}

  /** Something odd on the wire, in our own words. */
  odd(message: string): void {
    this.reports.odd(message);
  }

  /** From now on the server's changes are not listened to, or they are again. */
  unheard(unheard: Unheard | undefined): void {
    this.reports.unheard(unheard);
  }

  credentialsChanged(): void {
    this.cache?.credentialsChanged();
  }

  listChanged(kind: ListKind): void {
    this.cache?.listChanged(kind);
    this.reports.listChanged(kind);
    // Skills have no notification of their own; what they are made of are resources.
    if (kind === 'resources' && this.hasSkills) this.reports.listChanged('skills');
  }

  /** @param watched the resources that the host hears of: `uri`, and those that it lies under */
  resourceUpdated(uri: string, watched: readonly string[]): void {
    this.cache?.resourceUpdated(uri);
    for (const known of watched) this.reports.resourceUpdated(known);
  }
}
