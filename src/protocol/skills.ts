/**
 * Skills (extension `io.modelcontextprotocol/skills`, SEP-2640) as servers list them: what an entry says, and which files belong to it.
 * An entry that breaks a rule is refused as a whole, because everything a person trusts in a skill hangs on it.
 */

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { err, ok, type Result } from '../base/result';
import { jsonChars } from './jsonSize';
import type { SkillSummary } from './model';

/** The file that makes a folder a skill. */
export const SKILL_FILE = 'SKILL.md';

/** What every host must take (SEP-2640); servers should not publish more, and more is refused. */
const MAX_FILES = 512;
const MAX_BYTES = 16_777_216;
const MAX_URI = 8_192;
const MAX_NAME = 64;
const MAX_DESCRIPTION = 1_024;
const FRONTMATTER_BOUNDS = { chars: 65_536, containers: 1_000 };
const DOT_SEGMENT = /[/\\](?:\.|%2e){1,2}(?:[/\\?#]|$)/i;

/** One file of a skill, and how it is recognised. */
export interface SkillFile {
  /** Below the skill's folder, decoded: `references/forms.md`. */
  readonly path: string;
  /** As the server wrote it, which is how it is asked for. */
  readonly uri: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 in lowercase hex. */
  readonly sha256: string;
}

/** One entry of `skills/list`. */
export interface SkillEntry {
  /** Address of its SKILL.md. */
  readonly uri: string;
  readonly name: string;
  readonly description: string;
  readonly frontmatter: JsonObject;
  /** `dynamic`: the server makes up the files as they are asked for, so nothing can be verified but the frontmatter. */
  readonly files: readonly SkillFile[] | 'dynamic';
}

/** Reads one entry, or says what is wrong with it. */
export function readSkill(raw: JsonValue): Result<SkillEntry, string> {
  if (!isObject(raw)) return err('is not an object');
  const uri = ownString(raw, 'uri');
  if (uri === undefined || uri.length > MAX_URI) return err('has no usable uri');
  const folder = skillFolder(uri);
  if (folder === undefined) return err(`has a uri that is no ${SKILL_FILE} in a folder with a name`);
  const frontmatter = own(raw, 'frontmatter');
  if (!isObject(frontmatter)) return err('has no frontmatter');
  if (jsonChars(frontmatter, FRONTMATTER_BOUNDS) === undefined) return err('has too large a frontmatter');
  const name = ownString(frontmatter, 'name') ?? '';
  if (name.length > MAX_NAME || !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))
    return err('has a name that is not 1 to 64 lowercase letters, digits and single hyphens');
  if (name !== lastSegment(folder)) return err('has a name that is not the one of its folder');
  const description = ownString(frontmatter, 'description') ?? '';
  if (
    description === '' ||
    description.length > 2 * MAX_DESCRIPTION ||
    [...description].length > MAX_DESCRIPTION
  )
    return err(`has no description of at most ${MAX_DESCRIPTION} characters`);
  const files = readFiles(own(raw, 'resources'), uri, folder);
  return files.ok ? ok({ uri, name, description, frontmatter, files: files.value }) : files;
}

/** A skill as lists hold it. */
export function summarizeSkill({ uri, name, description, files }: SkillEntry): SkillSummary {
  return {
    uri,
    name,
    description,
    files: files === 'dynamic' ? files : files.map(({ path, size }) => ({ path, size })),
  };
}

/**
 * Where below the skill's folder an address points to, decoded, however it is written; undefined when it is not in there.
 * @param skillUri address of the skill's SKILL.md.
 */
export function skillPath(skillUri: string, uri: string): string | undefined {
  const folder = skillFolder(skillUri);
  return folder === undefined ? undefined : pathIn(folder, uri);
}

function readFiles(
  raw: JsonValue | undefined,
  uri: string,
  folder: string,
): Result<SkillEntry['files'], string> {
  if (raw === 'dynamic') return ok(raw);
  if (!Array.isArray(raw)) return err('has no list of resources');
  const items: readonly JsonValue[] = raw;
  if (items.length > MAX_FILES) return err(`has more than ${MAX_FILES} files`);
  const files = new Map<string, SkillFile>();
  let bytes = 0;
  for (const item of items) {
    const file = readFile(item, folder);
    if (!file.ok) return file;
    if (files.has(file.value.path)) return err('lists a file twice');
    files.set(file.value.path, file.value);
    bytes += file.value.size;
    if (bytes > MAX_BYTES) return err(`has files of more than ${MAX_BYTES / 1_048_576} MB`);
  }
  const manifest = pathIn(folder, uri);
  if (manifest === undefined || !files.has(manifest)) return err(`does not list its own ${SKILL_FILE}`);
  return ok([...files.values()]);
}

function readFile(raw: JsonValue, folder: string): Result<SkillFile, string> {
  if (!isObject(raw)) return err('has a resource that is not an object');
  const uri = ownString(raw, 'uri') ?? '';
  const path = uri.length > MAX_URI ? undefined : pathIn(folder, uri);
  if (path === undefined) return err('lists a file outside of its folder');
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(ownString(raw, 'digest') ?? '')?.[1];
  if (sha256 === undefined) return err('lists a file without a SHA-256');
  const size = own(raw, 'size');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0)
    return err('lists a file without a size');
  return ok({ path, uri, size, sha256 });
}

/** Address of the folder, without a slash at its end. */
function skillFolder(skillUri: string): string | undefined {
  const url = parse(skillUri);
  const end = `/${SKILL_FILE}`;
  if (!url || url.search !== '' || url.hash !== '' || !url.href.endsWith(end)) return undefined;
  const folder = url.href.slice(0, -end.length);
  return folder.endsWith('/') || folder.endsWith(':') ? undefined : folder;
}

function lastSegment(folder: string): string {
  return decode(folder.slice(folder.lastIndexOf('/') + 1));
}

function pathIn(folder: string, uri: string): string | undefined {
  const url = parse(uri);
  if (!url || url.search !== '' || url.hash !== '' || !url.href.startsWith(`${folder}/`)) return undefined;
  const segments = url.href
    .slice(folder.length + 1)
    .split('/')
    .map(decode);
  const isPlain = (segment: string): boolean =>
    !['', '.', '..'].includes(segment) && !/[/\\\0]/.test(segment);
  return segments.every(isPlain) ? segments.join('/') : undefined;
}

/** An address with dot segments is none: they would be gone before it could be seen where they lead. */
function parse(uri: string): URL | undefined {
  if (DOT_SEGMENT.test(uri)) return undefined;
  try {
    return new URL(uri);
  } catch {
    // Not an address.
    return undefined;
  }
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Escapes that are no text stay as they are.
    return segment;
  }
}
