/**
 * Reads one file of a skill and lets it through only when it is the one that the skill's entry describes (SEP-2640, integrity and
 * verification). The first file that is not ends the reading of its skill.
 */

import { isDeepStrictEqual } from 'node:util';

import { isObject, own, ownString, type JsonObject, type JsonValue } from '../base/json';
import { decodeBase64 } from '../protocol/base64';
import type { ReadResourceResult } from '../protocol/content';
import { invalidResult, refused } from '../protocol/failure';
import { ClientMethods } from '../protocol/methods';
import { readReadResourceResult, type KeepText } from '../protocol/readContent';
import { SKILL_FILE, skillPath, type SkillEntry, type SkillFile } from '../protocol/skills';
import { latePart } from '../transport/latePart';
import type { ReadSkillFileParams } from './contract';
import type { KeptSkills } from './keptSkills';
import type { CallOptions, ServerSession } from './serverSession';

/** Bytes of a SKILL.md, and of a file that no entry describes. */
const MAX_UNLISTED_BYTES = 1_048_576;

/** A file that must not be used, and why in our own words. */
class Tampered extends Error {
  override readonly name = 'Tampered';
}

/**
 * Reads and verifies one file: exactly one content comes back.
 * @throws FailureError `refused` for a file that is not the listed one, and for every other of its skill from then on.
 */
export async function readSkillFile(
  session: ServerSession,
  skills: KeptSkills,
  { uri: skillUri, path = SKILL_FILE }: ReadSkillFileParams,
  options: CallOptions,
  keep: KeepText,
): Promise<ReadResourceResult> {
  const skill = skills.get(skillUri);
  if (!skill) throw refused('The server no longer lists this skill.');
  if (skills.isBarred(skillUri)) throw refused(BARRED);
  const file = fileOf(skill, path);
  const result = await session.call(ClientMethods.resourcesRead, { uri: file.uri }, options);
  try {
    const content = contentOf(result, skill, path);
    await verify(content, skill, path, file.listed);
    // While this was on its way, another file of the skill may have turned out to be a different one.
    if (skills.isBarred(skillUri)) throw refused(BARRED);
    const read = readReadResourceResult({ contents: [content] }, keep);
    if (!read.ok) throw invalidResult(read.error);
    return read.value;
  } catch (error) {
    if (!(error instanceof Tampered)) throw error;
    skills.bar(skillUri);
    throw refused(`This file is not the one that the skill lists: ${error.message}. ${NOTHING_MORE}`);
  }
}

const NOTHING_MORE = 'Nothing of this skill is opened any more until its server lists it anew.';
const BARRED = `A file of this skill was not the one that it lists. ${NOTHING_MORE}`;

function fileOf(skill: SkillEntry, path: string): { readonly uri: string; readonly listed?: SkillFile } {
  if (skill.files === 'dynamic') {
    // What such a skill holds is known to nobody, so only what makes it a skill is asked for.
    if (path === SKILL_FILE) return { uri: skill.uri };
    throw refused('The server does not say which files this skill has.');
  }
  const listed = skill.files.find((file) => file.path === path);
  if (!listed) throw refused('The skill has no such file.');
  return { uri: listed.uri, listed };
}

/** The one content that is the file asked for, however its address is written. */
function contentOf(result: JsonObject, skill: SkillEntry, path: string): JsonObject {
  const contents = own(result, 'contents');
  const items: readonly JsonValue[] = Array.isArray(contents) ? contents : [];
  for (const item of items)
    if (isObject(item) && skillPath(skill.uri, ownString(item, 'uri') ?? '') === path) return item;
  throw invalidResult('the file that was asked for is not in it');
}

async function verify(
  content: JsonObject,
  skill: SkillEntry,
  path: string,
  listed: SkillFile | undefined,
): Promise<void> {
  const text = ownString(content, 'text');
  const bytes =
    text === undefined ? decodeBase64(ownString(content, 'blob') ?? '*') : Buffer.from(text, 'utf8');
  if (!bytes) throw new Tampered('it is neither text nor base64');
  if (listed) {
    if (bytes.length !== listed.size)
      throw new Tampered(`it has ${bytes.length} bytes instead of ${listed.size}`);
    // What it takes to load is only spent where there are skills.
    const { createHash } = await import('node:crypto');
    if (createHash('sha256').update(bytes).digest('hex') !== listed.sha256)
      throw new Tampered('its SHA-256 is another one');
  }
  if (path !== SKILL_FILE) return;
  if (bytes.length > MAX_UNLISTED_BYTES) throw refused(`A ${SKILL_FILE} of more than 1 MB is not opened.`);
  await verifyFrontmatter(text ?? decodeText(bytes), skill);
}

/** Every field, both ways, without any conversion. What cannot be read cannot be compared either, which says nothing against the file. */
async function verifyFrontmatter(markdown: string, { frontmatter }: SkillEntry): Promise<void> {
  const { readFrontmatter } = await latePart(() => import('../protocol/frontmatter'));
  const read = readFrontmatter(markdown);
  if (!read.ok) throw refused(`The frontmatter of this ${SKILL_FILE} cannot be read: ${read.error}.`);
  const keys = new Set([...Object.keys(frontmatter), ...Object.keys(read.value)]);
  const differing = [...keys].filter(
    (key) => !isDeepStrictEqual(own(frontmatter, key), own(read.value, key)),
  );
  if (differing.length > 0)
    throw new Tampered(`${differing.length} of the fields in its frontmatter differ from the list`);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused(`This ${SKILL_FILE} is no UTF-8 text.`);
  }
}
