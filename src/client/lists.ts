/** Reads the lists through all their pages, within bounds, and keeps what need not travel: schemas of tools, digests of skills. */

import type { CancelSignal } from '../base/cancelSignal';
import type { Clock } from '../base/clock';
import { own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok } from '../base/result';
import { ErrorCode } from '../protocol/errorCodes';
import { FailureError, invalidResult, refused, toFailure } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import type { Listing, ListKind, ToolDefinition } from '../protocol/model';
import { paramHeadersOf, readParamHeaders, type ParamHeader } from '../protocol/paramHeaders';
import {
  readPrompt,
  readResource,
  readResourceTemplate,
  readTool,
  summarizeTool,
} from '../protocol/readItems';
import { latePart } from '../transport/latePart';
import type { SendHints } from '../transport/transport';
import { KeptSkills } from './keptSkills';
import { ListDraft, type ListSource } from './listDraft';
import { Patience } from './patience';
import type { ServerSession } from './serverSession';
import { ToolDefinitions } from './toolDefinitions';

/** Bounds of one listing (T102), beside those of what it holds. */
const MAX_PAGES = 100;
const MAX_MS = 30_000;
const MAX_CURSOR = 65_536;
/** Characters of all arguments of one call that are sent as headers, with the names of these (T072). */
const MAX_HEADER_CHARS = 16_384;

interface ListOptions {
  /** Asks the server in any case: the person wants to know what it says now. */
  readonly fresh?: boolean;
  /** The host has no list of the kind: whatever was read before was for somebody else, or is shown no more. */
  readonly isFirst?: boolean;
}

/** Gives the result of one page, or undefined when it is not to be had here. */
type NextPage = (params: JsonObject) => JsonObject | undefined | Promise<JsonObject>;

/** What tools need beside their rows; made anew for each attempt to read them. */
interface ToolDetails {
  readonly definitions: ToolDefinitions;
  readonly headers: Map<string, readonly ParamHeader[]>;
}

const NO_HINTS: SendHints = {};
const TOO_LONG_FOR_HEADERS =
  'The tool wants some of its arguments in headers too, and these are longer than 16 KB together.';
const NOT_AMONG_THOSE_READ =
  'The list of tools could not be read whole, and this tool is not in what was read.';

/** The lists of one session. */
export class Lists {
  private definitions = new ToolDefinitions();
  private keptSkills = new KeptSkills();
  /** Lists that were last read to their end. */
  private readonly whole = new Set<ListKind>();
  /** Arguments that are mirrored in headers, of the tools that have some. */
  private headers: ReadonlyMap<string, readonly ParamHeader[]> = new Map();

  /**
   * @param onWait is told, in milliseconds, before a list waits for a server that is busy
   * @param readsHeaders true over HTTP in the stateless era, where a tool may ask for its arguments in headers (HDR4).
   */
  constructor(
    private readonly session: ServerSession,
    private readonly clock: Clock,
    private readonly onWait: (ms: number) => void,
    private readonly readsHeaders = false,
  ) {}

  /**
   * What a call of a tool needs beside its message, as the tool was last listed (HDR6).
   * @throws FailureError `refused` for arguments that are too long for headers.
   */
  hintsFor(name: string, given: JsonObject): SendHints {
    const mirrored = this.headers.get(name);
    if (!mirrored) return NO_HINTS;
    const headers = paramHeadersOf(mirrored, given);
    // Servers and whatever stands before them refuse more, each in its own words; and none may be left out (HDR1).
    const chars = headers.reduce((sum, [header, value]) => sum + header.length + value.length, 0);
    if (chars > MAX_HEADER_CHARS) throw refused(TOO_LONG_FOR_HEADERS);
    return { headers };
  }

  /**
   * Reads one list. A list the server does not offer is empty.
   * @throws FailureError when not even the first page could be read.
   */
  async list(kind: ListKind, signal: CancelSignal, options: ListOptions = {}): Promise<Listing> {
    switch (kind) {
      case 'tools':
        return await this.listTools(signal, options);
      case 'resources':
        return await this.readAll(kind, () => RESOURCES, signal, options);
      case 'resourceTemplates':
        return await this.listTemplates(signal, options);
      case 'prompts':
        return await this.readAll(kind, () => PROMPTS, signal, options);
      case 'skills':
        return await this.listSkills(signal, options);
    }
  }

  /** The skills as they were last listed. */
  get skills(): KeptSkills {
    return this.keptSkills;
  }

  /**
   * A tool's definition as it was last listed.
   * @throws FailureError `refused` when the server has no such tool; why its list broke off before there was one.
   */
  async describeTool(name: string, signal: CancelSignal): Promise<ToolDefinition> {
    const cut = this.definitions.has(name) ? undefined : (await this.listTools(signal, {})).cut;
    const found = this.definitions.get(name);
    if (found !== undefined) return found;
    if (cut?.failure) throw new FailureError(cut.failure);
    throw refused(cut ? NOT_AMONG_THOSE_READ : 'The server no longer has this tool.');
  }

  private async listTools(signal: CancelSignal, options: ListOptions): Promise<Listing<'tools'>> {
    let details: ToolDetails = { definitions: new ToolDefinitions(), headers: new Map() };
    const listing = await this.readAll<'tools'>(
      'tools',
      () => {
        details = { definitions: new ToolDefinitions(), headers: new Map() };
        return this.toolSource(details);
      },
      signal,
      options,
    );
    if (!this.isLess(listing, options)) {
      this.definitions = details.definitions;
      this.headers = details.headers;
    }
    return listing;
  }

  /** What broke off does not take the place of what was read to its end, which the host goes on showing (T102). */
  private isLess({ kind, cut }: Listing, { isFirst = false }: ListOptions): boolean {
    if (cut?.failure && !isFirst && this.whole.has(kind)) return true;
    if (cut) this.whole.delete(kind);
    else this.whole.add(kind);
    return false;
  }

  private toolSource({ definitions, headers }: ToolDetails): ListSource<'tools'> {
    return {
      method: ClientMethods.toolsList,
      property: 'tools',
      identity: (tool) => tool.name,
      read: (raw) => {
        const tool = readTool(raw);
        if (!tool.ok) return tool;
        const { name, inputSchema } = tool.value;
        const mirrored = this.readsHeaders ? readParamHeaders(inputSchema) : ok([]);
        if (!mirrored.ok) return mirrored;
        if (mirrored.value.length > 0 && !headers.has(name)) headers.set(name, mirrored.value);
        if (!definitions.has(name) && !definitions.keep(tool.value))
          return err('comes after more definitions than can be kept');
        return ok(summarizeTool(tool.value));
      },
    };
  }

  /** No capability tells of templates apart from resources: many a server with resources does not know the request for them. */
  private async listTemplates(
    signal: CancelSignal,
    options: ListOptions,
  ): Promise<Listing<'resourceTemplates'>> {
    try {
      return await this.readAll('resourceTemplates', () => TEMPLATES, signal, options);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== 'server-error' || failure.rpcCode !== ErrorCode.methodNotFound) throw error;
      return new ListDraft('resourceTemplates', TEMPLATES).finish();
    }
  }

  private async listSkills(signal: CancelSignal, options: ListOptions): Promise<Listing<'skills'>> {
    let skills = new KeptSkills();
    const { skillSource } = await latePart(() => import('./skillList'));
    const makeSource = (): ListSource<'skills'> => skillSource((skills = new KeptSkills()));
    const listing = await this.readAll<'skills'>('skills', makeSource, signal, options);
    if (!this.isLess(listing, options)) this.keptSkills = skills;
    return listing;
  }

  /** From what is kept only when all pages are there and fresh: pages of two times make no list of any (CACHE8). */
  private async readAll<K extends ListKind>(
    kind: K,
    makeSource: () => ListSource<K>,
    signal: CancelSignal,
    { fresh = false }: ListOptions,
  ): Promise<Listing<K>> {
    const source = makeSource();
    const { session } = this;
    if (!session.offers(source.method)) return new ListDraft(kind, source).finish();
    const forever = { signal, hasTime: () => true };
    const kept = fresh
      ? undefined
      : await readPages(kind, source, (params) => session.cached(source.method, params), forever);
    if (kept) return kept;
    const patience = new Patience(this.clock, this.onWait);
    const startedAt = this.clock.monotonic();
    const asked = await readPages(
      kind,
      makeSource(),
      (params) => patience.run(() => session.ask(source.method, params, signal), signal),
      { signal, hasTime: () => this.clock.monotonic() - startedAt - patience.waitedMs <= MAX_MS },
    );
    return asked ?? new ListDraft(kind, source).finish();
  }
}

/** @returns undefined as soon as a page is not to be had. @throws what the first page fails with */
async function readPages<K extends ListKind>(
  kind: K,
  source: ListSource<K>,
  next: NextPage,
  { signal, hasTime }: { readonly signal: CancelSignal; readonly hasTime: () => boolean },
): Promise<Listing<K> | undefined> {
  const draft = new ListDraft(kind, source);
  let cursor: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    let result: JsonObject | undefined;
    try {
      result = await next(cursor === undefined ? {} : { cursor });
    } catch (error) {
      if (page === 1 || signal.aborted) throw error;
      return draft.finish(`page ${page} could not be read`, toFailure(error));
    }
    if (!result) return undefined;
    const raw = own(result, source.property);
    if (!Array.isArray(raw)) {
      if (page === 1) throw invalidResult(`${source.property} is not a list`);
      return draft.finish(`page ${page} is not a list`);
    }
    // Some servers mean by an empty cursor that there is no more, and then begin anew.
    if (cursor === '' && draft.holdsAll(raw as readonly JsonValue[])) return draft.finish();
    // It is a cursor like any other (PAGE1).
    cursor = ownString(result, 'nextCursor');
    const cut = draft.addPage(raw as readonly JsonValue[]);
    if (cut !== undefined || cursor === undefined) return draft.finish(cut ?? oddEnd(result));
    if (cursor.length > MAX_CURSOR) return draft.finish('a cursor that is too long');
    const last = draft.addCursor(cursor);
    if (last !== undefined) return draft.finish(last);
    if (!hasTime()) return draft.finish(`not complete after ${MAX_MS / 1_000} s`);
  }
  return draft.finish(`more than ${MAX_PAGES} pages`);
}

/** Many a server writes null where there is no further page; anything else is one that cannot be asked for. */
function oddEnd(result: JsonObject): string | undefined {
  return (own(result, 'nextCursor') ?? null) === null ? undefined : 'a cursor that is no text';
}

const RESOURCES: ListSource<'resources'> = {
  method: ClientMethods.resourcesList,
  property: 'resources',
  read: readResource,
  identity: (resource) => resource.uri,
};

const TEMPLATES: ListSource<'resourceTemplates'> = {
  method: ClientMethods.templatesList,
  property: 'resourceTemplates',
  read: readResourceTemplate,
  identity: (template) => template.uriTemplate,
};

const PROMPTS: ListSource<'prompts'> = {
  method: ClientMethods.promptsList,
  property: 'prompts',
  read: readPrompt,
  identity: (prompt) => prompt.name,
};
