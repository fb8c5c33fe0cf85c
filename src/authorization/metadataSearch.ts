/** One look for metadata at several places: what only leads elsewhere is passed by, and told when nothing else is found. */

import type { JsonObject } from '../base/json';
import type { AuthorizationProblem } from '../protocol/authorizationProblem';
import type { FailureError } from '../protocol/failure';
import type { GuardedFetch } from './guardedFetch';
import { fetchMetadata } from './metadata';
import { ElsewhereError, misnamed, problem } from './problem';

export class MetadataSearch {
  private elsewhere: ElsewhereError | undefined;

  constructor(
    private readonly fetch: GuardedFetch,
    private readonly signal: AbortSignal,
  ) {}

  /** What {@link fetchMetadata} gets; undefined also where the place leads elsewhere. @throws FailureError */
  async at(place: URL): Promise<JsonObject | undefined> {
    try {
      return await fetchMetadata(place, this.fetch, this.signal);
    } catch (error) {
      if (!(error instanceof ElsewhereError)) throw error;
      this.elsewhere ??= error;
      return undefined;
    }
  }

  /** The first of these that there are. @throws FailureError */
  async first(places: readonly URL[]): Promise<JsonObject | undefined> {
    for (const place of places) {
      const value = await this.at(place);
      if (value) return value;
    }
    return undefined;
  }

  /** Nothing was found. @param detail as for {@link problem} */
  nothing(code: AuthorizationProblem, detail?: string): FailureError {
    if (!this.elsewhere) return problem(code, detail);
    const { host, to } = this.elsewhere;
    const why = `metadata at ${host} redirect to another place, which is not followed`;
    return to === undefined ? problem(code, why) : misnamed(code, why, `location: ${to}`);
  }
}
