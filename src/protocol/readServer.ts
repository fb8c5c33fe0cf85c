/** Readers for what a server says of itself in either era. Tolerant: a malformed part counts as absent. */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { SERVER_INFO } from './codec';
import { cutText } from './cutText';
import { jsonChars } from './jsonSize';
import type { ConnectedServer, Implementation, ServerCapabilities } from './model';
import { TOO_LARGE } from './readExtras';
import type { Negotiated } from './revisions';
import { TASKS_EXTENSION } from './tasks';

/** Of skills, among a server's capabilities. */
const SKILLS_EXTENSION = 'io.modelcontextprotocol/skills';

const MAX_NAME = 200;
const MAX_INSTRUCTIONS = 65_536;
const MAX_DECLARED = { chars: 131_072, containers: 10_000 };
const MAX_VERSIONS = 100;

/** Reads `capabilities`. */
export function readCapabilities(raw: JsonValue | undefined): ServerCapabilities {
  const given = isObject(raw) ? raw : {};
  const tools = section(given, 'tools');
  const resources = section(given, 'resources');
  const prompts = section(given, 'prompts');
  const tasks = section(given, 'tasks');
  const extensions = section(given, 'extensions') ?? {};
  return {
    ...(tools ? { tools: { listChanged: own(tools, 'listChanged') === true } } : {}),
    ...(resources
      ? {
          resources: {
            listChanged: own(resources, 'listChanged') === true,
            subscribe: own(resources, 'subscribe') === true,
          },
        }
      : {}),
    ...(prompts ? { prompts: { listChanged: own(prompts, 'listChanged') === true } } : {}),
    completions: section(given, 'completions') !== undefined,
    logging: section(given, 'logging') !== undefined,
    ...(tasks ? { tasks: readTasks(tasks) } : {}),
    ...(section(extensions, TASKS_EXTENSION) ? { taskExtension: true } : {}),
    ...(section(extensions, SKILLS_EXTENSION) ? { skills: true } : {}),
  };
}

/** Reads a `serverInfo` object; names are cut at 200 characters. */
function readImplementation(raw: JsonValue | undefined): Implementation {
  const given = isObject(raw) ? raw : {};
  const title = ownString(given, 'title');
  return {
    name: cutText(ownString(given, 'name') ?? 'unnamed', MAX_NAME),
    ...(title === undefined ? {} : { title: cutText(title, MAX_NAME) }),
    version: cutText(ownString(given, 'version') ?? '', MAX_NAME),
  };
}

/** The result of `initialize`, after its version was accepted. */
export function readInitializeResult(raw: JsonObject, negotiated: Negotiated): ConnectedServer {
  return readConnected(raw, own(raw, 'serverInfo'), negotiated);
}

/** The result of `server/discover`, after a version was chosen. */
export function readDiscoverResult(raw: JsonObject, negotiated: Negotiated): ConnectedServer {
  const meta = own(raw, '_meta');
  return readConnected(raw, isObject(meta) ? own(meta, SERVER_INFO) : undefined, negotiated);
}

/** `supportedVersions` of a discover result, or undefined when this is no discover result. */
export function readSupportedVersions(raw: JsonValue | undefined): readonly string[] | undefined {
  const given = isObject(raw) ? own(raw, 'supportedVersions') : undefined;
  return readStrings(given);
}

/** A list of strings, bounded; undefined when it is not a list. */
export function readStrings(given: JsonValue | undefined): readonly string[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const items: readonly JsonValue[] = given;
  return items
    .slice(0, MAX_VERSIONS)
    .filter((item): item is string => typeof item === 'string')
    .map((item) => cutText(item, MAX_NAME));
}

function readConnected(
  raw: JsonObject,
  info: JsonValue | undefined,
  negotiated: Negotiated,
): ConnectedServer {
  return {
    negotiated,
    info: readImplementation(info),
    capabilities: readCapabilities(own(raw, 'capabilities')),
    declared: declaredText(raw),
  };
}

/** Instructions may be long, and are the server's hint to a model: of these the beginning is kept, of the rest all or nothing. */
function declaredText(raw: JsonObject): string {
  const instructions = ownString(raw, 'instructions');
  const kept: JsonObject = {
    ...raw,
    ...(instructions === undefined ? {} : { instructions: cutText(instructions, MAX_INSTRUCTIONS) }),
  };
  return JSON.stringify(jsonChars(kept, MAX_DECLARED) === undefined ? TOO_LARGE : kept);
}

function readTasks(tasks: JsonObject): { toolCalls: boolean; cancel: boolean } {
  const tools = section(section(tasks, 'requests') ?? {}, 'tools') ?? {};
  return {
    toolCalls: section(tools, 'call') !== undefined,
    cancel: section(tasks, 'cancel') !== undefined,
  };
}

/** A capability is present when it is an object, whatever is in it. */
function section(given: JsonObject, key: string): JsonObject | undefined {
  const found = own(given, key);
  return isObject(found) ? found : undefined;
}
