/**
 * Results that a server of the stateless era allows to be used again for a while (spec: 2026-07-28 server/utilities/caching). One client
 * holds one, so one server and one set of credentials: whether a result is private or public makes no difference here (CACHE6).
 */

import type { Clock } from '../base/clock';
import { own, type JsonObject } from '../base/json';
import { jsonChars } from '../protocol/jsonSize';
import { ClientMethods, type ClientMethod } from '../protocol/methods';
import type { ListKind } from '../protocol/model';

/** The results that may be kept (CACHE1), beside that of the handshake, which is asked for once. */
const CACHEABLE: ReadonlySet<ClientMethod> = new Set([
  ClientMethods.toolsList,
  ClientMethods.promptsList,
  ClientMethods.resourcesList,
  ClientMethods.templatesList,
  ClientMethods.resourcesRead,
]);

const METHOD_OF_LIST: Readonly<Record<ListKind, ClientMethod>> = {
  tools: ClientMethods.toolsList,
  prompts: ClientMethods.promptsList,
  resources: ClientMethods.resourcesList,
  resourceTemplates: ClientMethods.templatesList,
  skills: ClientMethods.skillsList,
};

const MAX_ENTRIES = 256;
/** Bytes of all that is kept, and of one result with the key it is kept under. */
const MAX_BYTES = 16_777_216;
const MAX_ENTRY_BYTES = 4_194_304;
const MAX_CONTAINERS = 100_000;
/** A server that calls something fresh for longer is asked again all the same. */
const LONGEST_MS = 86_400_000;

interface Kept {
  readonly method: ClientMethod;
  readonly uri: string | undefined;
  readonly until: number;
  /** JSON as bytes: outside of the JavaScript heap, and holding on to nothing of the message it came in. */
  readonly bytes: Buffer;
  readonly cost: number;
}

/** Takes the answer of one request, unless what it says has been called outdated meanwhile. */
type Keep = (params: JsonObject, result: JsonObject) => void;

export class ResultCache {
  private readonly kept = new Map<string, Kept>();
  /** Raised by whatever makes results of a method outdated, those on their way among them. */
  private readonly generations = new Map<ClientMethod, number>();
  private bytes = 0;

  constructor(private readonly clock: Clock) {}

  /** What the server answered to exactly this, while that is fresh (CACHE2, CACHE4). A copy, every time. */
  find(method: ClientMethod, params: JsonObject): JsonObject | undefined {
    const key = keyOf(method, params);
    const found = this.kept.get(key);
    if (!found) return undefined;
    this.drop(key, found);
    if (this.clock.monotonic() >= found.until) return undefined;
    this.add(key, found);
    return JSON.parse(found.bytes.toString('utf8')) as JsonObject;
  }

  /** To be called before a request leaves, for its answer. */
  begin(method: ClientMethod): Keep {
    const generation = this.generations.get(method);
    return (params, result) => {
      if (this.generations.get(method) === generation) this.keep(method, params, result);
    };
  }

  /** The server says that a list has changed, which counts more than how long it was to be fresh (CACHE7). */
  listChanged(kind: ListKind): void {
    this.outdate(METHOD_OF_LIST[kind], () => true);
  }

  /** As {@link listChanged}, for a resource; what lies above or below it may be made of it (RSRC6). */
  resourceUpdated(uri: string): void {
    this.outdate(
      ClientMethods.resourcesRead,
      (kept) => kept !== undefined && (kept === uri || isBelow(kept, uri) || isBelow(uri, kept)),
    );
  }

  /** Other credentials, other results: nothing that was answered before them counts (CACHE6, T078). */
  credentialsChanged(): void {
    for (const method of CACHEABLE) this.outdate(method, () => true);
  }

  private keep(method: ClientMethod, params: JsonObject, result: JsonObject): void {
    const fresh = CACHEABLE.has(method) ? freshFor(result) : 0;
    const key = keyOf(method, params);
    const old = this.kept.get(key);
    if (old) this.drop(key, old);
    if (fresh <= 0) return;
    // Looked at before a text is made of it, which could be many times its size.
    if (jsonChars(result, { chars: MAX_ENTRY_BYTES, containers: MAX_CONTAINERS }) === undefined) return;
    const bytes = Buffer.from(JSON.stringify(result), 'utf8');
    const cost = bytes.length + 2 * key.length;
    if (cost > MAX_ENTRY_BYTES) return;
    const uri = own(params, 'uri');
    this.add(key, {
      method,
      uri: typeof uri === 'string' ? uri : undefined,
      until: this.clock.monotonic() + fresh,
      bytes,
      cost,
    });
    // The one that was not used for the longest time goes first.
    for (const [oldest, entry] of this.kept) {
      if (this.kept.size <= MAX_ENTRIES && this.bytes <= MAX_BYTES) break;
      this.drop(oldest, entry);
    }
  }

  private outdate(method: ClientMethod, concerns: (uri: string | undefined) => boolean): void {
    this.generations.set(method, (this.generations.get(method) ?? 0) + 1);
    for (const [key, entry] of this.kept)
      if (entry.method === method && concerns(entry.uri)) this.drop(key, entry);
  }

  private add(key: string, entry: Kept): void {
    this.kept.set(key, entry);
    this.bytes += entry.cost;
  }

  private drop(key: string, entry: Kept): void {
    this.kept.delete(key);
    this.bytes -= entry.cost;
  }
}

/** Milliseconds; absent, negative or no number at all is none (CACHE4). */
function freshFor(result: JsonObject): number {
  const ttl = own(result, 'ttlMs');
  return typeof ttl === 'number' && Number.isFinite(ttl) ? Math.min(ttl, LONGEST_MS) : 0;
}

function keyOf(method: ClientMethod, params: JsonObject): string {
  return `${method.method} ${JSON.stringify(params)}`;
}

/** True for a resource that lies under another one by its address (RSRC6). */
export function isBelow(uri: string, above: string): boolean {
  return uri.startsWith(above.endsWith('/') ? above : `${above}/`);
}
