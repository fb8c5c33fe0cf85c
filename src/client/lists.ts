/** Reads the four lists through all their pages, within bounds, and keeps tool definitions so that schemas need not travel. */

import type { Clock } from '../base/clock';
import { own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { cutText } from '../protocol/cutText';
import { describeFailure, FailureError, toFailure } from '../protocol/failure';
import { ClientMethods, type ClientMethod } from '../protocol/methods';
import type {
  Listing,
  ListItems,
  ListKind,
  RejectedItem,
  ToolDefinition,
  ToolSummary,
} from '../protocol/model';
import { readPrompt, readResource, readResourceTemplate, readTool } from '../protocol/readItems';
import type { ServerSession } from './serverSession';

/** Bounds of one listing (T102). */
const MAX_PAGES = 100;
const MAX_ITEMS = 5_000;
const MAX_MS = 30_000;
const MAX_CURSOR = 65_536;
/** Characters of all tool definitions of one listing: with many pages they would fill the heap. */
const MAX_DEFINITION_CHARS = 33_554_432;

interface ListSource<K extends ListKind> {
  readonly method: ClientMethod;
  /** The property of the result that holds the items. */
  readonly property: string;
  readonly read: (raw: JsonValue) => Result<ListItems[K], string>;
  /** What must be unique. */
  readonly identity: (item: ListItems[K]) => string;
}

/** The lists of one session. */
export class Lists {
  /** As JSON: one text each is compact, and holds on to nothing of the message it came in. */
  private definitions = new Map<string, string>();

  constructor(
    private readonly session: ServerSession,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads one list. A list the server does not offer is empty.
   * @throws FailureError when not even the first page could be read.
   */
  async list(kind: ListKind, signal: AbortSignal): Promise<Listing> {
    switch (kind) {
      case 'tools':
        return await this.listTools(signal);
      case 'resources':
        return await this.readAll(kind, RESOURCES, signal);
      case 'resourceTemplates':
        return await this.readAll(kind, TEMPLATES, signal);
      case 'prompts':
        return await this.readAll(kind, PROMPTS, signal);
    }
  }

  /**
   * A tool's definition as it was last listed.
   * @throws FailureError `refused` when the server has no such tool.
   */
  async describeTool(name: string, signal: AbortSignal): Promise<ToolDefinition> {
    if (!this.definitions.has(name)) await this.listTools(signal);
    const found = this.definitions.get(name);
    if (found === undefined)
      throw new FailureError({ code: 'refused', detail: 'The server no longer has this tool.' });
    return JSON.parse(found) as ToolDefinition;
  }

  private async listTools(signal: AbortSignal): Promise<Listing<'tools'>> {
    const definitions = new Map<string, string>();
    let left = MAX_DEFINITION_CHARS;
    const listing = await this.readAll<'tools'>(
      'tools',
      {
        method: ClientMethods.toolsList,
        property: 'tools',
        identity: (tool) => tool.name,
        read: (raw) => {
          const tool = readTool(raw);
          if (!tool.ok) return tool;
          const { name } = tool.value;
          if (!definitions.has(name)) {
            const json = JSON.stringify(tool.value);
            if (json.length > left) return err('has schemas that are too large to keep');
            left -= json.length;
            definitions.set(name, json);
          }
          // The schemas of a long list are not held while its other pages are read.
          return ok(summarize(tool.value));
        },
      },
      signal,
    );
    this.definitions = definitions;
    return listing;
  }

  private async readAll<K extends ListKind>(
    kind: K,
    source: ListSource<K>,
    signal: AbortSignal,
  ): Promise<Listing<K>> {
    const items: ListItems[K][] = [];
    const rejected: RejectedItem[] = [];
    const done = (cut?: string): Listing<K> => ({
      kind,
      items,
      rejected,
      ...(cut === undefined ? {} : { cut }),
    });
    if (!this.session.offers(source.method)) return done();
    const known = new Set<string>();
    const cursors = new Set<string>();
    const startedAt = this.clock.monotonic();
    let index = 0;
    let cursor: string | undefined;
    for (let page = 1; page <= MAX_PAGES; page++) {
      let result: JsonObject;
      try {
        result = await this.session.ask(source.method, cursor === undefined ? {} : { cursor }, signal);
      } catch (error) {
        if (page === 1 || signal.aborted) throw error;
        return done(`page ${page} could not be read: ${describeFailure(toFailure(error))}`);
      }
      const raw = own(result, source.property);
      if (!Array.isArray(raw)) {
        if (page === 1)
          throw new FailureError({ code: 'invalid-result', detail: `${source.property} is not a list` });
        return done(`page ${page} is not a list`);
      }
      for (const entry of raw as readonly JsonValue[]) {
        if (index >= MAX_ITEMS) return done(`more than ${MAX_ITEMS} entries`);
        const read = source.read(entry);
        if (!read.ok) rejected.push(reject(entry, index, read.error));
        else if (known.has(source.identity(read.value)))
          rejected.push(reject(entry, index, 'is listed twice'));
        else {
          known.add(source.identity(read.value));
          items.push(read.value);
        }
        index++;
      }
      // An empty string is a cursor like any other (PAGE1).
      cursor = ownString(result, 'nextCursor');
      if (cursor === undefined) return done();
      if (cursor.length > MAX_CURSOR) return done('a cursor that is too long');
      if (cursors.has(cursor)) return done('the server repeats a cursor');
      cursors.add(cursor);
      if (this.clock.monotonic() - startedAt > MAX_MS) return done(`not complete after ${MAX_MS / 1_000} s`);
    }
    return done(`more than ${MAX_PAGES} pages`);
  }
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

/** Characters of a rejected entry's name that are kept. */
const MAX_NAME = 200;

function reject(raw: JsonValue, index: number, reason: string): RejectedItem {
  const name =
    typeof raw === 'object' && raw !== null && !Array.isArray(raw)
      ? ownString(raw as JsonObject, 'name')
      : undefined;
  return { index, reason, ...(name === undefined ? {} : { name: cutText(name, MAX_NAME) }) };
}

function summarize(tool: ToolSummary): ToolSummary {
  const { name, title, description, annotations } = tool;
  return {
    name,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}
