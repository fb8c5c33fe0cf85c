/** The ids of a remote server's sessions, as secrets: one proves who asks, like a token (SESS4). It knows nothing else of who that is. */

import type { HttpReply } from '../transport/http/httpClient';
import { MAX_SESSION_ID, SESSION_HEADER } from '../transport/http/requestHeaders';

export class SessionIds {
  /** Those that were told last. */
  private told: ReadonlySet<string> = new Set();

  constructor(
    /** The address of the server as it is configured. */
    private readonly configured: string,
    /** Told what must not be quoted from now on. */
    private readonly holds: (ids: readonly string[]) => void,
  ) {}

  /** A request is about to leave for this address. HTTP+SSE has no header for the id: the server names an address that holds it. */
  asked(url: URL): void {
    if (url.href !== this.configured && url.search !== '') this.tell([...url.searchParams.values()]);
  }

  /** An answer came with these header fields. */
  answered(headers: HttpReply['headers']): void {
    const id = headers[SESSION_HEADER];
    if (typeof id === 'string' && id.length <= MAX_SESSION_ID) this.tell([id]);
  }

  private tell(ids: readonly string[]): void {
    const unknown = ids.filter((id) => !this.told.has(id));
    if (unknown.length === 0) return;
    this.told = new Set(unknown);
    this.holds(unknown);
  }
}
